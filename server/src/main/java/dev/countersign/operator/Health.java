package dev.countersign.operator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Whether this server can do its work now. Thread-safe. */
public final class Health {
  private static final System.Logger LOG = System.getLogger(Health.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<Check> checks;
  private volatile boolean stopping;

  public Health(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /**
   * One thing that has to be so.
   *
   * @param name a word for the operator, such as {@code database}
   * @param passes may take its time or throw; both count as no
   */
  public record Check(String name, BooleanSupplier passes) {}

  /**
   * What was found.
   *
   * @param ready whether requests should be sent here
   * @param checks the outcome of each check by name
   */
  public record Report(boolean ready, Map<String, Boolean> checks) {
    /** A small JSON object; names of checks are plain words. */
    public String json() {
      StringBuilder json =
          new StringBuilder("{\"status\":\"").append(ready ? "ready" : "not ready").append("\"");
      checks.forEach((name, passed) ->
          json.append(",\"").append(name).append("\":").append(passed ? "\"ok\"" : "\"failed\""));
      return json.append("}\n").toString();
    }
  }

  /** From now on not ready, so that load balancers send nobody here while the last requests end. */
  public void stopping() {
    stopping = true;
  }

  /** Runs all checks at once; takes a second at most. */
  public Report ready() {
    Map<Check, FutureTask<Boolean>> running = new LinkedHashMap<>();
    for (Check check : checks) {
      var task = new FutureTask<>(check.passes()::getAsBoolean);
      running.put(check, task);
      Thread.ofVirtual().name("health-" + check.name()).start(task);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Map<String, Boolean> found = new LinkedHashMap<>();
    running.forEach((check, task) -> found.put(check.name(), passed(check, task, deadline)));
    return new Report(!stopping && !found.containsValue(false), found);
  }

  private static boolean passed(Check check, Future<Boolean> task, long deadline) {
    try {
      return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      LOG.log(
          System.Logger.Level.WARNING, "health check " + check.name() + " failed", e.getCause());
      return false;
    } catch (TimeoutException _) {
      LOG.log(System.Logger.Level.WARNING, "health check " + check.name() + " took too long");
      task.cancel(true);
      return false;
    } catch (CancellationException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
