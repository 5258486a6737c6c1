package dev.countersign.factor;

import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Sets the {@link Scene} that a factor sees. Thread-safe. */
public final class Scenes {
  private final Tenants tenants;
  private final FactorSettings settings;

  public Scenes(Tenants tenants, FactorSettings settings) {
    this.tenants = tenants;
    this.settings = settings;
  }

  /** For one factor of one person, asked by nobody in particular. */
  public Scene of(Tx tx, TenantId tenant, Person person, FactorId factor, Occasion occasion) {
    var it = tenants.get(tenant);
    return new Scene(
        holder(person),
        new Scene.Site(
            it.displayName(),
            occasion.origin(),
            tenants.origins(tx, tenant),
            Locale.forLanguageTag(it.settings().locale())),
        settings.of(tx, tenant, factor),
        new Scene.Asking("", occasion.address(), occasion.userAgent()),
        occasion.at());
  }

  /** What a factor may know of this person. */
  public Holder holder(Person person) {
    Map<String, String> traits = new HashMap<>();
    var phone = person.phone();
    if (phone != null) {
      traits.put("phone", phone);
    }
    return new Holder(person.id(), person.label(), traits);
  }
}
