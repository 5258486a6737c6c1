package dev.countersign.recovery;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;

/** Every way back in that may be open for somebody. Within the caller's transaction; thread-safe. */
public final class WaysBack {
  private final AccessCodes codes;
  private final Recoveries recoveries;

  public WaysBack(AccessCodes codes, Recoveries recoveries) {
    this.codes = codes;
    this.recoveries = recoveries;
  }

  /** Opens again what wrong codes had closed. */
  public void reopen(Tx tx, TenantId tenant, UserId user) {
    codes.reopen(tx, tenant, user);
  }

  /** Closes them all, because of what happened, which is a word of the audit log. */
  public void close(
      Tx tx, TenantId tenant, UserId user, String actor, String why, Occasion occasion) {
    codes.revokeAll(tx, new AccessCodes.By(tenant, user, actor, occasion), why);
    recoveries.cancel(tx, tenant, user, actor, why, occasion);
  }
}
