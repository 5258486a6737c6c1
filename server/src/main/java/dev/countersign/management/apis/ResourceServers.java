package dev.countersign.management.apis;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.audit.Audit;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Creates, shows, changes and removes APIs. The Management API itself is listed and stays as it is. */
public final class ResourceServers {
  static final ApiError NO_SUCH_API =
      new ApiError(404, "inexistent_resource_server", "The resource server does not exist.");

  private static final ApiError SYSTEM_STAYS =
      ApiError.unsupported(
          "The " + Api.MANAGEMENT_NAME + " is part of the server and stays as it is.");

  private static final String WITH_ID = "/resource-servers/{id}";

  /** In days of Auth0's: a month. */
  private static final long LONGEST_SECONDS = 2_592_000;

  private static final List<String> NOTED =
      List.of("token_lifetime_for_web", "skip_consent_for_verifiable_first_party_clients");

  private static final List<String> ABSENT =
      List.of(
          "consent_policy",
          "enforce_policies",
          "proof_of_possession",
          "token_encryption",
          "verification_key",
          "verificationKey",
          "verificationLocation",
          "verification_location",
          "authorization_policy");

  private static final Shape SCOPES =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("value", Shape.text(1, 280))
              .with("description", Shape.text(0, 500)),
          1_000);

  private static final Shape.Fields CHANGE = change();

  private static final Shape NEW =
      change()
          .withRequired("identifier", Shape.text(1, 600))
          .with("is_system", new Shape.Anything());

  private static final Shape ANSWER =
      change()
          .with("id", Shape.text(1, 600))
          .with("identifier", Shape.text(1, 600))
          .with("is_system", Shape.flag());

  private final Database database;
  private final Apis apis;
  private final Tenants tenants;
  private final Audit audit;

  public ResourceServers(Database database, Apis apis, Tenants tenants, Audit audit) {
    this.database = database;
    this.apis = apis;
    this.tenants = tenants;
    this.audit = audit;
  }

  private static Shape.Fields change() {
    var policy =
        Shape.fields().with("policy", Shape.word("allow_all", "deny_all", "require_client_grant"));
    var fields =
        Shape.fields()
            .with("name", Shape.text(1, 200))
            .with("scopes", SCOPES)
            .with("signing_alg", Shape.word("RS256", "ES256", "HS256", "RS512", "PS256"))
            .with("token_lifetime", new Shape.Whole(1, LONGEST_SECONDS))
            .with("token_lifetime_for_web", new Shape.Whole(1, LONGEST_SECONDS))
            .with("allow_offline_access", Shape.flag())
            .with("authorization_details", TransactionTypes.SHAPE)
            .with("skip_consent_for_verifiable_first_party_clients", Shape.flag())
            .with(
                "token_dialect",
                Shape.word(
                    "access_token",
                    "access_token_authz",
                    "rfc9068_profile",
                    "rfc9068_profile_authz"))
            .with(
                "subject_type_authorization",
                Shape.fields().with("user", policy).with("client", policy));
    for (var absent : ABSENT) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields;
  }

  public List<Endpoint> endpoints() {
    var id = Shape.text(1, 600);
    return List.of(
        Endpoint.get("/resource-servers", "read:resource_servers", this::list)
            .does("Lists the APIs, the Management API first")
            .query(Listing.QUERY)
            .query("identifiers", new Shape.ListOf(Shape.text(1, 600), 50))
            .answers(200, Shape.page("resource_servers", ANSWER)),
        Endpoint.post("/resource-servers", "create:resource_servers", NEW, this::create)
            .does("Creates an API")
            .answers(201, ANSWER),
        Endpoint.get(WITH_ID, "read:resource_servers", this::show)
            .does("Shows an API, by its id or its identifier")
            .parameter("id", id)
            .answers(200, ANSWER),
        Endpoint.patch(WITH_ID, "update:resource_servers", CHANGE, this::change)
            .does("Changes what is sent of an API")
            .parameter("id", id)
            .answers(200, ANSWER),
        Endpoint.delete(WITH_ID, "delete:resource_servers", this::remove)
            .does("Removes an API and every grant for it")
            .parameter("id", id)
            .answersNothing());
  }

  // Reading

  private Reply list(Call call) {
    var wanted = call.query().get("identifiers");
    var all =
        all(call).stream()
            .filter(it -> wanted == null || Call.texts(wanted).contains(it.identifier()))
            .toList();
    return Listing.answer(call, "resource_servers", all, Api::id, ResourceServers::shown);
  }

  private List<Api> all(Call call) {
    return database.read(tx -> all(tx, call));
  }

  private List<Api> all(Tx tx, Call call) {
    return apis.all(tx, call.tenant(), call.request().site().issuer(), call.occasion().at());
  }

  private Reply show(Call call) {
    return named(call, all(call)).map(it -> Reply.json(shown(it))).orElseGet(NO_SUCH_API::reply);
  }

  private static Optional<Api> named(Call call, List<Api> all) {
    var id = call.parameter("id");
    return all.stream().filter(it -> it.id().equals(id) || it.identifier().equals(id)).findFirst();
  }

  private static ObjectNode shown(Api it) {
    var out =
        Json.object()
            .put("id", it.id())
            .put("name", it.name())
            .put("identifier", it.identifier())
            .put("is_system", it.system())
            .put("signing_alg", it.algorithm().name())
            .put("token_lifetime", it.accessSeconds())
            .put("token_lifetime_for_web", Math.min(7_200, it.accessSeconds()))
            .put("allow_offline_access", it.offline())
            .put("skip_consent_for_verifiable_first_party_clients", true)
            .put("token_dialect", "rfc9068_profile")
            .put("enforce_policies", false);
    var subjects = Json.object();
    subjects.set(
        "user", Json.object().put("policy", it.system() ? "require_client_grant" : "allow_all"));
    subjects.set("client", Json.object().put("policy", "require_client_grant"));
    out.set("subject_type_authorization", subjects);
    out.set(
        "scopes",
        Paging.array(
            it.scopes().stream()
                .map(scope ->
                    Json.object()
                        .put("value", scope.value())
                        .put("description", scope.description()))
                .toList()));
    if (!it.transactions().isEmpty()) {
      out.set("authorization_details", TransactionTypes.shown(it.transactions()));
    }
    out.setAll((ObjectNode) Json.tree(Json.write(it.notes())));
    return out;
  }

  // Changing

  private static Optional<ApiError> refused(Call call) {
    var sent = call.body();
    var alg = sent.path("signing_alg").stringValue("RS256");
    var subjects = sent.path("subject_type_authorization");
    var scopes = new HashSet<String>();
    return Stream.<Optional<ApiError>>of(
            must(
                alg.equals("RS256") || alg.equals("ES256"),
                "signing_alg",
                "tokens are signed by RS256 or ES256."),
            must(
                !sent.path("token_dialect").stringValue("").endsWith("_authz"),
                "token_dialect",
                "tokens carry no permissions of roles."),
            must(
                subjects.path("user").path("policy").stringValue("allow_all").equals("allow_all"),
                "subject_type_authorization.user.policy",
                "every application of the tenant may ask for it in a person's name."),
            must(
                subjects
                    .path("client")
                    .path("policy")
                    .stringValue("require_client_grant")
                    .equals("require_client_grant"),
                "subject_type_authorization.client.policy",
                "an application needs a client grant to call it by itself."),
            TransactionTypes.refused(sent.path("authorization_details")),
            Stream.concat(ABSENT.stream(), Stream.of("is_system"))
                .flatMap(name -> Absent.refused(name, sent.path(name)).stream())
                .findFirst(),
            sent.path("scopes")
                .valueStream()
                .map(it -> it.path("value").stringValue(""))
                .filter(it -> !it.matches("[\\x21\\x23-\\x5b\\x5d-\\x7e]+") || !scopes.add(it))
                .findFirst()
                .map(_ ->
                    // RFC 6749 section 3.3
                    ApiError.body("Scopes are words of printable characters, each once", "scopes")))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<ApiError> must(boolean holds, String field, String why) {
    return holds ? Optional.empty() : Optional.of(ApiError.unsupported(field, why));
  }

  private Reply create(Call call) {
    var identifier = String.valueOf(call.text("identifier"));
    var refused = refused(call).or(() -> reserved(call, identifier));
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var name = call.text("name");
    var usual =
        new Api(
            identifier,
            name == null ? cut(identifier) : name,
            List.of(),
            Api.USUAL_SECONDS,
            SigningAlgorithm.RS256,
            false,
            Map.of(),
            false,
            new Moment(0));
    try {
      return database.write(tx -> {
        var created = apis.create(tx, call.tenant(), changed(call, usual), call.occasion().at());
        audit.record(tx, call.tenant(), call.did("created", "resource_server", identifier));
        return Reply.json(201, shown(created));
      });
    } catch (StorageException.Duplicate e) {
      return taken();
    }
  }

  private static String cut(String identifier) {
    return identifier.substring(0, Math.min(200, identifier.length()));
  }

  private static Reply taken() {
    return new ApiError(
            409, "conflict", "A resource server with the same identifier already exists.")
        .reply();
  }

  /** What stands for ourselves at any host of the tenant's, and the name by which tools know us. */
  private Optional<ApiError> reserved(Call call, String identifier) {
    boolean ours =
        Stream.concat(
                database.read(tx -> tenants.origins(tx, call.tenant())).stream(),
                Stream.of(call.request().site().origin()))
            .anyMatch(it -> identifier.startsWith(it + "/"));
    if (ours) {
      return Optional.of(
          new ApiError(409, "conflict", "The identifier stands for an API of the server's own."));
    }
    return Api.MANAGEMENT_NAME.equals(call.text("name"))
        ? Optional.of(new ApiError(409, "conflict", "The name is the Management API's."))
        : Optional.empty();
  }

  private Reply change(Call call) {
    return known(
        call,
        (tx, before) -> {
          var refused = refused(call);
          if (refused.isPresent()) {
            return refused.get().reply();
          }
          if (Api.MANAGEMENT_NAME.equals(call.text("name"))) {
            return new ApiError(409, "conflict", "The name is the Management API's.").reply();
          }
          var after = changed(call, before);
          if (!after.equals(before)) {
            apis.save(tx, call.tenant(), after);
            audit.record(
                tx,
                call.tenant(),
                call.did("changed", "resource_server", after.identifier())
                    .with("changed", String.join(", ", call.body().propertyNames())));
          }
          return Reply.json(shown(after));
        });
  }

  private Reply remove(Call call) {
    return known(
        call,
        (tx, it) -> {
          var settings = tenants.newest(tx, call.tenant()).settings();
          if (settings.defaultAudience().equals(it.identifier())) {
            return new ApiError(
                    409,
                    "operation_not_supported",
                    "It is the tenant's default_audience (PATCH /api/v2/tenants/settings).")
                .reply();
          }
          apis.remove(tx, call.tenant(), it.identifier());
          audit.record(tx, call.tenant(), call.did("removed", "resource_server", it.identifier()));
          return Reply.empty(204);
        });
  }

  private Reply known(Call call, BiFunction<Tx, Api, Reply> deed) {
    return database.write(tx ->
        named(call, all(tx, call))
            .map(it -> it.system() ? SYSTEM_STAYS.reply() : deed.apply(tx, it))
            .orElseGet(NO_SUCH_API::reply));
  }

  private static Api changed(Call call, Api it) {
    var sent = call.body();
    var notes = new HashMap<>(it.notes());
    var noted = Json.object();
    NOTED.stream().filter(sent::has).forEach(name -> noted.set(name, sent.get(name)));
    notes.putAll(Json.map(noted));
    var name = call.text("name");
    return new Api(
        it.identifier(),
        name == null ? it.name() : name,
        sent.has("scopes") ? scopes(sent.get("scopes")) : it.scopes(),
        sent.path("token_lifetime").asLong(it.accessSeconds()),
        SigningAlgorithm.valueOf(sent.path("signing_alg").stringValue(it.algorithm().name())),
        call.flag("allow_offline_access", it.offline()),
        notes,
        it.system(),
        it.createdAt(),
        sent.has("authorization_details")
            ? TransactionTypes.read(sent.path("authorization_details"))
            : it.transactions());
  }

  private static List<Api.Scope> scopes(@Nullable JsonNode sent) {
    var out = new ArrayList<Api.Scope>();
    if (sent != null) {
      sent.forEach(it ->
          out.add(
              new Api.Scope(
                  it.path("value").stringValue(""), it.path("description").stringValue(""))));
    }
    return out;
  }
}
