package dev.countersign.testkit.demo;

import dev.countersign.testkit.Trust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * What stands before the server on one of the demo's public ports, as a proxy does: it passes everything on and says in
 * {@code X-Forwarded-For} where the browser pretends to be. Each connection carries one request, whose head alone is read.
 */
final class Front implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 * 1024;

  /** Of one hop (RFC 9110 section 7.6.1), or ours to say. */
  private static final Set<String> LEFT_OUT =
      Set.of("connection", "keep-alive", "upgrade", "http2-settings", "x-forwarded-for");

  private final ServerSocket door;
  private final SocketFactory lane;
  private final int server;
  private final Travel travel;

  private Front(ServerSocket door, SocketFactory lane, int server, Travel travel) {
    this.door = door;
    this.lane = lane;
    this.server = server;
    this.travel = travel;
  }

  /**
   * Opens for HTTP.
   *
   * @param port where browsers come
   * @param server the port where the server listens
   */
  static Front open(int port, int server, Travel travel) {
    return open(ServerSocketFactory.getDefault(), port, SocketFactory.getDefault(), server, travel);
  }

  /**
   * Opens for HTTPS, with the server's own certificate.
   *
   * @param port where browsers come
   * @param server the port where the server listens
   * @param ca the certificate of the authority that vouches for it
   */
  static Front secured(int port, int server, SSLContext tls, Path ca, Travel travel) {
    return open(tls.getServerSocketFactory(), port, Trust.in(ca), server, travel);
  }

  private static Front open(
      ServerSocketFactory doors, int port, SocketFactory lane, int server, Travel travel) {
    try {
      var door = doors.createServerSocket(port, 100, InetAddress.getLoopbackAddress());
      var front = new Front(door, lane, server, travel);
      Thread.ofVirtual().start(front::welcome);
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " is not free", e);
    }
  }

  private void welcome() {
    while (!door.isClosed()) {
      try {
        var browser = door.accept();
        Thread.ofVirtual().start(() -> serve(browser));
      } catch (IOException _) {
        // It was closed, or whoever came is gone again.
      }
    }
  }

  private void serve(Socket browser) {
    try (browser) {
      var in = new BufferedInputStream(browser.getInputStream());
      var head = Head.read(in);
      if (head.target().startsWith(Travel.PATH)) {
        browser
            .getOutputStream()
            .write(travel.answer(head.target(), head.value("host"), head.value("cookie")));
      } else {
        relay(in, browser.getOutputStream(), head);
      }
    } catch (IOException _) {
      // One of the two has hung up; the other notices by itself.
    }
  }

  private void relay(InputStream browser, OutputStream answer, Head head) throws IOException {
    try (var behind = lane.createSocket(InetAddress.getLoopbackAddress(), server)) {
      behind
          .getOutputStream()
          .write(head.passedOn(Whereabouts.ofCookies(head.value("cookie")).address));
      Thread.ofVirtual()
          .start(() -> {
            try {
              pump(browser, behind.getOutputStream());
            } catch (IOException _) {
              // The answer is complete, or nobody waits for it any more.
            }
          });
      pump(behind.getInputStream(), answer);
    }
  }

  private static void pump(InputStream from, OutputStream to) throws IOException {
    var buffer = new byte[16 * 1024];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      to.write(buffer, 0, n);
      to.flush();
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

  /** The first lines of a request, up to the empty one. */
  private record Head(List<String> lines) {
    static Head read(InputStream in) throws IOException {
      var bytes = new ByteArrayOutputStream();
      int ending = 0;
      while (ending < 4) {
        int next = in.read();
        if (next < 0 || bytes.size() > LONGEST_HEAD) {
          throw new IOException("no request");
        }
        bytes.write(next);
        ending = next == "\r\n\r\n".charAt(ending) ? ending + 1 : next == '\r' ? 1 : 0;
      }
      return new Head(
          bytes.toString(StandardCharsets.ISO_8859_1).lines().filter(it -> !it.isEmpty()).toList());
    }

    String target() {
      var words = lines.getFirst().split(" ", -1);
      return words.length > 1 ? words[1] : "";
    }

    String value(String name) {
      return lines.stream()
          .filter(it -> name(it).equals(name))
          .map(it -> it.substring(it.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    }

    private static String name(String line) {
      return line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
    }

    byte[] passedOn(String address) {
      var out = new ArrayList<String>();
      out.add(lines.getFirst());
      lines.stream().skip(1).filter(it -> !LEFT_OUT.contains(name(it))).forEach(out::add);
      out.add("X-Forwarded-For: " + address);
      out.add("Connection: close");
      return (String.join("\r\n", out) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
