package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Trust;
import dev.countersign.web.Route;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route and every error, asked for bluntly, over HTTP and HTTPS: what the answers wear. */
class SweepTest {
  private final Stage stage = Stage.on(Stage.Engine.EMBEDDED);

  /** One answer: cookies apart, since there may be several. */
  private record Heard(Wire.Answer answer, List<String> cookies) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void IN_11_every_route_wears_its_headers(boolean secure) throws IOException {
    var routes = stage.wiring().web.router.routes();
    assertThat(routes).hasSizeGreaterThan(40);

    for (var route : routes) {
      var heard = ask(secure, request(route.method().name(), path(route), secure));
      var what = route.method() + " " + route.path() + " " + heard;

      Headers.check(heard.answer());
      assertThat(heard.answer().status()).as(what).isLessThan(500);
      assertThat(heard.answer().headers())
          .as(what)
          .doesNotContainKeys("access-control-allow-origin", "x-powered-by", "server");
      assertThat(heard.answer().header("cross-origin-opener-policy"))
          .as(what)
          .isIn("same-origin", "unsafe-none");
      assertThat(heard.cookies())
          .as(what)
          .allSatisfy(cookie ->
              assertThat(cookie)
                  .contains("; Path=/; HttpOnly")
                  .contains("SameSite=")
                  .doesNotContain("Domain")
                  .matches(it ->
                      it.startsWith("__Host-") == secure && it.contains("; Secure") == secure));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, GET /nowhere",
    "405, DELETE /account",
    "405, TRACE /account",
    "405, BREW /account",
    "400, GET /%00",
    "400, GET /a/../b%2e%2e/%2e%2e",
    "400, GET //account",
    "404, GET /account;x=1",
    "405, POST /.well-known/openid-configuration"
  })
  void IN_11_errors_wear_them_too(int status, String line) throws IOException {
    for (boolean secure : List.of(false, true)) {
      var words = line.split(" ", 2);
      var heard = ask(secure, request(words[0], words[1], secure));

      assertThat(heard.answer().status()).as("%s", heard).isEqualTo(status);
      Headers.check(heard.answer());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, nobody.localhost, ''",
    "431, localhost, X-Long: 20000",
    "413, localhost, Content-Length: 99999999"
  })
  void IN_11_what_is_refused_before_it_is_read_wears_them_too(
      int status, String host, String header) throws IOException {
    var sent =
        header.startsWith("X-Long")
            ? "X-Long: " + "x".repeat(20_000)
            : header.isEmpty() ? "X-Short: x" : header;
    for (boolean secure : List.of(false, true)) {
      var heard =
          ask(
              secure,
              "POST /account HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nConnection: close\r\n"
                  + sent
                  + "\r\n\r\n");

      assertThat(heard.answer().status()).as("%s", heard).isEqualTo(status);
      Headers.check(heard.answer());
    }
  }

  private static String path(Route route) {
    return route.path().replaceAll("\\{[^}]*}", "x");
  }

  private static String request(String method, String path, boolean secure) {
    var body =
        method.equals("POST") || method.equals("PUT") || method.equals("PATCH")
            ? "Content-Length: 0\r\n"
            : "";
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/html\r\n"
        + "Origin: http"
        + (secure ? "s" : "")
        + "://evil.test\r\n"
        + body
        + "\r\n";
  }

  private Heard ask(boolean secure, String request) throws IOException {
    int port = URI.create(stage.origin("any", secure)).getPort();
    try (var socket =
        secure
            ? Trust.in(stage.authority()).createSocket("localhost", port)
            : new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (SocketException refusedBeforeItsEnd) {
        // The server may have answered and hung up while this was still speaking; its answer is
        // there.
      }
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      int status = Integer.parseInt(in.readLine().split(" ", 3)[1]);
      Map<String, String> headers = new TreeMap<>();
      var cookies = new ArrayList<String>();
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        var parts = line.split(":", 2);
        var name = parts[0].toLowerCase(Locale.ROOT);
        headers.put(name, parts[1].strip());
        if (name.equals("set-cookie")) {
          cookies.add(parts[1].strip());
        }
      }
      var path = request.split(" ", 3)[1].replaceAll("[^a-zA-Z0-9/._-]", "_");
      return new Heard(
          new Wire.Answer(
              URI.create((secure ? "https" : "http") + "://localhost" + path),
              status,
              "Document",
              headers,
              0),
          cookies);
    }
  }
}
