package dev.countersign.metrics;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** The meters of this server. Each answers a question an operator really asks; more would only hide these. */
public final class ServerMeters {
  private static final List<Duration> REQUEST_BOUNDS =
      millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000);
  private static final List<Duration> HASH_BOUNDS =
      millis(2, 5, 10, 20, 40, 80, 160, 320, 640, 1_280);

  private final Meters meters = new Meters();
  private final Meters.Timings requests =
      meters.timings(
          "countersign_request_seconds",
          "Requests by route and status.",
          REQUEST_BOUNDS,
          "method",
          "route",
          "status");
  private final Meters.Counter signIns =
      meters.counter("countersign_sign_ins_total", "Sign-ins that ended, by how.", "outcome");
  private final Meters.Counter factorChecks =
      meters.counter(
          "countersign_factor_checks_total", "Answers to factor challenges.", "factor", "outcome");
  private final Meters.Timings passwordHashes =
      meters.timings(
          "countersign_password_hash_seconds", "Time to hash one password.", HASH_BOUNDS);

  public ServerMeters() {
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    var runtime = ManagementFactory.getRuntimeMXBean();
    meters.gauge(
        "countersign_heap_bytes", "Heap in use.", () -> memory.getHeapMemoryUsage().getUsed());
    meters.gauge("countersign_platform_threads", "Live platform threads.", threads::getThreadCount);
    meters.gauge(
        "countersign_up_seconds",
        "Time since the process started.",
        () -> runtime.getUptime() / 1e3);
  }

  /**
   * A request was answered.
   *
   * @param route the pattern from the route table, never the path asked for
   */
  public void request(String method, String route, int status, Duration took) {
    requests.took(took, method, route, Integer.toString(status));
  }

  /** A sign-in ended. */
  public void signIn(Enum<?> outcome) {
    signIns.count(written(outcome));
  }

  /**
   * A factor challenge was answered.
   *
   * @param factor the factor's id
   */
  public void factorCheck(String factor, Enum<?> outcome) {
    factorChecks.count(factor, written(outcome));
  }

  /** A password was hashed, to check it or to keep it. */
  public void passwordHash(Duration took) {
    passwordHashes.took(took);
  }

  /** The state of the connection pool, asked each time it is shown. */
  public void databasePool(Pool pool) {
    meters.gauge("countersign_database_connections_active", "Connections in use.", pool::active);
    meters.gauge(
        "countersign_database_connections_idle", "Connections waiting for work.", pool::idle);
    meters.gauge(
        "countersign_database_connections_awaited",
        "Threads waiting for a connection.",
        pool::awaited);
  }

  /** What a connection pool can tell about itself. */
  public interface Pool {
    int active();

    int idle();

    int awaited();
  }

  /** Everything as Prometheus text, of {@link Meters#MEDIA_TYPE}. */
  public String text() {
    return meters.text();
  }

  private static String written(Enum<?> outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private static List<Duration> millis(long... bounds) {
    return LongStream.of(bounds).mapToObj(Duration::ofMillis).toList();
  }
}
