package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;

/**
 * Counts what may be done only so often and cannot be right or wrong, such as asking for a mail. Like {@link Guesses} it
 * counts per person or network, never per session, and exactly, on any number of servers. Thread-safe.
 */
public final class Allowances {
  private final AllowanceStore store = new AllowanceStore();

  /** Whether there was room. */
  public sealed interface Taking {
    /** There was; {@code left} more times in this stretch. */
    record Taken(int left) implements Taking {}

    record NoneLeft(Moment until) implements Taking {}
  }

  /** Takes one, if there is one left. */
  public Taking take(Tx tx, TenantId tenant, Allowance allowance, String subject, Moment now) {
    boolean counted = store.count(tx, tenant, allowance, subject, now);
    var row = store.find(tx, tenant, allowance, subject);
    if (row.isEmpty()) {
      store.first(tx, tenant, allowance, subject, now);
      return new Taking.Taken(allowance.most() - 1);
    }
    var it = row.get();
    return counted
        ? new Taking.Taken(allowance.most() - it.taken())
        : new Taking.NoneLeft(it.windowStarted().plus(allowance.per()));
  }

  /** Removes counts that began before {@code before}, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteStartedBefore(tx, tenant, before, most);
  }
}
