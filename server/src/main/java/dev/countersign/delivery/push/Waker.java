package dev.countersign.delivery.push;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;

/** Wakes a device by the service that can reach it. What it sends says no more than that there is something to ask for, or what anybody may
 * read. */
@FunctionalInterface
public interface Waker {
  /** Waits no longer than a service is given; called without a database connection. */
  Woken wake(TenantId tenant, Dispatch.Push.Target device, Word word, Moment now);

  /** What it is woken for. */
  sealed interface Word {
    /** Something waits that the device asks for by itself. */
    record Approval() implements Word {}

    /**
     * Words to be shown as they are; nothing in them is secret, for services can read them.
     *
     * @param topic replaces what was shown under it before
     */
    record Alert(String topic, String title, String body) implements Word {}
  }

  /** What came of it. */
  sealed interface Woken {
    /** The service took it. */
    record Taken() implements Woken {}

    /**
     * It did not.
     *
     * @param reason the stable word of the audit log
     */
    record Failed(String reason) implements Woken {}

    /** The service knows no such device any more: the address is of no use from now on. */
    record Gone() implements Woken {}
  }
}
