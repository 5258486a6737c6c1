package dev.countersign.cli;

import java.util.concurrent.CountDownLatch;

/** How long the process is to run, and the hand-shake by which it ends in order. Thread-safe. */
public final class Lifetime {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  /** Ends when the process gets SIGTERM or SIGINT; the process then waits for {@link #over()}. */
  public static Lifetime ofProcess() {
    var lifetime = new Lifetime();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(lifetime::end));
    return lifetime;
  }

  /** Returns when somebody asked for the end. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Everything is closed. */
  void over() {
    over.countDown();
  }

  /** Asks for the end and waits until all is closed. */
  public void end() {
    asked.countDown();
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
