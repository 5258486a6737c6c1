package dev.countersign.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.config.Cidr;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be called, and what comes of calling it. */
class OutboundTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpServer server = server();
  private final Outbound strict = new Outbound(List.of());
  private final Outbound allowing = new Outbound(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));

  private static HttpServer server() {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/well",
          it -> {
            it.sendResponseHeaders(200, 2);
            it.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
            it.close();
          });
      server.createContext(
          "/away",
          it -> {
            it.getResponseHeaders().set("Location", "/well");
            it.sendResponseHeaders(307, -1);
            it.close();
          });
      server.createContext(
          "/large",
          it -> {
            it.sendResponseHeaders(200, 0);
            it.getResponseBody().write(new byte[100_000]);
            it.close();
          });
      server.createContext(
          "/drips",
          it -> {
            it.sendResponseHeaders(200, 10);
            it.getResponseBody().write(1);
            it.getResponseBody().flush();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    server.stop(0);
    strict.close();
    allowing.close();
  }

  private Outcome call(Outbound outbound, String path) {
    return outbound.send(
        Call.form(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), Map.of()),
        PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001::1"
      })
  void private_and_reserved_addresses_are_not_the_worlds(String address) throws IOException {
    assertThat(Outbound.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "100.128.0.1", "2606:4700:4700::1111"})
  void others_are(String address) throws IOException {
    assertThat(Outbound.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/",
        "https://10.0.0.1/",
        "https://[fc00::1]/",
        "https://localhost/",
        "https://localhost./",
        "https://user@example.com/",
        "http://1.1.1.1/",
        "https://1.1.1.1:22/",
        "https://1.1.1.1:25/",
        "file:/etc/passwd",
        "gopher://1.1.1.1/"
      })
  void CUST_01_what_may_not_be_kept_is_not_called_either(String url) {
    assertThat(strict.mayName(URI.create(url))).isFalse();
    assertThat(strict.send(Call.json(URI.create(url), "{}"), PATIENCE))
        .isInstanceOf(Outcome.Unanswered.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://1.1.1.1/", "https://hooks.nowhere.example/x?y", "https://1.1.1.1:8443/"})
  void what_is_the_worlds_or_may_be_may_be_kept(String url) {
    assertThat(strict.mayName(URI.create(url))).isTrue();
  }

  @Test
  void an_operator_may_allow_what_is_near() {
    assertThat(allowing.mayName(URI.create("http://127.0.0.1:8080/"))).isTrue();
    assertThat(allowing.mayName(URI.create("http://127.0.0.1:22/"))).isFalse();
    assertThat(allowing.mayName(URI.create("https://10.0.0.1/"))).isFalse();
  }

  @Test
  void a_private_address_is_called_only_where_the_operator_allows_it() {
    assertThat(call(strict, "/well")).isEqualTo(new Outcome.Unanswered(Outcome.Why.NOT_ALLOWED));
    assertThat(call(allowing, "/well"))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, it -> assertThat(it.text()).isEqualTo("ok"));
  }

  @Test
  void nobody_is_sent_elsewhere() {
    assertThat(call(allowing, "/away"))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, it -> assertThat(it.status()).isEqualTo(307));
  }

  @Test
  void an_answer_without_end_in_size_or_time_is_cut_off() {
    assertThat(call(allowing, "/large")).isEqualTo(new Outcome.Unanswered(Outcome.Why.TOO_LARGE));
    assertThat(call(allowing, "/drips")).isEqualTo(new Outcome.Unanswered(Outcome.Why.TOO_SLOW));
  }

  @Test
  void nobody_there_is_told_as_such() throws IOException {
    int closed;
    try (var door = new ServerSocket(0)) {
      closed = door.getLocalPort();
    }

    assertThat(
            allowing.send(
                Call.form(URI.create("http://127.0.0.1:" + closed + "/"), Map.of()), PATIENCE))
        .isEqualTo(new Outcome.Unanswered(Outcome.Why.NO_CONNECTION));
  }

  /**
   * Keeps each connection for a second request and closes it when that comes, as servers do whose patience ends just then.
   * Tells what came of each call.
   */
  private static List<String> callsTo(Function<Integer, Call> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var outbound = new Outbound(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()))) {
      threads.submit(() -> {
        while (true) {
          try (var kept = server.accept()) {
            var in = new BufferedReader(new InputStreamReader(kept.getInputStream(), UTF_8));
            while (!in.readLine().isEmpty()) {
              // To the end of the headers; the body is empty.
            }
            kept.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
            in.readLine();
          }
        }
      });
      List<String> outcomes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        outcomes.add(outbound.send(calls.apply(server.getLocalPort()), PATIENCE).toString());
      }
      return outcomes;
    }
  }

  @Test
  void a_call_that_has_a_name_is_sent_once_more_when_its_connection_had_come_to_its_end()
      throws Exception {
    assertThat(
            callsTo(port ->
                Call.json(URI.create("http://127.0.0.1:" + port + "/"), "")
                    .with(Call.IDEMPOTENCY_KEY, "one")))
        .containsOnly("Answered[204]");
  }

  @Test
  void one_without_a_name_is_not_for_it_may_have_been_heard() throws Exception {
    assertThat(callsTo(port -> Call.json(URI.create("http://127.0.0.1:" + port + "/"), "")))
        .contains("Unanswered[why=BROKEN_OFF]");
  }
}
