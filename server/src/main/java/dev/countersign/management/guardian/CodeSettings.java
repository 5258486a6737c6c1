package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditType;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** How long codes that are sent are, and how long they can be used, as Auth0's Guardian API has it. */
public final class CodeSettings {
  private static final String LENGTH = "otp_length";
  private static final String LASTS = "otp_expiration_time";
  static final Shape SETTINGS =
      Shape.fields()
          .withRequired(LENGTH, new Shape.Whole(4, 10))
          .withRequired(LASTS, new Shape.Whole(30, 3600));

  private final Database database;
  private final Factors factors;
  private final FactorSettings settings;
  private final Audit audit;

  public CodeSettings(Database database, Factors factors, FactorSettings settings, Audit audit) {
    this.database = database;
    this.factors = factors;
    this.settings = settings;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return Stream.of(endpoints("email", "email"), endpoints("phone", "sms"))
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Those of one factor.
   *
   * @param word its name in the path
   */
  private List<Endpoint> endpoints(String word, String name) {
    var path = "/guardian/factors/" + word + "/settings";
    return List.of(
        Endpoint.get(
                path, "read:guardian_factors", call -> Reply.json(shown(call, name).orElseThrow()))
            .does("Shows how long codes are and how long they can be used")
            .answers(200, SETTINGS),
        Endpoint.put(path, "update:guardian_factors", SETTINGS, call -> set(call, name))
            .does("Sets how long codes are and how long they can be used")
            .answers(200, SETTINGS));
  }

  /** What is in force; nothing for a factor without such settings. */
  Optional<ObjectNode> shown(Call call, String name) {
    return factors
        .byGuardianName(name)
        .map(factor -> factor.inForce(document(call, factor)))
        .filter(all -> all.containsKey(LENGTH) && all.containsKey(LASTS))
        .map(all -> Json.object().put(LENGTH, number(all, LENGTH)).put(LASTS, number(all, LASTS)));
  }

  private static long number(Map<String, Object> all, String name) {
    return all.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private String document(Call call, Factor factor) {
    return database.read(tx -> settings.of(tx, call.tenant(), factor.profile().id()));
  }

  /** Merged into what else the tenant has set for the factor. */
  private Reply set(Call call, String name) {
    var id = factors.byGuardianName(name).orElseThrow().profile().id();
    database.run(tx -> {
      var all = (ObjectNode) Json.tree(settings.held(tx, call.tenant(), id));
      all.setAll((ObjectNode) call.body());
      settings.set(tx, call.tenant(), id, Json.write(all), call.occasion().at());
      audit.record(
          tx,
          call.tenant(),
          PolicyChange.event(AuditType.SETTINGS_CHANGED, call).with("factor", id.value()));
    });
    return Reply.json(call.body());
  }
}
