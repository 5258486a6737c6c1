package dev.countersign.session;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;

/** What outlives a session: the refresh tokens that applications hold. Kept by the room that issues them. */
@FunctionalInterface
public interface TokenFamilies {
  /** Makes all of a person's worthless; returns how many there were. */
  int revokeAll(Tx tx, TenantId tenant, UserId user, Moment now);
}
