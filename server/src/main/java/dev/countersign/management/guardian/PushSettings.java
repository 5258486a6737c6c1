package dev.countersign.management.guardian;

import dev.countersign.delivery.push.PushPlan;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** By which services tenants' own apps are woken: the settings of approval on the phone. Thread-safe. */
public final class PushSettings {
  private final Database database;
  private final FactorSettings settings;
  private final FactorId factor;

  public PushSettings(Database database, Factors factors, FactorSettings settings) {
    this.database = database;
    this.settings = settings;
    this.factor =
        factors.fixed().inOrder().stream()
            .filter(AnsweredElsewhere.class::isInstance)
            .map(it -> it.profile().id())
            .findFirst()
            .orElseThrow();
  }

  ObjectNode document(Tx tx, TenantId tenant) {
    return (ObjectNode) Json.tree(settings.of(tx, tenant, factor));
  }

  /** As it is now, read without a transaction of the caller's. */
  public PushPlan plan(TenantId tenant) {
    return database.read(tx -> new PushPlan(document(tx, tenant)));
  }

  /** Changes the document as it is now, others waiting meanwhile; whether anything is other than before. */
  boolean change(Tx tx, TenantId tenant, UnaryOperator<ObjectNode> edit, Moment now) {
    var before = (ObjectNode) Json.tree(settings.held(tx, tenant, factor));
    var after = edit.apply(before.deepCopy());
    if (after.equals(before)) {
      return false;
    }
    settings.set(tx, tenant, factor, Json.write(after), now);
    return true;
  }
}
