package dev.countersign.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.metrics.ServerMeters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OperatorServerTest {
  private final AtomicBoolean database = new AtomicBoolean(true);
  private final Health health =
      new Health(
          List.of(
              new Health.Check("database", database::get), new Health.Check("keys", () -> true)));

  @Test
  void a_server_whose_checks_pass_is_ready_and_one_that_stops_is_not() throws Exception {
    try (var server = started(Optional.empty())) {
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/ready").body())
          .isEqualTo("{\"status\":\"ready\",\"database\":\"ok\",\"keys\":\"ok\"}\n");
      health.stopping();
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
      assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void FAULT_02_without_its_database_a_server_is_live_but_not_ready_and_recovers_alone()
      throws Exception {
    try (var server = started(Optional.empty())) {
      database.set(false);
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
      assertThat(get(server, "/health/ready").body())
          .contains("\"database\":\"failed\"", "\"keys\":\"ok\"");
      assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
      database.set(true);
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_check_that_hangs_or_throws_has_failed_after_a_second() {
    var never = new CountDownLatch(1);
    var hanging =
        new Health.Check(
            "hanging",
            () -> {
              try {
                never.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              return true;
            });
    var throwing =
        new Health.Check(
            "throwing",
            () -> {
              throw new IllegalStateException("no");
            });
    long started = System.nanoTime();
    Health.Report report = new Health(List.of(hanging, throwing, hanging)).ready();

    assertThat(report.ready()).isFalse();
    assertThat(report.checks()).containsEntry("hanging", false).containsEntry("throwing", false);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void meters_are_shown_only_where_they_are_wanted() throws Exception {
    var meters = new ServerMeters();
    meters.request("GET", "/login", 200, Duration.ofMillis(3));
    try (var with = started(Optional.of(meters));
        var without = started(Optional.empty())) {
      var shown = get(with, "/metrics");
      assertThat(shown.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(shown.body()).contains("countersign_request_seconds_count");
      assertThat(get(without, "/metrics").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void nothing_else_is_answered_and_no_version_is_told() throws Exception {
    try (var server = started(Optional.empty())) {
      var elsewhere = get(server, "/");
      assertThat(elsewhere.statusCode()).isEqualTo(404);
      assertThat(elsewhere.headers().firstValue("Server")).isEmpty();
      var posted =
          HttpRequest.newBuilder(uri(server, "/metrics")).POST(HttpRequest.BodyPublishers.noBody());
      assertThat(send(posted).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void a_taken_port_is_told_in_one_sentence() throws Exception {
    try (var server = started(Optional.empty())) {
      var taken = new InetSocketAddress("127.0.0.1", server.port());
      assertThatThrownBy(() -> OperatorServer.start(taken, health, Optional.empty()))
          .isInstanceOf(OperatorServer.Unavailable.class)
          .hasMessageContaining("operator port cannot listen on");
    }
  }

  private OperatorServer started(Optional<ServerMeters> meters) throws IOException {
    return OperatorServer.start(new InetSocketAddress("127.0.0.1", 0), health, meters);
  }

  private static HttpResponse<String> get(OperatorServer server, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(server, path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private static URI uri(OperatorServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
