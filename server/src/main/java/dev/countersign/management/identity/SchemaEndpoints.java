package dev.countersign.management.identity;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Holder;
import dev.countersign.identity.IdentitySchema;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The identity schema, read and replaced whole. */
public final class SchemaEndpoints {
  private static final Shape DOCUMENT = new Shape.Open(64 * 1024);
  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("version", new Shape.Whole(0, Long.MAX_VALUE))
          .withRequired("schema", DOCUMENT);

  private final Database database;
  private final IdentitySchemas schemas;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Audit audit;

  public SchemaEndpoints(
      Database database,
      IdentitySchemas schemas,
      Factors factors,
      Enrolments enrolments,
      Audit audit) {
    this.database = database;
    this.schemas = schemas;
    this.factors = factors;
    this.enrolments = enrolments;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/identity-schema", "read:tenant_settings", this::show)
            .does("Shows the schema that people's traits have to fit")
            .answers(200, SHOWN),
        Endpoint.put(
                "/identity-schema",
                "update:tenant_settings",
                Shape.fields().withRequired("schema", DOCUMENT),
                this::replace)
            .does("Replaces the schema; refused with who would not fit it")
            .answers(200, SHOWN));
  }

  private Reply show(Call call) {
    return shown(database.read(tx -> schemas.current(tx, call.tenant())));
  }

  private static Reply shown(IdentitySchema schema) {
    var out = Json.object().put("version", schema.version());
    out.set("schema", schema.document());
    return Reply.json(out);
  }

  private Reply replace(Call call) {
    var document = (ObjectNode) call.body().get("schema");
    try {
      return database.write(tx -> replace(tx, call, document));
    } catch (StorageException.Duplicate _) {
      return new ApiError(
              409,
              "conflict",
              "The schema is being changed by others at the same time. Read it and try again.")
          .reply();
    }
  }

  private Reply replace(Tx tx, Call call, ObjectNode document) {
    var tenant = call.tenant();
    var before = schemas.current(tx, tenant);
    int stranded = stranded(tx, call, document);
    if (stranded > 0) {
      return new ApiError(
              409,
              "operation_not_supported",
              "Without a trait that serves as phone, "
                  + (stranded == 1 ? "1 person" : stranded + " people")
                  + " would have no factor left that they could use. Let them set up another one first.")
          .reply();
    }
    return switch (schemas.change(tx, tenant, document, call.actor(), call.occasion().at())) {
      case IdentitySchemas.Change.Unfit(var why, var path) ->
          ApiError.body(
                  new Shape.Violation(why, path.isEmpty() ? "schema" : "schema." + path)
                      .sentence("Payload"))
              .reply();
      case IdentitySchemas.Change.Breaks(var broken) ->
          new ApiError(
                  409,
                  "operation_not_supported",
                  "People who are there already would not fit this schema: "
                      + broken.stream().map(SchemaEndpoints::told).collect(Collectors.joining("; "))
                      + ". Change them first, or the schema.")
              .reply();
      case IdentitySchemas.Change.Saved(var after) -> {
        if (after.version() != before.version()) {
          audit.record(
              tx,
              tenant,
              AuditEvent.success(AuditType.SETTINGS_CHANGED, call.occasion())
                  .by(call.actor(), null)
                  .with("setting", "identity_schema")
                  .with("before", String.valueOf(before.version()))
                  .with("after", String.valueOf(after.version())));
        }
        yield shown(after);
      }
    };
  }

  /** How many people have only factors that need a phone trait, where this document no longer marks one. */
  private int stranded(Tx tx, Call call, ObjectNode document) {
    if (!(IdentitySchema.read(document, 0) instanceof IdentitySchema.Reading.Read(var after))
        || after.marksPhone()) {
      return 0;
    }
    var with =
        suiting(
            call,
            Stream.of(Dispatch.Via.values()).collect(Collectors.toMap(Holder::reached, _ -> "")));
    var without = suiting(call, Map.of());
    var lost = new HashSet<>(with);
    lost.removeAll(without);
    return enrolments.peopleWithOnly(tx, call.tenant(), lost, without);
  }

  private Set<FactorId> suiting(Call call, Map<String, String> traits) {
    var anybody = new Holder(new UserId("anybody"), "", traits);
    return factors.of(call.tenant()).inOrder().stream()
        .filter(factor -> !factor.profile().recovers() && factor.suits(anybody))
        .map(factor -> factor.profile().id())
        .collect(Collectors.toSet());
  }

  private static String told(IdentitySchemas.Broken broken) {
    return (broken.trait().isEmpty() ? "as a whole" : broken.trait())
        + ": "
        + (broken.people() == 1 ? "1 person" : broken.people() + " people")
        + " ("
        + String.join(", ", broken.first())
        + (broken.people() > broken.first().size() ? ", ..." : "")
        + ")";
  }
}
