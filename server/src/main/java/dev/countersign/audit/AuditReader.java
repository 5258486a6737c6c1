package dev.countersign.audit;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Database;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads the audit log as text, one JSON object an event: the form in which operators get it. Thread-safe. */
public final class AuditReader {
  private static final int PAGE = 1_000;

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

  /**
   * What was refused since then, one JSON object for each event, way and reason, the most frequent first: how often, for how
   * many people, and whom the most of it befell. Names that nobody has are counted together, for they are not recorded.
   */
  public List<String> refusals(TenantId tenant, Moment since) {
    Map<Refusal, Tally> tallies = new HashMap<>();
    var after = Audit.before(since);
    List<AuditEvent> read;
    do {
      var filter = Audit.Filter.since(since, after);
      read = database.read(tx -> audit.oldestFirst(tx, tenant, filter, PAGE));
      for (var event : read) {
        if (event.outcome() == AuditEvent.Outcome.FAILURE
            || event.outcome() == AuditEvent.Outcome.DENIED) {
          tallies.computeIfAbsent(Refusal.of(event), _ -> new Tally()).add(event);
        }
        after = event.id();
      }
    } while (read.size() == PAGE);
    return tallies.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<Refusal, Tally> it) -> -it.getValue().times)
                .thenComparing(Map.Entry::getKey))
        .map(it -> it.getValue().line(it.getKey()))
        .toList();
  }

  /**
   * A kind of refusal; what does not apply is empty.
   *
   * @param method the factor, or {@code password}
   */
  private record Refusal(String type, String method, String reason) implements Comparable<Refusal> {
    static Refusal of(AuditEvent event) {
      return new Refusal(
          event.type().code(),
          event.details().getOrDefault("factor", event.details().getOrDefault("method", "")),
          event.details().getOrDefault("reason", ""));
    }

    @Override
    public int compareTo(Refusal other) {
      return Comparator.comparing(Refusal::type)
          .thenComparing(Refusal::method)
          .thenComparing(Refusal::reason)
          .compare(this, other);
    }
  }

  /** How often one kind was, and for whom. */
  private static final class Tally {
    private final Map<UserId, Integer> people = new HashMap<>();
    private long times;
    private long nobodys;
    private @Nullable Moment first;
    private @Nullable Moment last;

    void add(AuditEvent event) {
      times++;
      first = first == null ? event.occurredAt() : first;
      last = event.occurredAt();
      var user = event.user();
      if (user == null) {
        nobodys++;
      } else {
        people.merge(user, 1, Integer::sum);
      }
    }

    String line(Refusal refusal) {
      ObjectNode line = Json.object();
      line.put("type", refusal.type());
      put(line, "method", refusal.method());
      put(line, "reason", refusal.reason());
      line.put("times", times).put("people", people.size()).put("about_nobody", nobodys);
      people.entrySet().stream()
          .max(
              Map.Entry.<UserId, Integer>comparingByValue()
                  .thenComparing(it -> it.getKey().value()))
          .ifPresent(most -> {
            line.put("most_for_one", most.getValue());
            line.put("whom", most.getKey().value());
          });
      put(line, "first", first);
      put(line, "last", last);
      return Json.write(line);
    }
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
