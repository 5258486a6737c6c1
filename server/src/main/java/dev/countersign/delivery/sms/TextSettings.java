package dev.countersign.delivery.sms;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Recent;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * What tenants have set about texts, sealed at rest. What is read is kept for {@link Tenants#FRESH}: a change counts
 * everywhere after that long. Thread-safe.
 */
public final class TextSettings {
  private final Sealer sealer;
  private final TextStore store = new TextStore();
  private final Recent<TenantId, TextPlan> read = new Recent<>(Tenants.FRESH);

  public TextSettings(Sealer sealer) {
    this.sealer = sealer;
  }

  public TextPlan of(Tx tx, TenantId tenant) {
    return read.get(tx, tenant, () -> stored(tx, tenant));
  }

  /**
   * What came of a change.
   *
   * @param differs whether anything is other than before
   */
  public record Changed(TextPlan plan, boolean differs) {}

  /** Changes the document as it is now, others waiting meanwhile. */
  public Changed change(Tx tx, TenantId tenant, UnaryOperator<ObjectNode> edit, Moment now) {
    store.lock(tx, tenant);
    var before = stored(tx, tenant).document();
    var after = edit.apply(before.deepCopy());
    if (after.equals(before)) {
      return new Changed(new TextPlan(before), false);
    }
    store.put(tx, tenant, sealer.seal(place(tenant), Secret.of(Json.write(after))), now);
    read.changed(tx, tenant);
    return new Changed(new TextPlan(after), true);
  }

  /** What they would be after that change. */
  public TextPlan previewed(Tx tx, TenantId tenant, UnaryOperator<ObjectNode> edit) {
    return new TextPlan(edit.apply(stored(tx, tenant).document()));
  }

  private TextPlan stored(Tx tx, TenantId tenant) {
    return store
        .settings(tx, tenant)
        .map(sealed -> sealer.openSecret(place(tenant), sealed))
        .map(opened -> new TextPlan((ObjectNode) Json.tree(opened.reveal())))
        .orElse(TextPlan.NONE);
  }

  private static Place place(TenantId tenant) {
    return new Place(tenant, "text_settings", "document", tenant.value());
  }
}
