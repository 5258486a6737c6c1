package dev.countersign.kernel;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The cores on which virtual threads run, and so requests. One that is taken for something else for long is not theirs
 * meanwhile: with more busy threads than cores the system moves them about, and each core has to fetch anew what another one
 * had at hand. Half of the cores stay with requests in any case. Thread-safe.
 */
final class Carriers {
  private static final @Nullable VirtualThreadSchedulerMXBean SCHEDULER =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  /** As Java counts them, or was told by {@code jdk.virtualThreadScheduler.parallelism}. */
  private static final int ALL = SCHEDULER == null ? 1 : SCHEDULER.getParallelism();

  private static int taken;

  private Carriers() {}

  /** Takes a core from requests until it is {@linkplain #giveBack given back}. */
  static void take() {
    change(1);
  }

  static void giveBack() {
    change(-1);
  }

  private static synchronized void change(int by) {
    taken += by;
    if (SCHEDULER != null) {
      try {
        SCHEDULER.setParallelism(left(ALL, taken));
      } catch (UnsupportedOperationException _) {
        // A Java that has no virtual threads of its own, where every thread is the system's.
      }
    }
  }

  /** How many of all carriers stay while so many cores are taken. */
  static int left(int all, int taken) {
    return Math.max(Math.ceilDiv(all, 2), all - taken);
  }
}
