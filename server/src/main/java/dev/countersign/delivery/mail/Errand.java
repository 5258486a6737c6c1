package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.Optional;

/**
 * A notice on its way to somebody.
 *
 * @param id of its row in the outbox
 * @param to the address; empty when there is nobody to write to
 * @param name how they are greeted
 * @param locale the language they chose, as a tag; empty for the tenant's
 * @param occasion what it tells about
 * @param report the link by which its reader says that it was not them; empty where there is none
 */
public record Errand(
    TenantId tenant,
    String id,
    String to,
    String name,
    Optional<String> locale,
    Notice notice,
    Occasion occasion,
    Optional<Secret> report) {

  /** One that offers nothing to say. */
  public Errand(
      TenantId tenant,
      String id,
      String to,
      String name,
      Optional<String> locale,
      Notice notice,
      Occasion occasion) {
    this(tenant, id, to, name, locale, notice, occasion, Optional.empty());
  }
}
