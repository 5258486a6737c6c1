package dev.countersign.audit;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Database;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads the audit log as text, one JSON object an event: the form in which operators get it. Thread-safe. */
public final class AuditReader {
  private final Database database;
  private final Audit audit;

  public AuditReader(Database database, Audit audit) {
    this.database = database;
    this.audit = audit;
  }

  /** The newest {@code most} events, oldest of them first; only those about {@code user}, if one is given. */
  public List<String> last(TenantId tenant, Optional<UserId> user, int most) {
    var filter = user.map(Audit.Filter::about).orElse(Audit.Filter.ALL);
    return database.read(tx -> audit.newestFirst(tx, tenant, filter, 0, most)).reversed().stream()
        .map(AuditReader::line)
        .toList();
  }

  /** Members that do not apply are left out. */
  static String line(AuditEvent event) {
    ObjectNode line = Json.object();
    line.put("time", event.occurredAt().toString());
    line.put("type", event.type().code());
    line.put("outcome", event.outcome().name().toLowerCase(Locale.ROOT));
    put(line, "actor", event.actor());
    put(line, "user", event.user());
    put(line, "client", event.client());
    put(line, "sign_in", event.signIn());
    ObjectNode details = Json.object();
    event.details().forEach(details::put);
    if (!details.isEmpty()) {
      line.set("details", details);
    }
    put(line, "address", event.address());
    put(line, "user_agent", event.userAgent());
    put(line, "request", event.requestId());
    line.put("id", event.id());
    return Json.write(line);
  }

  private static void put(ObjectNode line, String name, @Nullable Object value) {
    String text = value == null ? "" : value.toString();
    if (!text.isEmpty()) {
      line.put(name, text);
    }
  }
}
