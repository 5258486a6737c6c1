package dev.countersign.delivery.push;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Rings for devices that wait at this server; those that wait at another find out by looking. One waits for each device:
 * whoever comes later relieves the one before. Thread-safe.
 */
public final class Bell implements AutoCloseable {
  private record Waiter(TenantId tenant, EnrolmentId device) {}

  private final Map<Waiter, CountDownLatch> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Waits until it rings for that device, or for so long. */
  public void await(TenantId tenant, EnrolmentId device, Duration longest) {
    var waiter = new Waiter(tenant, device);
    var mine = new CountDownLatch(1);
    var before = waiting.put(waiter, mine);
    if (before != null) {
      before.countDown();
    }
    try {
      if (!closed) {
        boolean _ = mine.await(longest.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.remove(waiter, mine);
    }
  }

  public void ring(TenantId tenant, EnrolmentId device) {
    var waiter = waiting.remove(new Waiter(tenant, device));
    if (waiter != null) {
      waiter.countDown();
    }
  }

  /** Whether nobody is to be kept waiting any more. */
  public boolean isClosed() {
    return closed;
  }

  /** Lets everybody go: the server is about to stop. */
  @Override
  public void close() {
    closed = true;
    waiting.values().forEach(CountDownLatch::countDown);
  }
}
