package dev.countersign.management.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Act;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.management.roles.Reach;
import dev.countersign.management.users.UserExport;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Orders imports and exports of people, and tells how they go. */
public final class JobEndpoints {
  /** Where files are fetched, by a link that is its own key. */
  private static final String FILE = "/files/export";

  /** The id under which the connection of passwords is known. */
  private static final Set<String> CONNECTIONS =
      Set.of(Person.PASSWORD_CONNECTION_ID, Person.PASSWORD_CONNECTION);

  private static final Set<String> IMPORT_FIELDS =
      Set.of("users", "connection_id", "upsert", "external_id", "send_completion_email");
  private static final Shape EXPORT =
      Shape.fields()
          .with("connection_id", Shape.text(1, 128))
          .with("format", Shape.word("json", "csv"))
          .with("limit", new Shape.Whole(1, Integer.MAX_VALUE))
          .with("fields", UserExport.FIELDS);
  private static final Shape.Fields JOB =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("type", Shape.word("users_import", "users_export"))
          .withRequired("status", Shape.word("pending", "processing", "completed", "failed"))
          .withRequired("created_at", Shape.moment())
          .with("connection_id", Shape.text(1, 128))
          .with("connection", Shape.text(1, 128))
          .with("external_id", Shape.text(0, 500))
          .with("upsert", Shape.flag())
          .with("send_completion_email", Shape.flag())
          .with("format", Shape.word("json", "csv"))
          .with("limit", new Shape.Whole(1, Integer.MAX_VALUE))
          .with("fields", UserExport.FIELDS)
          .with("percentage_done", new Shape.Whole(0, 100))
          .with("location", Shape.text(1, 2_000))
          .with(
              "summary",
              Shape.fields()
                  .withRequired("failed", new Shape.Whole(0, Long.MAX_VALUE))
                  .withRequired("updated", new Shape.Whole(0, Long.MAX_VALUE))
                  .withRequired("inserted", new Shape.Whole(0, Long.MAX_VALUE))
                  .withRequired("total", new Shape.Whole(0, Long.MAX_VALUE)));
  private static final Shape FAULTS =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("user", new Shape.Open(Integer.MAX_VALUE))
              .withRequired(
                  "errors",
                  new Shape.ListOf(
                      Shape.fields()
                          .withRequired("code", Shape.text(1, 64))
                          .withRequired("message", Shape.text(0, 1_000))
                          .withRequired("path", Shape.text(0, 1_000)),
                      10)),
          Integer.MAX_VALUE);

  private final Database database;
  private final Jobs jobs;
  private final Audit audit;
  private final Reach reach;

  public JobEndpoints(Database database, Jobs jobs, Audit audit, Reach reach) {
    this.database = database;
    this.jobs = jobs;
    this.audit = audit;
    this.reach = reach;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(Method.POST, "/jobs/users-imports", List.of("create:users"), this::orderImport)
            .does("Orders the import of a file of people (multipart/form-data)")
            .answers(202, JOB),
        Endpoint.post("/jobs/users-exports", "read:users", EXPORT, this::orderExport)
            .act(Act.EXPORT_USERS)
            .does("Orders the export of people to a file")
            .answers(200, JOB),
        Endpoint.of(Method.GET, "/jobs/{id}", List.of("create:users", "read:users"), this::show)
            .does("Tells how a job goes")
            .answers(200, JOB),
        Endpoint.of(
                Method.GET,
                "/jobs/{id}/errors",
                List.of("create:users", "read:users"),
                this::faults)
            .does("Lists what an import refused")
            .answers(200, FAULTS)
            .answersNothing());
  }

  /** Where the files are. */
  public List<Route> routes() {
    return List.of(Route.get(FILE, this::file));
  }

  // Imports

  private Reply orderImport(Call call) {
    var form =
        Multipart.read(call.request().header("content-type").orElse(""), call.request().body());
    if (form.isEmpty()) {
      throw new Refused(Problem.CONTENT_TYPE, "", "Send a form with a file (multipart/form-data)");
    }
    var fields = form.get().fields();
    var refused = unfit(fields);
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    JsonNode people;
    try {
      people = Json.parse(fields.getOrDefault("users", new byte[0]));
    } catch (Json.Malformed e) {
      return body("File is not JSON: " + e.getMessage(), "users").reply();
    }
    if (!people.isArray()) {
      return body("Expected type array", "users").reply();
    }
    boolean upsert = text(fields, "upsert").equals("true");
    var beyond = reach.againstImport(call, people, upsert);
    if (beyond.isPresent()) {
      return beyond.get().reply();
    }
    ObjectNode order =
        Json.object()
            .put("actor", call.actor())
            .put("connection_id", text(fields, "connection_id"))
            .put("upsert", upsert)
            .put("external_id", text(fields, "external_id"))
            .put("send_completion_email", !text(fields, "send_completion_email").equals("false"));
    var job = jobs.order(call.tenant(), order, people, call.occasion().at());
    told(call, job);
    return Reply.json(202, shown(job));
  }

  private static Optional<ApiError> unfit(Map<String, byte[]> fields) {
    for (var name : fields.keySet()) {
      if (!IMPORT_FIELDS.contains(name)) {
        return Optional.of(
            body(
                "Additional properties not allowed: " + name.replaceAll("[^A-Za-z0-9_]", "?"),
                "form"));
      }
    }
    for (var name : List.of("users", "connection_id")) {
      if (!fields.containsKey(name)) {
        return Optional.of(body("Missing required property: " + name, name));
      }
    }
    for (var name : List.of("upsert", "send_completion_email")) {
      if (!Set.of("", "true", "false").contains(text(fields, name))) {
        return Optional.of(body("Expected type boolean but found type string", name));
      }
    }
    if (text(fields, "external_id").length() > 500) {
      return Optional.of(body("String is too long, maximum 500", "external_id"));
    }
    return unknownConnection(text(fields, "connection_id"));
  }

  private static Optional<ApiError> unknownConnection(String id) {
    return CONNECTIONS.contains(id)
        ? Optional.empty()
        : Optional.of(new ApiError(400, "inexistent_connection", "The connection does not exist."));
  }

  private static String text(Map<String, byte[]> fields, String name) {
    return new String(fields.getOrDefault(name, new byte[0]), UTF_8).strip();
  }

  private static ApiError body(String what, String path) {
    return ApiError.body(new Shape.Violation(what, path).sentence("Payload"));
  }

  // Exports

  private Reply orderExport(Call call) {
    var connection = call.text("connection_id");
    var refused = connection == null ? Optional.<ApiError>empty() : unknownConnection(connection);
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    ObjectNode order = Json.object().put("actor", call.actor());
    for (var property : call.body().properties()) {
      order.set(property.getKey(), property.getValue());
    }
    var job = jobs.order(call.tenant(), order, call.occasion().at());
    told(call, job);
    return Reply.json(shown(job));
  }

  private void told(Call call, Job job) {
    database.run(tx ->
        audit.record(
            tx,
            call.tenant(),
            AuditEvent.success(AuditType.API_CHANGED, call.occasion())
                .by(call.actor(), null)
                .with("changed", job.type().word())
                .with("job", job.id())));
  }

  /** Whoever has the link has the file, once; it was given to a caller who may read everybody. */
  private Reply file(Request request) {
    return jobs.file(request.site().tenant(), Secret.of(request.query().text("key")), request.at())
        .map(file ->
            Reply.bytes("application/gzip", file)
                .withHeader("Content-Disposition", "attachment; filename=\"users.gz\""))
        .orElseThrow(() -> new Refused(Problem.NOT_FOUND, "", ""));
  }

  // Telling

  private Reply show(Call call) {
    return database.write(tx ->
        jobs.find(tx, call.tenant(), call.parameter("id"))
            .map(job -> {
              var out = shown(job);
              if (job.type() == Job.Type.USERS_EXPORT && job.state() == Job.State.COMPLETED) {
                out.put(
                    "location",
                    call.request().site().origin()
                        + FILE
                        + "?key="
                        + jobs.link(tx, job, call.occasion().at()).reveal());
              }
              return Reply.json(out);
            })
            .orElseGet(JobEndpoints::noSuchJob));
  }

  private Reply faults(Call call) {
    return database.read(tx ->
        jobs.find(tx, call.tenant(), call.parameter("id"))
            .map(job -> {
              var faults = jobs.faults(tx, call.tenant(), job.id());
              if (faults.isEmpty()) {
                return Reply.empty(204);
              }
              var out = Json.array();
              faults.forEach(fault -> out.add(Json.tree(fault)));
              return Reply.json(out);
            })
            .orElseGet(JobEndpoints::noSuchJob));
  }

  private static ObjectNode shown(Job job) {
    ObjectNode out =
        Json.object()
            .put("id", job.id())
            .put("type", job.type().word())
            .put("status", job.state().word())
            .put("created_at", job.createdAt().toString());
    for (var property : job.order().properties()) {
      boolean ours = property.getKey().equals("actor");
      boolean empty = property.getValue().isString() && property.getValue().stringValue().isEmpty();
      if (!ours && !empty) {
        out.set(property.getKey(), property.getValue());
      }
    }
    out.put("connection", Person.PASSWORD_CONNECTION);
    out.put("percentage_done", job.percentage());
    if (job.type() == Job.Type.USERS_IMPORT && job.state() == Job.State.COMPLETED) {
      out.set(
          "summary",
          Json.object()
              .put("failed", job.failed())
              .put("updated", job.updated())
              .put("inserted", job.inserted())
              .put("total", job.total()));
    }
    return out;
  }

  private static Reply noSuchJob() {
    return new ApiError(404, "inexistent_job", "The job does not exist.").reply();
  }
}
