package dev.countersign.management.apis;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Applications;
import dev.countersign.application.ClientGrant;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.management.clients.Clients;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets applications call APIs by themselves, within scopes of the API's; and the Management API in the name of people, within
 * what those people's roles permit.
 */
public final class ClientGrants {
  private static final ApiError NO_SUCH_GRANT =
      new ApiError(404, "inexistent_client_grant", "The client grant does not exist.");

  private static final List<String> ABSENT =
      List.of(
          "allow_all_scopes",
          "allow_any_organization",
          "authorization_details_types",
          "default_for",
          "organization_usage");

  private static final Shape SCOPE = new Shape.ListOf(Shape.text(1, 280), 1_000);
  private static final Shape SUBJECT = Shape.word("client", "user");

  private static final Shape.Fields CHANGE = change();

  private static final Shape NEW =
      change()
          .withRequired("client_id", Shape.text(1, 128))
          .withRequired("audience", Shape.text(1, 600))
          .with("subject_type", SUBJECT);

  private static final Shape ANSWER =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("client_id", Shape.text(1, 128))
          .withRequired("audience", Shape.text(1, 600))
          .withRequired("scope", SCOPE)
          .withRequired("subject_type", SUBJECT);

  private final Database database;
  private final Apis apis;
  private final Applications applications;
  private final Audit audit;

  public ClientGrants(Database database, Apis apis, Applications applications, Audit audit) {
    this.database = database;
    this.apis = apis;
    this.applications = applications;
    this.audit = audit;
  }

  private static Shape.Fields change() {
    var fields = Shape.fields().with("scope", SCOPE);
    for (var absent : ABSENT) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Paths.GRANTS, "read:client_grants", this::list)
            .does("Lists which application may call which API by itself or in a person's name")
            .query(Listing.QUERY)
            .query("audience", Shape.text(1, 600))
            .query("client_id", Shape.text(1, 128))
            .query("subject_type", SUBJECT)
            .answers(200, Shape.page("client_grants", ANSWER)),
        Endpoint.post(Paths.GRANTS, "create:client_grants", NEW, this::create)
            .does(
                "Lets an application call an API by itself, or the Management API in a person's name")
            .answers(201, ANSWER),
        Endpoint.get(Paths.GRANT, "read:client_grants", this::show)
            .does("Shows a grant")
            .answers(200, ANSWER),
        Endpoint.patch(Paths.GRANT, "update:client_grants", CHANGE, this::change)
            .does("Changes the scopes of a grant")
            .answers(200, ANSWER),
        Endpoint.delete(Paths.GRANT, "delete:client_grants", this::remove)
            .does("Removes a grant; tokens made by it live until they expire")
            .answersNothing());
  }

  private Reply list(Call call) {
    var audience = call.queryText("audience");
    var client = call.queryText("client_id");
    var subject = call.queryText("subject_type");
    var all =
        database.read(tx -> apis.grants(tx, call.tenant())).stream()
            .filter(it -> subject.filter(word -> !word.equals(subject(it))).isEmpty())
            .filter(it -> audience.filter(name -> !name.equals(audience(call, it))).isEmpty())
            .filter(it -> client.filter(id -> !id.equals(it.client().value())).isEmpty())
            .toList();
    return Listing.answer(call, "client_grants", all, ClientGrant::id, it -> shown(call, it));
  }

  private Reply show(Call call) {
    return database
        .read(tx -> named(tx, call))
        .map(it -> Reply.json(shown(call, it)))
        .orElseGet(NO_SUCH_GRANT::reply);
  }

  private Optional<ClientGrant> named(Tx tx, Call call) {
    return apis.grants(tx, call.tenant()).stream()
        .filter(it -> it.id().equals(call.parameter("id")))
        .findFirst();
  }

  private static String audience(Call call, ClientGrant it) {
    return it.audienceAt(call.request().site().issuer());
  }

  private static String subject(ClientGrant it) {
    return it.isForPeople() ? "user" : "client";
  }

  private static ObjectNode shown(Call call, ClientGrant it) {
    var out =
        Json.object()
            .put("id", it.id())
            .put("client_id", it.client().value())
            .put("audience", audience(call, it))
            .put("subject_type", subject(it));
    out.set("scope", Json.texts(it.scopes()));
    return out;
  }

  private static Optional<ApiError> refused(Call call) {
    return ABSENT.stream()
        .flatMap(it -> Absent.refused(it, call.body().path(it)).stream())
        .findFirst();
  }

  private Reply create(Call call) {
    var refused = refused(call);
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    try {
      return database.write(tx -> create(tx, call));
    } catch (StorageException.Duplicate e) {
      return new ApiError(
              409, "conflict", "A grant of this client for this audience already exists.")
          .reply();
    }
  }

  private Reply create(Tx tx, Call call) {
    var client = new ClientId(String.valueOf(call.text("client_id")));
    if (applications.newest(tx, call.tenant(), client).isEmpty()) {
      return Clients.NO_SUCH_CLIENT.reply();
    }
    var api = api(tx, call, String.valueOf(call.text("audience")));
    if (api.isEmpty()) {
      return ResourceServers.NO_SUCH_API.reply();
    }
    Set<String> scopes = new TreeSet<>(call.texts("scope"));
    var strange = strange(api.get(), scopes);
    if (strange.isPresent()) {
      return strange.get().reply();
    }
    boolean forPeople = "user".equals(call.text("subject_type"));
    if (forPeople && !api.get().system()) {
      return ApiError.unsupported(
              "subject_type", "applications ask for this API in a person's name without a grant.")
          .reply();
    }
    var own = api.get().system() ? ClientGrant.MANAGEMENT : api.get().identifier();
    var grant =
        apis.allow(
            tx, call.tenant(), client, forPeople ? ClientGrant.MANAGEMENT_FOR_PEOPLE : own, scopes);
    audit.record(tx, call.tenant(), told(call, "created", grant));
    return Reply.json(201, shown(call, grant));
  }

  private Optional<Api> api(Tx tx, Call call, String audience) {
    return apis
        .all(tx, call.tenant(), call.request().site().issuer(), call.occasion().at())
        .stream()
        .filter(it -> it.identifier().equals(audience))
        .findFirst();
  }

  private static Optional<ApiError> strange(Api api, Set<String> scopes) {
    return api.scopeValues().containsAll(scopes)
        ? Optional.empty()
        : Optional.of(
            ApiError.body(
                "One or more scopes are not among those of the resource server", "scope"));
  }

  private Reply change(Call call) {
    return known(
        call,
        (tx, before) -> {
          var refused = refused(call);
          if (refused.isPresent()) {
            return refused.get().reply();
          }
          if (call.field("scope") == null) {
            return Reply.json(shown(call, before));
          }
          Set<String> scopes = new TreeSet<>(call.texts("scope"));
          var strange = api(tx, call, audience(call, before)).flatMap(it -> strange(it, scopes));
          if (strange.isPresent()) {
            return strange.get().reply();
          }
          var after = new ClientGrant(before.id(), before.client(), before.audience(), scopes);
          if (!after.equals(before)) {
            apis.save(tx, call.tenant(), after);
            audit.record(tx, call.tenant(), told(call, "changed", after));
          }
          return Reply.json(shown(call, after));
        });
  }

  private Reply remove(Call call) {
    return known(
        call,
        (tx, it) -> {
          apis.forbid(tx, call.tenant(), it);
          audit.record(tx, call.tenant(), told(call, "removed", it));
          return Reply.empty(204);
        });
  }

  private Reply known(Call call, BiFunction<Tx, ClientGrant, Reply> deed) {
    return database.write(
        tx -> named(tx, call).map(it -> deed.apply(tx, it)).orElseGet(NO_SUCH_GRANT::reply));
  }

  private static AuditEvent told(Call call, String how, ClientGrant it) {
    return call.did(how, "client_grant", it.id())
        .with("client", it.client().value())
        .with("audience", audience(call, it))
        .with("subject", subject(it))
        .with("scopes", String.join(" ", it.scopes()));
  }
}
