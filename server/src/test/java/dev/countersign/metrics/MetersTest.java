package dev.countersign.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class MetersTest {
  private enum Outcome {
    ACCEPTED,
    LOCKED_OUT
  }

  @Test
  void the_text_is_what_prometheus_reads() {
    Meters meters = new Meters();
    Meters.Counter counter = meters.counter("c_total", "Counts.", "kind");
    Meters.Timings timings =
        meters.timings("t_seconds", "Times.", List.of(Duration.ofMillis(5), Duration.ofSeconds(1)));
    meters.gauge("g", "Now.", () -> 2.5);
    counter.count("b");
    counter.count("a");
    counter.count("a");
    timings.took(Duration.ofMillis(5));
    timings.took(Duration.ofMillis(6));
    timings.took(Duration.ofSeconds(2));

    assertThat(meters.text())
        .isEqualTo(
            """
            # HELP c_total Counts.
            # TYPE c_total counter
            c_total{kind="a"} 2
            c_total{kind="b"} 1
            # HELP t_seconds Times.
            # TYPE t_seconds histogram
            t_seconds_bucket{le="0.005"} 1
            t_seconds_bucket{le="1.0"} 2
            t_seconds_bucket{le="+Inf"} 3
            t_seconds_sum 2.011
            t_seconds_count 3
            # HELP g Now.
            # TYPE g gauge
            g 2.5
            """);
  }

  @Test
  void a_label_cannot_end_its_quotes_or_its_line() {
    Meters meters = new Meters();
    meters.counter("c_total", "Counts.", "kind").count("a\"b\\c\nd");

    assertThat(meters.text()).contains("c_total{kind=\"a\\\"b\\\\c\\nd\"} 1\n");
  }

  @Test
  void labels_cannot_fill_the_memory() {
    Meters meters = new Meters();
    Meters.Counter counter = meters.counter("c_total", "Counts.", "kind");
    for (int i = 0; i < 3 * Meters.MOST_SERIES; i++) {
      counter.count("kind-" + i);
    }

    assertThat(meters.text().lines()).hasSizeLessThan(Meters.MOST_SERIES + 10);
    assertThat(meters.text()).contains("c_total{kind=\"other\"} " + 2 * Meters.MOST_SERIES + "\n");
  }

  @Test
  void a_label_too_many_is_a_fault_of_ours() {
    Meters.Counter counter = new Meters().counter("c_total", "Counts.", "kind");
    assertThatThrownBy(() -> counter.count("a", "b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothing_is_lost_when_many_count_at_once() {
    ServerMeters meters = new ServerMeters();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2_000; i++) {
        threads.submit(() -> meters.request("GET", "/login", 200, Duration.ofMillis(3)));
      }
    }
    assertThat(meters.text())
        .contains(
            "countersign_request_seconds_count{method=\"GET\",route=\"/login\",status=\"200\"} 2000\n");
  }

  @Test
  void the_server_s_meters_tell_their_story() {
    ServerMeters meters = new ServerMeters();
    meters.signIn(Outcome.LOCKED_OUT);
    meters.factorCheck("otp", Outcome.ACCEPTED);
    meters.passwordHash(Duration.ofMillis(9));

    assertThat(meters.text())
        .contains(
            "countersign_sign_ins_total{outcome=\"locked_out\"} 1\n",
            "countersign_factor_checks_total{factor=\"otp\",outcome=\"accepted\"} 1\n",
            "countersign_password_hash_seconds_bucket{le=\"0.01\"} 1\n",
            "countersign_heap_bytes ");
  }
}
