package dev.countersign.bench;

import dev.countersign.testkit.drive.Stage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Whose turn it is. A code is good once, for its time step of 30 s or a neighbour of it, so each person signs in once per
 * step at most. Thread-safe.
 */
final class Turns {
  private static final long STEP_MILLIS = 30_000;

  private final Deque<Used> queue = new ArrayDeque<>();
  private double waited;

  Turns(List<Stage.Person> people) {
    if (people.isEmpty()) {
      throw new IllegalArgumentException("nobody has an authenticator app");
    }
    people.forEach(person -> queue.add(new Used(person, 0)));
  }

  private record Used(Stage.Person person, long step) {}

  /** A person and the time step whose code is to be typed. */
  record Turn(Stage.Person person, long step) {}

  /** The next person, as soon as there is one whose next code is good already. */
  synchronized Turn next() throws InterruptedException {
    long started = System.nanoTime();
    var least = queue.removeFirst();
    long step =
        Math.max(
            least.step() + 1,
            now()); // The step before is good as well, but perhaps not any more when it is typed.
    while (step > now() + 1) {
      Thread.sleep(20);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    waited += seconds > 0.01 ? seconds : 0;
    queue.addLast(new Used(least.person(), step));
    return new Turn(least.person(), step);
  }

  /** Seconds during which nobody's turn had come. */
  synchronized double waited() {
    return waited;
  }

  private static long now() {
    return System.currentTimeMillis() / STEP_MILLIS;
  }
}
