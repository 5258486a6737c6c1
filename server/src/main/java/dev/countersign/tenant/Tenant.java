package dev.countersign.tenant;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;

/**
 * One customer.
 *
 * @param slug its name in host names: lower-case letters, digits and hyphens, at most 63
 */
public record Tenant(
    TenantId id,
    String slug,
    String displayName,
    TenantSettings settings,
    long version,
    Moment createdAt) {

  public Tenant called(String name) {
    return new Tenant(id, slug, name, settings, version, createdAt);
  }

  public Tenant withSettings(TenantSettings changed) {
    return new Tenant(id, slug, displayName, changed, version, createdAt);
  }
}
