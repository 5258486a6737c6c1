package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import dev.countersign.web.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are too much, or not what a route is for. */
class HeavyRequestsTest {
  private static final int MEGABYTE = 1 << 20;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Stage stage = Stage.on(Stage.Engine.EMBEDDED);

  /** An answer, and how much was sent before it came. */
  private record Heard(int status, String head, long sent) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String head(String line, String... headers) {
    var head =
        new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private Heard ask(String head, byte[] body) throws IOException {
    return ask(head, i -> i == 0 ? body : new byte[0]);
  }

  /** Sends piece after piece, an empty one being the last, until there is an answer. */
  private Heard ask(String head, IntFunction<byte[]> pieces) throws IOException {
    int port = URI.create(stage.origin("any", false)).getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      long sent = 0;
      try {
        out.write(bytes(head));
        for (int i = 0; in.available() == 0; i++) {
          var piece = pieces.apply(i);
          if (piece.length == 0) {
            break;
          }
          out.write(piece);
          sent += piece.length;
        }
        out.flush();
      } catch (IOException _) {
        // It has heard enough and hangs up; what it said is still to be read.
      }
      var answer = read(in);
      return new Heard(Integer.parseInt(answer.split(" ", 3)[1]), answer, sent);
    }
  }

  private static String read(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    for (int b = in.read();
        b >= 0 && !head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
        b = in.read()) {
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] chunk(byte[] content) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(bytes(Integer.toHexString(content.length) + "\r\n"));
    out.writeBytes(content);
    out.writeBytes(bytes("\r\n"));
    return out.toByteArray();
  }

  private Heard elevenMegabytesAnnounced() throws IOException {
    return ask(
        head("POST /oauth/token", "Content-Type: " + FORM, "Content-Length: " + 11 * MEGABYTE),
        new byte[0]);
  }

  private Heard elevenMegabytesInChunks() throws IOException {
    var piece = chunk(new byte[64 * 1024]);
    return ask(
        head("POST /oauth/token", "Content-Type: " + FORM, "Transfer-Encoding: chunked"),
        i -> i < 11 * 16 ? piece : new byte[0]);
  }

  private Heard chunksOfOneByte(int many) throws IOException {
    var thousand = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000; i++) {
      thousand.writeBytes(chunk(bytes("a")));
    }
    return ask(
        head("POST /oauth/token", "Content-Type: " + FORM, "Transfer-Encoding: chunked"),
        i ->
            i < many / 1_000
                ? thousand.toByteArray()
                : i == many / 1_000 ? bytes("0\r\n\r\n") : new byte[0]);
  }

  private Heard manyParameters() throws IOException {
    var body = bytes("a=1&".repeat(100_000));
    return ask(
        head("POST /oauth/token", "Content-Type: " + FORM, "Content-Length: " + body.length), body);
  }

  private Heard cookies(String each) throws IOException {
    var line = new StringBuilder("Cookie: ");
    for (int i = 0; i < 1_000; i++) {
      line.append('c').append(i).append('=').append(each).append("; ");
    }
    return ask(head("GET /account", line.append("z=z").toString()), new byte[0]);
  }

  @Test
  void IN_01_what_is_too_much_is_refused_before_it_is_taken_in() throws IOException {
    assertThat(elevenMegabytesAnnounced().status()).isEqualTo(413);
    var chunked = elevenMegabytesInChunks();
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.sent()).as("bytes until it was refused").isLessThan(8L * MEGABYTE);
    assertThat(chunksOfOneByte(2 * MEGABYTE).status()).isEqualTo(413);
    assertThat(manyParameters().status()).isEqualTo(400);
    assertThat(ask(head("GET /account?" + "a=1&".repeat(100_000)), new byte[0]).status())
        .isIn(414, 431);
    assertThat(ask(head("GET /account", "X-Long: " + "x".repeat(100_000)), new byte[0]).status())
        .isEqualTo(431);
    assertThat(cookies("x".repeat(20)).status()).isEqualTo(431);
  }

  @Test
  void IN_01_what_is_odd_but_small_is_answered_like_anything_else() throws IOException {
    assertThat(cookies("x").status()).isIn(200, 303, 431);
    assertThat(chunksOfOneByte(3_000).status()).isIn(400, 401);
    assertThat(
            ask(head("POST /oauth/token", "Transfer-Encoding: chunked"), bytes("zz\r\nno\r\n"))
                .status())
        .isEqualTo(400);
    assertThat(
            ask(
                    head("POST /oauth/token", "Transfer-Encoding: chunked", "Content-Length: 3"),
                    bytes("0\r\n\r\n"))
                .status())
        .isEqualTo(400);
    assertThat(ask(head("POST /oauth/token", "Content-Length: -1"), new byte[0]).status())
        .isEqualTo(400);
  }

  @Test
  void IN_01_memory_stays_flat_under_all_of_it() throws IOException {
    all();
    long before = heap();
    for (int round = 0; round < 12; round++) {
      all();
    }

    assertThat(heap() - before).as("bytes of heap").isLessThan(12L * MEGABYTE);
  }

  private void all() throws IOException {
    elevenMegabytesAnnounced();
    elevenMegabytesInChunks();
    manyParameters();
    cookies("x".repeat(20));
    cookies("x");
  }

  private static long heap() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static String path(Route route) {
    return route.path().replaceAll("\\{[^}]*}", "x");
  }

  private boolean hasGet(String path) {
    return stage.wiring().web.router.routes().stream()
        .anyMatch(route ->
            route.method() == Method.GET
                && path.matches(route.path().replaceAll("\\{[^}]*}", "[^/]+")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "TRACE", "CONNECT", "PROPFIND", "get", "BREW"})
  void IN_08_no_other_method_reaches_what_changes_something(String method) throws IOException {
    int asked = 0;
    for (var route : stage.wiring().web.router.routes()) {
      var path = path(route);
      boolean safe = method.equals("GET") || method.equals("HEAD");
      if (route.method() == Method.GET || (safe && hasGet(path))) {
        continue;
      }
      var heard = ask(head(method + " " + path), new byte[0]);

      assertThat(heard.status()).as("%s %s", method, path).isIn(405, 400);
      if (heard.status() == 405) {
        assertThat(heard.head().toLowerCase(Locale.ROOT)).contains("\r\nallow: ");
      }
      assertThat(heard.status() == 400)
          .as("%s %s", method, path)
          .isEqualTo(method.equals("CONNECT"));
      asked++;
    }
    assertThat(asked).isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/xml",
        "Content-Type: multipart/form-data; boundary=x",
        "X-No: type",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip"
      })
  void IN_08_a_body_of_the_wrong_kind_is_not_looked_into(String header) throws IOException {
    var bomb = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 64; i++) {
        gzip.write(new byte[MEGABYTE]);
      }
    }
    int asked = 0;
    for (var route : stage.wiring().web.router.routes()) {
      if (route.method() != Method.POST
          || route.guard() instanceof Guard.Bearer
          || route.path().equals("/userinfo")) {
        continue; // These want a token in the header first, and the last of them reads no body at
        // all.
      }
      long before = System.nanoTime();
      var heard =
          ask(
              head(
                  "POST " + path(route),
                  header,
                  "Cookie: cs_browser=x",
                  "Content-Length: " + bomb.size()),
              bomb.toByteArray());

      assertThat(heard.status()).as("%s %s", route.path(), header).isEqualTo(415);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
      asked++;
    }
    assertThat(asked).isGreaterThan(10);
  }
}
