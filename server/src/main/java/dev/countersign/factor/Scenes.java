package dev.countersign.factor;

import dev.countersign.delivery.Dispatch;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Sets the {@link Scene} that a factor sees. Thread-safe. */
public final class Scenes {
  private final Tenants tenants;
  private final FactorSettings settings;
  private final Digester digester;
  private final IdentitySchemas schemas;
  private final Reach reach;

  /**
   * Scenes of all tenants.
   *
   * @param reach how tenants can reach telephones
   */
  public Scenes(
      Tenants tenants,
      FactorSettings settings,
      Digester digester,
      IdentitySchemas schemas,
      Reach reach) {
    this.tenants = tenants;
    this.settings = settings;
    this.digester = digester;
    this.schemas = schemas;
    this.reach = reach;
  }

  /** How a tenant can reach telephones. */
  @FunctionalInterface
  public interface Reach {
    boolean serves(Tx tx, TenantId tenant, Dispatch.Via via);
  }

  /** For one factor of one person, asked by nobody in particular. */
  public Scene of(Tx tx, TenantId tenant, Person person, FactorId factor, Occasion occasion) {
    return new Scene(
        holder(tx, tenant, person),
        site(tx, tenant, occasion),
        settings(tx, tenant, factor),
        new Scene.Asking("", occasion.address(), occasion.userAgent()),
        occasion.at());
  }

  /** The tenant, where the person is now. */
  public Scene.Site site(Tx tx, TenantId tenant, Occasion occasion) {
    var it = tenants.get(tenant);
    return new Scene.Site(
        it.displayName(),
        occasion.origin(),
        tenants.origins(tx, tenant),
        Locale.forLanguageTag(it.settings().locale()),
        occasion.page());
  }

  /** What the tenant has set for a factor. */
  public String settings(Tx tx, TenantId tenant, FactorId factor) {
    return settings.of(tx, tenant, factor);
  }

  /** What a factor may know of this person: an address only when it is confirmed, and of a phone only where the tenant's schema marks one, and by which ways it can be reached. */
  public Holder holder(Tx tx, TenantId tenant, Person person) {
    var phone = person.phone();
    var handle =
        digester.digest("user-handle", Secret.of(tenant.value() + " " + person.id().value()));
    return new Holder(
        person.id(),
        person.label(),
        traits(tx, tenant, phone == null ? "" : phone, person.confirmedEmail().orElse("")),
        handle.text());
  }

  /** Somebody of whom nothing is known yet: what does not suit them suits nobody of this tenant. */
  public Holder anybody(Tx tx, TenantId tenant) {
    return new Holder(new UserId("anybody"), "", traits(tx, tenant, "", ""));
  }

  private Map<String, String> traits(Tx tx, TenantId tenant, String phone, String address) {
    Map<String, String> out = new HashMap<>();
    out.put(Holder.ADDRESS, address);
    if (schemas.current(tx, tenant).marksPhone()) {
      for (var via : Dispatch.Via.values()) {
        if (reach.serves(tx, tenant, via)) {
          out.put(Holder.reached(via), phone);
        }
      }
    }
    return out;
  }
}
