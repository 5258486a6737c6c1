package dev.countersign.tenant;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** What tools set about a tenant and read back, a document for each name, and what nothing here follows. Thread-safe. */
public final class KeptSettings {
  private final KeptSettingsStore store = new KeptSettingsStore();

  /** The document as it was last set; empty where it never was. */
  public ObjectNode of(Tx tx, TenantId tenant, String name) {
    return store
        .find(tx, tenant, name)
        .map(it -> (ObjectNode) Json.tree(it))
        .orElseGet(Json::object);
  }

  /** Changes a document as it is now, others waiting meanwhile; whether anything is other than before. */
  public boolean change(
      Tx tx, TenantId tenant, String name, UnaryOperator<ObjectNode> edit, Moment now) {
    store.lock(tx, tenant);
    var before = of(tx, tenant, name);
    var after = edit.apply(before.deepCopy());
    if (after.equals(before)) {
      return false;
    }
    store.put(tx, tenant, name, Json.write(after), now);
    return true;
  }
}
