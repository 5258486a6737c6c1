package dev.countersign.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs at most a fixed number of computations at a time, the others wait in order. They run on threads of their own: a
 * native call would otherwise hold the carrier of a virtual thread, and requests that hash nothing would queue behind
 * those that do.
 */
final class BoundedArgon2id implements Argon2id {
  private final Supplier<Argon2id> inner;
  private final int atOnce;
  private final ThreadPoolExecutor threads;

  /** @param inner asked by whoever computes, each time */
  BoundedArgon2id(Supplier<Argon2id> inner, int atOnce) {
    this.inner = inner;
    this.atOnce = atOnce;
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("argon2id-", 1).factory());
  }

  @Override
  public byte[] hash(byte[] input, byte[] salt, Cost cost, int length) {
    return await(threads.submit(() -> inner.get().hash(input, salt, cost, length)));
  }

  /** Computations under way now. */
  int running() {
    return threads.getActiveCount();
  }

  @Override
  public String describe() {
    return inner.get().describe() + ", " + atOnce + " at a time";
  }

  /** An interrupt is kept for the caller; the wait is a bounded computation and ends by itself. */
  private static byte[] await(Future<byte[]> hash) {
    var interrupted = false;
    try {
      while (true) {
        try {
          return hash.get();
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case IllegalArgumentException refused -> throw refused;
            case null, default -> throw new IllegalStateException("Argon2id failed", e.getCause());
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
