package dev.countersign.tenant;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;

/**
 * One customer.
 *
 * @param slug its name in host names: lower-case letters, digits and hyphens, at most 63
 * @param sandbox whether it is for trying things out; settled when it is made, and written by nothing else
 */
public record Tenant(
    TenantId id,
    String slug,
    String displayName,
    TenantSettings settings,
    boolean sandbox,
    long version,
    Moment createdAt) {

  public Tenant called(String name) {
    return new Tenant(id, slug, name, settings, sandbox, version, createdAt);
  }

  public Tenant withSettings(TenantSettings changed) {
    return new Tenant(id, slug, displayName, changed, sandbox, version, createdAt);
  }
}
