package dev.countersign.delivery;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;

/** Tells people what happened to their account. */
@FunctionalInterface
public interface Notices {
  /** Promises the notice to the person's verified addresses, if this transaction commits; nobody waits for the mail host. */
  void tell(Tx tx, TenantId tenant, UserId who, Notice notice, Occasion occasion);
}
