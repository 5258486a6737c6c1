package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.TenantSettings;
import dev.countersign.tenant.Tenants;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * What factors tenants have defined. A definition that was given up stays, so that nobody who had the one can be taken to have
 * another that comes under its name; what is secret of it, and everybody's enrolments, go. Whoever changes something here has
 * the tenant read again after the commit. Thread-safe.
 */
public final class Definitions {
  /** How many a tenant may have at a time. */
  public static final int MOST = 20;

  /** How many a tenant may ever have had. */
  public static final int MOST_EVER = 200;

  private final Tenants tenants;
  private final Factors factors;
  private final FactorSettings settings;
  private final Enrolments enrolments;

  public Definitions(
      Tenants tenants, Factors factors, FactorSettings settings, Enrolments enrolments) {
    this.tenants = tenants;
    this.factors = factors;
    this.settings = settings;
    this.enrolments = enrolments;
  }

  /** What came of adding one. */
  public enum Addition {
    ADDED,
    /** The id is, or was, another one's. */
    TAKEN,
    TOO_MANY,
    TOO_MANY_EVER
  }

  /** All that a tenant has, those given up included, by their ids. */
  public Map<String, String> of(TenantId tenant) {
    return tenants.find(tenant).orElseThrow().settings().factors();
  }

  /**
   * Adds one.
   *
   * @param set what is set for it, in its factor's own form
   */
  public Addition add(
      Tx tx, TenantId tenant, FactorId id, String definition, String set, Moment now) {
    var outcome = new Addition[] {Addition.ADDED};
    tenants.change(
        tx,
        tenant,
        before -> {
          outcome[0] = admission(before, id);
          return outcome[0] == Addition.ADDED ? with(before, id, definition) : before;
        });
    if (outcome[0] == Addition.ADDED) {
      settings.set(tx, tenant, id, set, now);
    }
    return outcome[0];
  }

  private Addition admission(TenantSettings before, FactorId id) {
    if (before.factors().containsKey(id.value())) {
      return Addition.TAKEN;
    }
    if (before.factors().size() >= MOST_EVER) {
      return Addition.TOO_MANY_EVER;
    }
    long standing =
        before.factors().keySet().stream()
            .filter(it -> factors.with(before).find(new FactorId(it)).isPresent())
            .count();
    return standing >= MOST ? Addition.TOO_MANY : Addition.ADDED;
  }

  /**
   * Changes one that is as its changer knew it. Others wait meanwhile, so nobody's change of what is set for it is lost.
   *
   * @param edit of what is set for it, in its factor's own form
   * @return what is set from now on; nothing when it has become another meanwhile, or is gone
   */
  public Optional<String> change(
      Tx tx,
      TenantId tenant,
      FactorId id,
      String known,
      String definition,
      UnaryOperator<String> edit,
      Moment now) {
    if (!replace(tx, tenant, id, known, definition)) {
      return Optional.empty();
    }
    var set = edit.apply(settings.held(tx, tenant, id));
    settings.set(tx, tenant, id, set, now);
    return Optional.of(set);
  }

  /**
   * Gives one up that is as its changer knew it.
   *
   * @param remembered what is kept of it
   * @return how many people had it; nothing when it has become another meanwhile, or is gone
   */
  public OptionalInt giveUp(
      Tx tx, TenantId tenant, FactorId id, String known, String remembered, Moment now) {
    if (!replace(tx, tenant, id, known, remembered)) {
      return OptionalInt.empty();
    }
    settings.forget(tx, tenant, id);
    return OptionalInt.of(enrolments.removeAll(tx, tenant, id, now));
  }

  /** Whether it was as it was known. */
  private boolean replace(Tx tx, TenantId tenant, FactorId id, String known, String definition) {
    var asKnown = new boolean[1];
    tenants.change(
        tx,
        tenant,
        before -> {
          asKnown[0] = known.equals(before.factors().get(id.value()));
          return asKnown[0] ? with(before, id, definition) : before;
        });
    return asKnown[0];
  }

  private static TenantSettings with(TenantSettings before, FactorId id, String definition) {
    var all = new HashMap<>(before.factors());
    all.put(id.value(), definition);
    return before.withFactors(all);
  }
}
