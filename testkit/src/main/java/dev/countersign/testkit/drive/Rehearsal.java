package dev.countersign.testkit.drive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Signs everybody in as often as their phones allow at this moment: three times, by the code of now and those beside it.
 * What the start-up cache is made from: Java keeps in it what it has seen run.
 */
public final class Rehearsal {
  private static final long STEP_MILLIS = 30_000;
  private static final int AT_ONCE = 4;

  /** On a slow or busy machine fewer have to do: somebody waits for the end of it. */
  private static final long LONGEST_NANOS = 8_000_000_000L;

  private Rehearsal() {}

  /** Returns when all of it is over; a sign-in that fails ends it. */
  public static void of(Stage stage) {
    Deque<Runnable> turns = new ArrayDeque<>();
    long now = System.currentTimeMillis() / STEP_MILLIS;
    for (long step = now - 1; step <= now + 1; step++) {
      long code = step;
      stage.people().forEach(person -> turns.add(() -> signIn(stage, person, code)));
    }
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var running = new ArrayList<Future<?>>();
      long end = System.nanoTime() + LONGEST_NANOS;
      for (var turn : turns) {
        running.add(
            threads.submit(() -> {
              if (System.nanoTime() < end) {
                turn.run();
              }
            }));
      }
      for (var each : List.copyOf(running)) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a rehearsed sign-in failed", e.getCause());
    }
  }

  private static void signIn(Stage stage, Stage.Person person, long step) {
    try (var connection = new Connection(stage.base())) {
      new SignIn(connection, stage).run(person, step);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
