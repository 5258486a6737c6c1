package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.kernel.Occasion;
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
 */
public record Errand(
    TenantId tenant,
    String id,
    String to,
    String name,
    Optional<String> locale,
    Notice notice,
    Occasion occasion) {}
