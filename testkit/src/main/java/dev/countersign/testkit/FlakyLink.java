package dev.countersign.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between a server and its database that can be cut, or go silent, and be mended again. Thread-safe. */
public final class FlakyLink implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile State state = State.SOUND;

  private enum State {
    SOUND,
    CUT,
    SILENT
  }

  private FlakyLink(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  /** A sound line to a port of this machine. */
  static FlakyLink to(int port) {
    try {
      var link = new FlakyLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
      Thread.ofPlatform().daemon().name("link").start(link::listen);
      return link;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return door.getLocalPort();
  }

  /** Breaks what is connected, and lets nobody connect. */
  public void cut() {
    state = State.CUT;
    open.forEach(FlakyLink::drop);
  }

  /** Lets connections live and carries nothing over them. */
  public void silence() {
    state = State.SILENT;
  }

  /** As new; what was connected while it was silent is broken. */
  public void mend() {
    open.forEach(FlakyLink::drop);
    state = State.SOUND;
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        var caller = door.accept();
        if (state == State.CUT) {
          drop(caller);
        } else {
          Thread.ofPlatform().daemon().start(() -> join(caller));
        }
      } catch (IOException _) {
        return; // Closed.
      }
    }
  }

  private void join(Socket caller) {
    open.add(caller);
    try (caller;
        var answerer = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(answerer);
      var back = Thread.ofPlatform().daemon().start(() -> carry(answerer, caller));
      carry(caller, answerer);
      drop(answerer);
      back.join();
      open.remove(answerer);
    } catch (IOException _) {
      // One end is gone; so is the other now.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(caller);
    }
  }

  private void carry(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[8_192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (state == State.SOUND) { // Else what was said is lost, as on a line that went silent.
          out.write(buffer, 0, n);
          out.flush();
        }
      }
    } catch (IOException _) {
      // Dropped.
    }
  }

  private static void drop(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() {
    cut();
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
