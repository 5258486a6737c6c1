package dev.countersign.management.connections;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Discoverable;
import dev.countersign.factor.Factors;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Checkpoint;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Shape;
import dev.countersign.management.clients.Clients;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.KeptSettings;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The database connection {@code Username-Password-Authentication}, the one there is. Nobody signs in to an application for
 * which it is not enabled.
 */
public final class Connections {
  private static final ApiError NO_SUCH_CONNECTION =
      new ApiError(404, "inexistent_connection", "The connection does not exist.");
  private static final String KEPT = "connection";
  private static final String WITH_ID = "/connections/{id}";

  private final Database database;
  private final Applications applications;
  private final Policies policies;
  private final Factors factors;
  private final KeptSettings kept;
  private final Audit audit;

  public Connections(
      Database database,
      Applications applications,
      Policies policies,
      Factors factors,
      KeptSettings kept,
      Audit audit) {
    this.database = database;
    this.applications = applications;
    this.policies = policies;
    this.factors = factors;
    this.kept = kept;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    var client = Shape.fields().withRequired("client_id", Shape.text(1, 128));
    var clients = new Shape.ListOf(client.withRequired("status", Shape.flag()), 50);
    return List.of(
        Endpoint.get("/connections", "read:connections", this::list)
            .does("Lists the connections, of which there is one")
            .query(Listing.QUERY)
            .query(Listing.NARROWING)
            .query("strategy", new Shape.ListOf(Shape.text(1, 64), 50))
            .query("name", Shape.text(1, 128))
            .answers(200, Shape.page("connections", ConnectionFields.ANSWER)),
        Endpoint.post("/connections", "create:connections", ConnectionFields.NEW, this::create)
            .does("Refuses further connections: people are kept in one")
            .answers(201, ConnectionFields.ANSWER),
        Endpoint.get(WITH_ID, "read:connections", this::show)
            .does("Shows the connection")
            .query(Listing.NARROWING)
            .answers(200, ConnectionFields.ANSWER),
        Endpoint.patch(WITH_ID, "update:connections", ConnectionFields.CHANGE, this::change)
            .does("Changes for which applications it is enabled, and what is noted of it")
            .answers(200, ConnectionFields.ANSWER),
        Endpoint.delete(WITH_ID, "delete:connections", this::remove)
            .does("Refuses to remove the connection: it holds everybody")
            .answersNothing(),
        Endpoint.get(WITH_ID + "/clients", "read:connections", this::clients)
            .does("Lists the applications for which it is enabled")
            .query("take", new Shape.Whole(1, 1_000))
            .query("from", Shape.text(0, 1_000))
            .answers(
                200,
                Shape.fields()
                    .with("next", Shape.text(1, 2_000))
                    .withRequired("clients", new Shape.ListOf(client, 1_000))),
        Endpoint.patch(WITH_ID + "/clients", "update:connections", clients, this::enable)
            .does("Enables or disables it for applications")
            .answersNothing());
  }

  // Reading

  private Reply list(Call call) {
    var strategies = call.query().get("strategy");
    boolean asked =
        (strategies == null || Call.texts(strategies).contains("auth0"))
            && call.queryText("name")
                .orElse(Person.PASSWORD_CONNECTION)
                .equals(Person.PASSWORD_CONNECTION);
    var ours = database.read(tx -> shown(tx, call.tenant()));
    var all = asked ? List.of(ours) : List.<ObjectNode>of();
    return Listing.answer(
        call, "connections", all, it -> it.path("id").stringValue(""), call::narrowed);
  }

  private Reply show(Call call) {
    return isOurs(call)
        ? Reply.json(call.narrowed(database.read(tx -> shown(tx, call.tenant()))))
        : NO_SUCH_CONNECTION.reply();
  }

  private ObjectNode shown(Tx tx, TenantId tenant) {
    return ConnectionFields.shown(enabled(tx, tenant), kept.of(tx, tenant, KEPT));
  }

  private List<String> enabled(Tx tx, TenantId tenant) {
    return applications.all(tx, tenant).stream()
        .filter(Application::connected)
        .map(it -> it.id().value())
        .toList();
  }

  /** Whether a factor is allowed that can be the first proof. */
  private boolean passkeys(Tx tx, TenantId tenant) {
    var allowed = policies.current(tx, tenant).allowed();
    return factors.of(tenant).inOrder().stream()
        .anyMatch(it -> it instanceof Discoverable && allowed.contains(it.profile().id()));
  }

  private Reply clients(Call call) {
    if (!isOurs(call)) {
      return NO_SUCH_CONNECTION.reply();
    }
    var all = database.read(tx -> enabled(tx, call.tenant()));
    return Checkpoint.of(call)
        .orElseGet(() -> new Checkpoint(50, ""))
        .cut("clients", all, it -> it, it -> Json.object().put("client_id", it));
  }

  // Changing

  private Reply create(Call call) {
    boolean there =
        Person.PASSWORD_CONNECTION.equals(call.text("name"))
            && "auth0".equals(call.text("strategy"));
    return there
        ? new ApiError(409, "conflict", "A connection with the same name already exists.").reply()
        : ApiError.unsupported(
                "People are kept in the one connection " + Person.PASSWORD_CONNECTION + ".")
            .reply();
  }

  private Reply remove(Call call) {
    return isOurs(call)
        ? ApiError.unsupported("The connection holds all people of the tenant and stays.").reply()
        : NO_SUCH_CONNECTION.reply();
  }

  private Reply change(Call call) {
    if (!isOurs(call)) {
      return NO_SUCH_CONNECTION.reply();
    }
    return database.write(tx -> {
      var refused = ConnectionFields.refused(call.body(), passkeys(tx, call.tenant()));
      if (refused.isPresent()) {
        return refused.get().reply();
      }
      if (call.field("enabled_clients") != null) {
        var wanted = new HashSet<>(call.texts("enabled_clients"));
        Map<String, Boolean> statuses = new LinkedHashMap<>();
        enabled(tx, call.tenant()).forEach(it -> statuses.put(it, wanted.contains(it)));
        wanted.forEach(it -> statuses.put(it, true));
        var unknown = enable(tx, call, statuses);
        if (unknown.isPresent()) {
          return unknown.get().reply();
        }
      }
      boolean noted =
          kept.change(
              tx,
              call.tenant(),
              KEPT,
              document -> {
                Stream.of("display_name", "metadata")
                    .filter(call.body()::has)
                    .forEach(it -> document.set(it, call.body().get(it)));
                return document;
              },
              call.occasion().at());
      if (noted) {
        audit.record(
            tx, call.tenant(), call.did("changed", "connection", Person.PASSWORD_CONNECTION));
      }
      return Reply.json(shown(tx, call.tenant()));
    });
  }

  private Reply enable(Call call) {
    if (!isOurs(call)) {
      return NO_SUCH_CONNECTION.reply();
    }
    Map<String, Boolean> statuses = new LinkedHashMap<>();
    call.body()
        .forEach(it ->
            statuses.put(it.path("client_id").stringValue(""), it.path("status").booleanValue()));
    return database.write(
        tx -> enable(tx, call, statuses).map(ApiError::reply).orElseGet(() -> Reply.empty(204)));
  }

  /** All or none: an unknown client is found before anything is written. */
  private Optional<ApiError> enable(Tx tx, Call call, Map<String, Boolean> statuses) {
    var changes = new ArrayList<Application>();
    for (var each : statuses.entrySet()) {
      var known = applications.newest(tx, call.tenant(), new ClientId(each.getKey()));
      if (known.isEmpty()) {
        return Optional.of(Clients.NO_SUCH_CLIENT);
      }
      if (known.get().connected() != each.getValue()) {
        changes.add(known.get().with(it -> it.connected = each.getValue()));
      }
    }
    for (var changed : changes) {
      applications.save(tx, call.tenant(), changed);
      audit.record(
          tx,
          call.tenant(),
          call.did(
                  changed.connected() ? "enabled" : "disabled",
                  "connection",
                  Person.PASSWORD_CONNECTION)
              .with("client", changed.id().value()));
    }
    return Optional.empty();
  }

  private static boolean isOurs(Call call) {
    return call.parameter("id").equals(ConnectionFields.ID);
  }
}
