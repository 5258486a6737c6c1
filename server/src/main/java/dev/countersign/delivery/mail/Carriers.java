package dev.countersign.delivery.mail;

import dev.countersign.kernel.TenantId;

/** Who carries the mails of a tenant. Thread-safe. */
@FunctionalInterface
public interface Carriers {
  Mailer of(TenantId tenant);

  /** Whether anybody carries them at all. */
  default boolean sends(TenantId tenant) {
    return true;
  }
}
