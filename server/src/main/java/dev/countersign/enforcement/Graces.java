package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;

/**
 * How often people have put off what a rule requires. Counted for the person and the rule, so that another browser or
 * sign-in begins nothing anew. Thread-safe.
 */
public final class Graces {
  private final GraceStore store = new GraceStore();

  /** By the rule's id. */
  public Map<String, Grace> of(Tx tx, TenantId tenant, UserId user) {
    return store.of(tx, tenant, user);
  }

  /** Notes that the person was invited under these rules, which starts the days of those that had not invited them before. */
  public void invited(Tx tx, TenantId tenant, UserId user, List<String> rules, Moment now) {
    rules.forEach(rule -> store.begin(tx, tenant, user, rule, now));
  }

  /** Counts a 'not now' under these rules. */
  public void putOff(Tx tx, TenantId tenant, UserId user, List<String> rules, Moment now) {
    rules.forEach(rule -> {
      store.begin(tx, tenant, user, rule, now);
      store.skip(tx, tenant, user, rule, now);
    });
  }
}
