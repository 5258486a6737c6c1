package dev.countersign.kernel;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does something again and again on a thread of its own until closed. What a round throws is logged and the next one
 * comes all the same. Thread-safe.
 */
public final class Rounds implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Rounds.class.getName());
  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(30);

  private static final Duration FIRST = Duration.ofSeconds(1);

  private final String name;
  private final Duration pause;
  private final Runnable round;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private Rounds(String name, Duration pause, Runnable round) {
    this.name = name;
    this.pause = pause;
    this.round = round;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /**
   * Starts; each round comes so long after the end of the last, the first after a second or less: whoever starts has better
   * things to do.
   */
  public static Rounds every(Duration pause, String name, Runnable round) {
    var rounds = new Rounds(name, pause, round);
    rounds.thread.start();
    return rounds;
  }

  private void run() {
    try {
      var wait = pause.compareTo(FIRST) < 0 ? pause : FIRST;
      while (!stop.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        one();
        wait = pause;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Nobody does this; but whoever does wants it to end.
    }
  }

  private void one() {
    try {
      round.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, name + ": this round failed, the next will come", e);
    }
  }

  /** Starts no further round and waits for the end of a running one, half a minute at most. */
  @Override
  public void close() {
    stop.countDown();
    try {
      if (!thread.join(LONGEST_GOODBYE)) {
        LOG.log(System.Logger.Level.WARNING, "{0}: still busy, left behind", name);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
