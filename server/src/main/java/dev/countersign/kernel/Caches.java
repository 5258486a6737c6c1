package dev.countersign.kernel;

import com.github.benmanes.caffeine.cache.Caffeine;

/** How caches begin. */
public final class Caches {
  private Caches() {}

  /**
   * One that tidies up on the thread of whoever uses it. Left to itself it hands a few microseconds of tidying to the pool that
   * a virtual machine has in common, and waking a thread for that costs many times as much.
   */
  public static Caffeine<Object, Object> begin() {
    return Caffeine.newBuilder().executor(Runnable::run);
  }
}
