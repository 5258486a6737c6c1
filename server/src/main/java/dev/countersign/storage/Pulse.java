package dev.countersign.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database answers at all. One that hangs, or a line that went dead, keeps whoever asks waiting for as long as
 * the operating system believes in the connection. So when a unit of work takes unusually long, somebody else knocks: where
 * a greeting comes back the work is merely slow and may go on; where none does, everything under way is broken off and
 * nobody else tries until the database greets again. Thread-safe.
 */
final class Pulse implements AutoCloseable {
  /** Work that takes longer makes us knock. */
  private static final Duration SLOW = Duration.ofMillis(400);

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Between two times that we knock. */
  private static final Duration AGAIN = Duration.ofMillis(250);

  private static final System.Logger LOG = System.getLogger(Pulse.class.getName());

  private final Knock knock;
  private final Set<Unit> underWay = ConcurrentHashMap.newKeySet();
  private final @Nullable ScheduledExecutorService watch;
  private long knocked = System.nanoTime() - AGAIN.toNanos();

  /** Open while the database answers; those who wait for it wait at the newest. */
  private volatile CountDownLatch answers = new CountDownLatch(0);

  /** Asks for a greeting and waits for well under a second. */
  @FunctionalInterface
  interface Knock {
    /** Fails with SQLSTATE class 08 when nobody answers; any other failure is an answer too. */
    void once() throws SQLException;
  }

  private Pulse(Knock knock, @Nullable ScheduledExecutorService watch) {
    this.knock = knock;
    this.watch = watch;
  }

  /** Of a database within this process, which cannot fall silent. */
  static Pulse ofEmbedded() {
    return new Pulse(() -> {}, null);
  }

  static Pulse of(Knock knock) {
    var watch =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("database-pulse").factory());
    var pulse = new Pulse(knock, watch);
    var _ =
        watch.scheduleWithFixedDelay(
            pulse::lookAndGoOn, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return pulse;
  }

  /** A unit of work, from when it wants a connection. */
  final class Unit implements AutoCloseable {
    private final long since = System.nanoTime();
    private @Nullable Connection connection;

    /** Works on this connection from now until the hold is closed, which is before the connection is given back. */
    Hold on(Connection taken) {
      set(taken);
      return () -> set(null);
    }

    private synchronized void set(@Nullable Connection now) {
      connection = now;
    }

    private synchronized void breakOff() {
      if (connection != null) {
        try {
          connection.abort(Runnable::run);
        } catch (SQLException e) {
          LOG.log(System.Logger.Level.DEBUG, "a silent connection is broken already", e);
        }
      }
    }

    @Override
    public void close() {
      underWay.remove(this);
    }
  }

  /** Ends without failing. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  Unit begin() {
    var unit = new Unit();
    underWay.add(unit);
    return unit;
  }

  boolean isSilent() {
    return answers.getCount() > 0;
  }

  /** Returns once the database answers, or after so long. */
  void await(Duration longest) throws InterruptedException {
    var _ = answers.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookAndGoOn() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the database's pulse was not felt", e);
    }
  }

  private void look() {
    long now = System.nanoTime();
    boolean doubtful =
        isSilent() || underWay.stream().anyMatch(unit -> now - unit.since > SLOW.toNanos());
    if (doubtful && now - knocked >= AGAIN.toNanos()) {
      boolean greeted = greeted();
      knocked = System.nanoTime();
      if (greeted) {
        if (isSilent()) {
          LOG.log(System.Logger.Level.INFO, "the database answers again");
          answers.countDown();
        }
        return;
      }
      if (!isSilent()) {
        LOG.log(System.Logger.Level.WARNING, "the database does not answer");
        answers = new CountDownLatch(1);
      }
      underWay.stream().filter(unit -> unit.since - now <= 0).forEach(Unit::breakOff);
    }
  }

  private boolean greeted() {
    try {
      knock.once();
      return true;
    } catch (SQLException e) {
      var state = e.getSQLState();
      return state != null && !state.startsWith("08");
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.shutdownNow();
    }
    answers.countDown();
  }
}
