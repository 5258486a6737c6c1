package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditType;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Setting;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** What a tenant sets for those factors that have plain settings: read, and changed field by field. */
public final class FactorSettingsEndpoints {
  private final Database database;
  private final Tenants tenants;
  private final Factors factors;
  private final FactorSettings settings;
  private final Audit audit;

  public FactorSettingsEndpoints(
      Database database, Tenants tenants, Factors factors, FactorSettings settings, Audit audit) {
    this.database = database;
    this.tenants = tenants;
    this.factors = factors;
    this.settings = settings;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return factors.fixed().inOrder().stream()
        .filter(factor -> !factor.settings().isEmpty())
        .flatMap(factor -> {
          var path = "/guardian/factors/" + factor.profile().guardianName() + "/settings";
          return Stream.of(
              Endpoint.get(path, "read:guardian_factors", call -> read(call, factor))
                  .does("Shows what is set for this factor")
                  .answers(200, shape(factor)),
              Endpoint.put(
                      path, "update:guardian_factors", shape(factor), call -> change(call, factor))
                  .does("Changes what is set for this factor; what is not sent stays")
                  .answers(200, shape(factor)));
        })
        .toList();
  }

  private static Shape shape(Factor factor) {
    var fields = Shape.fields();
    for (var setting : factor.settings()) {
      fields =
          fields.with(
              setting.name(),
              switch (setting.kind()) {
                case FLAG -> Shape.flag();
                case TEXT -> Shape.text(0, 253);
                case WORD -> Shape.word(setting.words().toArray(String[]::new));
                case TEXTS -> new Shape.ListOf(Shape.text(1, 8_000), 100);
              });
    }
    return fields;
  }

  private Reply read(Call call, Factor factor) {
    var stored =
        (ObjectNode)
            Json.tree(database.read(tx -> settings.of(tx, call.tenant(), factor.profile().id())));
    for (var setting : factor.settings()) {
      if (setting.kind() == Setting.Kind.FLAG && !stored.has(setting.name())) {
        stored.put(setting.name(), factor.usually(setting));
      }
    }
    return Reply.json(stored);
  }

  /** What is not sent stays as it is; the answer repeats what was sent. What changes nothing is not recorded. */
  private Reply change(Call call, Factor factor) {
    var id = factor.profile().id();
    var sent = (ObjectNode) call.body();
    return database.write(tx -> {
      var before = Json.tree(settings.held(tx, call.tenant(), id));
      var merged = (ObjectNode) before.deepCopy();
      merged.setAll(sent);
      if (merged.equals(before)) {
        return Reply.json(sent);
      }
      var document = Json.write(merged);
      var unfit = factor.unfit(document, tenants.origins(tx, call.tenant()));
      if (unfit.isPresent()) {
        return ApiError.body(
                new Shape.Violation(unfit.get().why(), unfit.get().field()).sentence("Payload"))
            .reply();
      }
      settings.set(tx, call.tenant(), id, document, call.occasion().at());
      audit.record(
          tx,
          call.tenant(),
          PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
              .with("factor", id.value())
              .with("changed", String.join(", ", sent.propertyNames())));
      return Reply.json(sent);
    });
  }
}
