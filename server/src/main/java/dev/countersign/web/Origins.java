package dev.countersign.web;

import dev.countersign.kernel.TenantId;

/** Which origins a tenant registered for its browser applications (CORS, frames of silent authentication). */
@FunctionalInterface
public interface Origins {
  boolean registered(TenantId tenant, String origin);
}
