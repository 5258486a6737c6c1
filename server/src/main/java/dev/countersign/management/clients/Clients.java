package dev.countersign.management.clients;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.enforcement.Act;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates, shows, changes and removes applications. A secret is shown when it is made, to whoever may read secrets, and never
 * again.
 */
public final class Clients {
  public static final ApiError NO_SUCH_CLIENT =
      new ApiError(404, "inexistent_client", "The client does not exist.");

  /** The client that stands for all: Auth0's tools look for it. Nothing can be done as it or to it. */
  private static final String GLOBAL = "all-applications";

  private static final ApiError GLOBAL_STAYS =
      ApiError.unsupported("The global client stands for all applications and cannot be changed.");

  private static final String KEYS = "read:client_keys";

  private final Database database;
  private final Applications applications;
  private final Audit audit;
  private final ClientCredentials credentials;

  public Clients(Database database, Applications applications, Audit audit) {
    this.database = database;
    this.applications = applications;
    this.audit = audit;
    this.credentials = new ClientCredentials(database, applications, audit);
  }

  public List<Endpoint> endpoints() {
    return Stream.concat(whole().stream(), credentials.endpoints().stream()).toList();
  }

  private List<Endpoint> whole() {
    var read = List.of("read:clients", KEYS);
    return List.of(
        Endpoint.of(Method.GET, Paths.CLIENTS, read, this::list)
            .does("Lists the applications")
            .query(Listing.QUERY)
            .query(Listing.NARROWING)
            .query("is_global", Shape.flag())
            .query("is_first_party", Shape.flag())
            .query("app_type", Shape.text(0, 200))
            .answers(200, Shape.page("clients", ClientFields.ANSWER)),
        Endpoint.post(Paths.CLIENTS, "create:clients", ClientFields.NEW, this::create)
            .does("Creates an application")
            .answers(201, ClientFields.ANSWER),
        Endpoint.of(Method.GET, Paths.CLIENT, read, this::show)
            .does("Shows an application")
            .query(Listing.NARROWING)
            .answers(200, ClientFields.ANSWER),
        Endpoint.patch(Paths.CLIENT, "update:clients", ClientFields.CHANGE, this::change)
            .does("Changes what is sent of an application")
            .answers(200, ClientFields.ANSWER),
        Endpoint.delete(Paths.CLIENT, "delete:clients", this::remove)
            .act(Act.DELETE_CLIENT)
            .does("Removes an application and its grants")
            .answersNothing(),
        Endpoint.of(
                Method.POST,
                Paths.CLIENT + "/rotate-secret",
                List.of("update:client_keys"),
                this::rotate)
            .does("Gives an application a new secret; the old one is worthless at once")
            .answers(200, ClientFields.ANSWER));
  }

  // Reading

  private Reply list(Call call) {
    var types =
        call.queryText("app_type")
            .filter(it -> !it.isEmpty())
            .map(it -> List.of(it.split(",", -1)));
    boolean globals = call.queryFlag("is_global", true) && types.isEmpty();
    boolean others = !call.queryFlag("is_global", false);
    var all =
        Stream.concat(
                globals && call.queryFlag("is_first_party", true)
                    ? Stream.of(global())
                    : Stream.of(),
                others
                    ? database.read(tx -> applications.all(tx, call.tenant())).stream()
                        .filter(it ->
                            it.firstParty() == call.queryFlag("is_first_party", it.firstParty()))
                        .filter(it -> types.isEmpty() || types.get().contains(it.type().word()))
                        .map(ClientFields::shown)
                    : Stream.of())
            .toList();
    return Listing.answer(
        call, "clients", all, it -> it.path("client_id").stringValue(""), call::narrowed);
  }

  private static ObjectNode global() {
    var out =
        Json.object()
            .put("client_id", GLOBAL)
            .put("name", "All Applications")
            .put("global", true)
            .put("is_first_party", true)
            .put("custom_login_page_on", false);
    out.set("callbacks", Json.array());
    return out;
  }

  private Reply show(Call call) {
    if (isGlobal(call)) {
      return Reply.json(call.narrowed(global()));
    }
    return database
        .read(tx -> applications.newest(tx, call.tenant(), id(call)))
        .map(it -> Reply.json(call.narrowed(ClientFields.shown(it))))
        .orElseGet(NO_SUCH_CLIENT::reply);
  }

  // Changing

  private Reply create(Call call) {
    var refused = ClientFields.refused(call.body());
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var changed = ClientFields.changed(ClientFields.fresh(call), call);
    return switch (credentials.given(changed, call)) {
      case ClientCredentials.Giving.Refused(var error) -> error.reply();
      case ClientCredentials.Giving.Given(var settings) -> create(call, settings);
    };
  }

  private Reply create(Call call, Application settings) {
    var unfit = unfit(settings);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    return database.write(tx -> {
      var created = applications.create(tx, call.tenant(), settings, call.occasion().at());
      audit.record(
          tx, call.tenant(), call.did("created", "client", created.application().id().value()));
      return Reply.json(
          201, with(call, ClientFields.shown(created.application()), created.secret()));
    });
  }

  private Reply change(Call call) {
    return known(
        call,
        (tx, before) -> {
          var refused = ClientFields.refused(call.body());
          if (refused.isPresent()) {
            return refused.get().reply();
          }
          return switch (credentials.chosen(before, ClientFields.changed(before, call), call)) {
            case ClientCredentials.Giving.Refused(var error) -> error.reply();
            case ClientCredentials.Giving.Given(var after) -> save(tx, call, before, after);
          };
        });
  }

  private Reply save(Tx tx, Call call, Application before, Application after) {
    var unfit = unfit(after);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    if (!after.equals(before)) {
      applications.save(tx, call.tenant(), after);
      audit.record(
          tx,
          call.tenant(),
          call.did("changed", "client", after.id().value())
              .with("changed", String.join(", ", call.body().propertyNames())));
    }
    return Reply.json(ClientFields.shown(after));
  }

  private Reply remove(Call call) {
    return known(
        call,
        (tx, it) -> {
          applications.remove(tx, call.tenant(), it.id());
          audit.record(tx, call.tenant(), call.did("removed", "client", it.id().value()));
          return Reply.empty(204);
        });
  }

  private Reply rotate(Call call) {
    return known(
        call,
        (tx, it) -> {
          var secret = applications.rotateSecret(tx, call.tenant(), it.id()).orElseThrow();
          audit.record(tx, call.tenant(), call.did("secret_rotated", "client", it.id().value()));
          return Reply.json(with(call, ClientFields.shown(it), secret));
        });
  }

  /** With the secret, for callers who may read secrets. */
  private static ObjectNode with(Call call, ObjectNode shown, Secret secret) {
    if (call.request().holder().scopes().contains(KEYS)) {
      shown.put("client_secret", secret.reveal());
    }
    return shown;
  }

  private Optional<ApiError> unfit(Application it) {
    if (it.api() != null && it.type() != Application.Type.RESOURCE_SERVER) {
      return Optional.of(
          ApiError.body("Goes with app_type resource_server only", ClientFields.API));
    }
    return applications
        .unfit(it)
        .map(wrong ->
            ApiError.body("Object didn't pass validation for format absolute-uri", wrong.list()));
  }

  private interface Deed {
    Reply answer(Tx tx, Application it);
  }

  private Reply known(Call call, Deed deed) {
    if (isGlobal(call)) {
      return GLOBAL_STAYS.reply();
    }
    return database.write(tx ->
        applications
            .locked(tx, call.tenant(), id(call))
            .map(it -> deed.answer(tx, it))
            .orElseGet(NO_SUCH_CLIENT::reply));
  }

  private static boolean isGlobal(Call call) {
    return call.parameter("id").equals(GLOBAL);
  }

  private static ClientId id(Call call) {
    return new ClientId(call.parameter("id"));
  }
}
