package dev.countersign.factor;

import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.HashMap;
import java.util.Map;

/** Sets the {@link Scene} that a factor sees. Thread-safe. */
public final class Scenes {
  private final Tenants tenants;
  private final FactorSettings settings;
  private final Digester digester;

  public Scenes(Tenants tenants, FactorSettings settings, Digester digester) {
    this.tenants = tenants;
    this.settings = settings;
    this.digester = digester;
  }

  /** For one factor of one person, asked by nobody in particular. */
  public Scene of(Tx tx, TenantId tenant, Person person, FactorId factor, Occasion occasion) {
    return new Scene(
        holder(tenant, person),
        new Scene.Site(
            tenants.get(tenant).displayName(), occasion.origin(), tenants.origins(tx, tenant)),
        settings.of(tx, tenant, factor),
        new Scene.Asking("", occasion.address(), occasion.userAgent()),
        occasion.at());
  }

  /** What a factor may know of this person. */
  public Holder holder(TenantId tenant, Person person) {
    Map<String, String> traits = new HashMap<>();
    var phone = person.phone();
    if (phone != null) {
      traits.put("phone", phone);
    }
    var handle =
        digester.digest("user-handle", Secret.of(tenant.value() + " " + person.id().value()));
    return new Holder(person.id(), person.label(), traits, handle.text());
  }
}
