package dev.countersign.delivery.push;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;

/** Wakes a device by the service that can reach it. What it sends says no more than that there is something to ask for. */
@FunctionalInterface
public interface Waker {
  /** Whether the service took it; waits no longer than a service is given. */
  boolean wake(TenantId tenant, Dispatch.Push.Target device, Moment now);
}
