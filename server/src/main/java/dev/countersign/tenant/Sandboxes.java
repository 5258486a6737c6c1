package dev.countersign.tenant;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;

/**
 * Tenants for trying things out, each with a clock of its own that only its admins move, and only forward. Whether a tenant is
 * one is settled when it is made and written by nothing else. Thread-safe.
 */
public final class Sandboxes {
  /** As far ahead as a clock may be. */
  public static final Duration FARTHEST = Duration.ofDays(3_650);

  private final Database database;
  private final Tenants tenants;
  private final SandboxClockStore store = new SandboxClockStore();

  public Sandboxes(Database database, Tenants tenants) {
    this.database = database;
    this.tenants = tenants;
  }

  /** Whether this tenant, which exists, is one. */
  public boolean is(TenantId tenant) {
    return tenants.get(tenant).sandbox();
  }

  /** How far ahead the clock of a tenant is. */
  public Duration ahead(TenantId tenant) {
    return is(tenant) ? database.read(tx -> store.ahead(tx, tenant)) : Duration.ZERO;
  }

  /** What time it is in a tenant: that of everybody, but in a sandbox. */
  public Moment now(TenantId tenant, Moment everybodys) {
    return everybodys.plus(ahead(tenant));
  }

  /** Moves the clock of a sandbox on by so much; false when it would be farther ahead than {@link #FARTHEST}. */
  public boolean advance(Tx tx, TenantId tenant, Duration by) {
    if (!is(tenant) || by.isNegative()) {
      throw new IllegalArgumentException("only the clock of a sandbox moves, and only forward");
    }
    return store.advance(tx, tenant, by, FARTHEST);
  }
}
