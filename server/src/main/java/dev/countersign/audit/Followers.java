package dev.countersign.audit;

import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;

/** Whoever has to take note of each event within its transaction. */
@FunctionalInterface
public interface Followers {
  void happened(Tx tx, TenantId tenant, AuditEvent event);

  /** Nobody. */
  Followers NONE = (_, _, _) -> {};
}
