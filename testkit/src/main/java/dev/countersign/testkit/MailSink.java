package dev.countersign.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A mail host on this machine that takes every mail and delivers none: real SMTP (RFC 5321) on a loopback port, as far as
 * a client needs it that has something to send. Keeps the newest {@value #MOST}. Thread-safe.
 */
public final class MailSink implements AutoCloseable {
  private static final int MOST = 1_000;
  private static final int LONGEST_MAIL = 1 << 20;

  private final ServerSocket door;
  private final InstantSource clock;
  private final List<Taken> mails = new CopyOnWriteArrayList<>();

  /** A mail as taken; {@code source} is its text as sent (RFC 5322). */
  public record Taken(Instant at, List<String> to, String source) {}

  private MailSink(ServerSocket door, InstantSource clock) {
    this.door = door;
    this.clock = clock;
  }

  /** Listens on a free port. */
  public static MailSink open(InstantSource clock) {
    try {
      var sink = new MailSink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), clock);
      Thread.ofPlatform().daemon().name("mail-sink").start(sink::listen);
      return sink;
    } catch (IOException e) {
      throw new UncheckedIOException("no port for mail", e);
    }
  }

  public int port() {
    return door.getLocalPort();
  }

  /** What was taken so far, oldest first. */
  public List<Taken> mails() {
    return List.copyOf(mails);
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        var caller = door.accept();
        Thread.ofVirtual().start(() -> talk(caller));
      } catch (IOException _) {
        return; // Closed.
      }
    }
  }

  private void talk(Socket caller) {
    try (caller;
        var in =
            new BufferedReader(
                new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8))) {
      caller.setSoTimeout(60_000);
      say(caller, "220 mail sink");
      List<String> to = new ArrayList<>();
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var command = line.toUpperCase(Locale.ROOT);
        if (command.startsWith("EHLO")) {
          say(caller, "250-mail sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE " + LONGEST_MAIL);
        } else if (command.startsWith("RCPT TO:")) {
          to.add(line.substring(8).replaceAll("^\\s*<|>.*$", ""));
          say(caller, "250 OK");
        } else if (command.equals("DATA")) {
          say(caller, "354 go ahead");
          take(List.copyOf(to), text(in));
          to.clear();
          say(caller, "250 OK");
        } else if (command.equals("QUIT")) {
          say(caller, "221 bye");
          return;
        } else if (command.startsWith("HELO")
            || command.startsWith("MAIL FROM:")
            || command.equals("NOOP")
            || command.equals("RSET")) {
          say(caller, "250 OK");
        } else {
          say(caller, "502 not understood here");
        }
      }
    } catch (IOException _) {
      // Whoever called hung up: a mail host does not mind.
    }
  }

  private static String text(BufferedReader in) throws IOException {
    var text = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      // A dot at the start of a line was doubled on the way (RFC 5321 section 4.5.2).
      text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
      if (text.length() > LONGEST_MAIL) {
        throw new IOException("too long a mail");
      }
    }
    return text.toString();
  }

  private static void say(Socket caller, String line) throws IOException {
    caller.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    caller.getOutputStream().flush();
  }

  private synchronized void take(List<String> to, String source) {
    mails.add(new Taken(clock.instant(), to, source));
    while (mails.size() > MOST) {
      mails.removeFirst();
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
