package dev.countersign.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** The same thing tried by many at the same moment. */
final class AtOnce {
  static final int THREADS = 16;

  private AtOnce() {}

  /** What each of {@value #THREADS} threads got, all let go by one barrier; {@code each} makes the work of one. */
  static <T> List<T> all(IntFunction<Callable<T>> each) {
    return all(THREADS, each);
  }

  static <T> List<T> all(int threads, IntFunction<Callable<T>> each) {
    var barrier = new CyclicBarrier(threads);
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        var work = each.apply(i);
        running.add(
            pool.submit(() -> {
              barrier.await();
              return work.call();
            }));
      }
      List<T> got = new ArrayList<>();
      for (var one : running) {
        got.add(one.get());
      }
      return got;
    } catch (ExecutionException e) {
      throw new AssertionError("one of them failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
