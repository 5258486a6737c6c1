package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FavourTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Favour favour = new Favour();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Somebody who by now waits for the turn. */
  private <T> Future<T> waiting(Callable<T> who) throws InterruptedException {
    var thread = new CompletableFuture<Thread>();
    var future =
        threads.submit(() -> {
          thread.complete(Thread.currentThread());
          return who.call();
        });
    while (thread.join().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return future;
  }

  @Test
  void the_turn_is_one_threads_alone() throws ExecutionException, InterruptedException {
    assertThat(favour.isMine()).isFalse();
    assertThat(favour.take(LONG)).isTrue();

    assertThat(favour.isMine()).isTrue();
    assertThat(threads.submit(favour::isMine).get()).isFalse();
    favour.leave();
    assertThat(favour.isMine()).isFalse();
  }

  @Test
  void who_came_first_comes_first() throws ExecutionException, InterruptedException {
    var order = new ConcurrentLinkedQueue<Integer>();
    favour.take();
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int mine = i;
      all.add(
          waiting(() -> {
            boolean came = favour.take(LONG);
            order.add(mine);
            favour.leave();
            return came;
          }));
    }

    favour.leave();

    for (var each : all) {
      assertThat(each.get()).isTrue();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void who_waits_too_long_goes_without_and_the_next_gets_the_turn()
      throws ExecutionException, InterruptedException {
    favour.take();
    var hasty = waiting(() -> favour.take(Duration.ofMillis(20)));
    var patient = waiting(() -> favour.take(LONG));

    assertThat(hasty.get()).isFalse();
    assertThat(patient.isDone()).isFalse();
    favour.leave();
    assertThat(patient.get()).isTrue();
  }

  @Test
  void after_a_quiet_while_somebody_looks_after_those_who_wait_again()
      throws ExecutionException, InterruptedException {
    var soonQuiet = new Favour(1);
    soonQuiet.take();

    for (int i = 0; i < 20; i++) {
      assertThat(threads.submit(() -> soonQuiet.take(Duration.ofMillis(1))).get()).isFalse();
    }
  }

  @Test
  void who_is_interrupted_goes_and_the_next_gets_the_turn()
      throws ExecutionException, InterruptedException {
    favour.take();
    var interrupted =
        waiting(() -> {
          // Whoever got it just before leaves again.
          boolean came = favour.take(LONG);
          favour.leave();
          return came;
        });
    var next = waiting(() -> favour.take(LONG));

    interrupted.cancel(true);
    favour.leave();

    assertThat(next.get()).isTrue();
  }

  @Test
  void who_closes_the_door_waits_whoever_interrupts()
      throws ExecutionException, InterruptedException {
    favour.take();
    var closing =
        waiting(() -> {
          favour.take();
          return Thread.currentThread().isInterrupted() && favour.isMine();
        });

    closing.cancel(true);
    favour.leave();

    // The turn is theirs, so nobody else's.
    assertThat(favour.take(Duration.ofMillis(20))).isFalse();
  }

  @Test
  void nobody_is_ever_there_beside_another_and_nobody_is_forgotten()
      throws ExecutionException, InterruptedException {
    var inside = new AtomicInteger();
    var turns = new AtomicInteger();
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(
          threads.submit(() -> {
            int most = 0;
            for (int k = 0; k < 2_000; k++) {
              if (favour.take(k % 7 == 0 ? Duration.ZERO : LONG)) {
                most = Math.max(most, inside.incrementAndGet());
                inside.decrementAndGet();
                turns.incrementAndGet();
                favour.leave();
              }
            }
            return most;
          }));
    }

    for (var each : all) {
      assertThat(each.get()).isEqualTo(1);
    }
    assertThat(turns).hasPositiveValue();
    assertThat(favour.take(Duration.ZERO)).isTrue();
  }
}
