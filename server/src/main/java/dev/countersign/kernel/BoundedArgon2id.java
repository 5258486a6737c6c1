package dev.countersign.kernel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs at most a fixed number of computations at a time, the others wait in order. They run on threads of their own: a
 * native call would otherwise hold the carrier of a virtual thread, and requests that hash nothing would queue behind
 * those that do. Each takes a core off those that answer requests ({@link Carriers}) while it computes.
 */
final class BoundedArgon2id implements Argon2id {
  /** For how many milliseconds a thread that has computed keeps its core, since more of the kind often follows. */
  private static final long LINGER_MILLIS = 20;

  private final Supplier<Argon2id> inner;
  private final int atOnce;
  private final BlockingQueue<FutureTask<byte[]>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();

  /** @param inner asked by whoever computes, each time */
  BoundedArgon2id(Supplier<Argon2id> inner, int atOnce) {
    this.inner = inner;
    this.atOnce = atOnce;
    var threads = Thread.ofPlatform().daemon().name("argon2id-", 1);
    IntStream.range(0, atOnce).forEach(_ -> threads.start(this::compute));
  }

  @Override
  public byte[] hash(byte[] input, byte[] salt, Cost cost, int length) {
    var hash = new FutureTask<byte[]>(() -> inner.get().hash(input, salt, cost, length));
    waiting.add(hash);
    return await(hash);
  }

  private void compute() {
    try {
      while (true) {
        var next = waiting.take();
        Carriers.take();
        while (next != null) {
          running.incrementAndGet();
          next.run(); // What it throws is its caller's.
          running.decrementAndGet();
          next = waiting.poll(LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
        Carriers.giveBack();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts these threads", e);
    }
  }

  /** Computations under way now. */
  int running() {
    return running.get();
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
