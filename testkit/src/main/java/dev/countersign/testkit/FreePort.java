package dev.countersign.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback TCP port that nobody listened on a moment ago, for processes that must be told their port. It is none of those
 * that systems give to outgoing connections, or one of these could take it before the process does.
 */
public record FreePort(int number) {
  private static final int FROM = 12_000;

  /** Where Linux begins with ports for outgoing connections; other systems and RFC 6335 begin further up. */
  private static final int TO = 32_768;

  private static final int TRIES = 50;

  public static FreePort find() {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      int number = ThreadLocalRandom.current().nextInt(FROM, TO);
      try (var _ = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
        return new FreePort(number);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException(
        "no free port on the loopback interface", last == null ? new IOException() : last);
  }
}
