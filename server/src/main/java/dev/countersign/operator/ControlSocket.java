package dev.countersign.operator;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A socket in the data folder by which commands reach the server that holds the embedded database open. Who may use it is
 * decided by the file system: the folder and the socket belong to the server's user alone.
 *
 * <p>The client sends one argument a line and an empty line; the server sends {@code "> line"} for each line of the result,
 * {@code "! line"} for each remark, and at last {@code "= status"}.
 */
public final class ControlSocket implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ControlSocket.class.getName());
  private static final String NAME = "control.sock";
  private static final int MOST_ARGUMENTS = 100;

  private final Path file;
  private final ServerSocketChannel channel;
  private final Commands commands;

  /** Does what the arguments say and returns the exit status. */
  @FunctionalInterface
  public interface Commands {
    int run(List<String> arguments, Answer answer);
  }

  private ControlSocket(Path file, ServerSocketChannel channel, Commands commands) {
    this.file = file;
    this.channel = channel;
    this.commands = commands;
  }

  /**
   * Starts to answer. A socket left behind by a server that was killed is replaced.
   *
   * @throws IOException also when the folder's path is longer than the system allows for sockets (about 100 characters)
   */
  public static ControlSocket open(Path folder, Commands commands) throws IOException {
    Path file = folder.resolve(NAME);
    Files.deleteIfExists(file);
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    var socket = new ControlSocket(file, channel, commands);
    Thread.ofPlatform().daemon().name("control").start(socket::accept);
    return socket;
  }

  /** Sends a command to the server that runs on this folder; empty when none does. */
  public static Optional<Integer> send(Path folder, List<String> arguments, Answer answer)
      throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SocketChannel channel;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
    } catch (IOException _) {
      return Optional.empty(); // The socket of a server that was killed: nobody listens.
    }
    try (channel;
        var in = reader(channel);
        var out = writer(channel)) {
      for (String argument : arguments) {
        if (argument.isEmpty() || argument.indexOf('\n') >= 0) {
          throw new IllegalArgumentException("an argument must be one line");
        }
        out.write(argument + "\n");
      }
      out.write("\n");
      out.flush();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("= ")) {
          return Optional.of(Integer.parseInt(line.substring(2)));
        }
        if (line.startsWith("> ")) {
          answer.say(line.substring(2));
        } else {
          answer.tell(line.substring(2));
        }
      }
      throw new IOException("the server ended before it answered");
    }
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        SocketChannel client = channel.accept();
        Thread.ofVirtual().name("control-command").start(() -> answer(client));
      } catch (ClosedChannelException _) {
        return; // We are stopping.
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the control socket failed", e);
        return;
      }
    }
  }

  private void answer(SocketChannel client) {
    try (client;
        var in = reader(client);
        var out = writer(client)) {
      List<String> arguments = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (arguments.size() == MOST_ARGUMENTS) {
          return;
        }
        arguments.add(line);
      }
      var sender = new Sender(out);
      int status = commands.run(arguments, sender);
      sender.send("= " + status);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a command's client went away", e);
    }
  }

  /** Sends lines as long as the client listens; the command runs to its end in any case. */
  private static final class Sender implements Answer {
    private final BufferedWriter out;
    private boolean gone;

    Sender(BufferedWriter out) {
      this.out = out;
    }

    @Override
    public void say(String line) {
      send("> " + line);
    }

    @Override
    public void tell(String line) {
      send("! " + line);
    }

    void send(String line) {
      if (gone) {
        return;
      }
      try {
        out.write(line.replace('\n', ' ') + "\n");
        out.flush();
      } catch (IOException _) {
        gone = true;
      }
    }
  }

  private static BufferedReader reader(SocketChannel channel) {
    return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  private static BufferedWriter writer(SocketChannel channel) {
    return new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
