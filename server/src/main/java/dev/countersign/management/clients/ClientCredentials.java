package dev.countersign.management.clients;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.application.Credential;
import dev.countersign.audit.Audit;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The public keys of a client, and whether it authenticates by them ({@code client_authentication_methods}). A key that is
 * added does nothing before the client is told to authenticate by it.
 */
final class ClientCredentials {
  static final String METHODS = "client_authentication_methods";

  private static final String KEY = "private_key_jwt";
  private static final String AUTH = "token_endpoint_auth_method";
  private static final String KID = "[0-9A-Za-z_-]{10,64}";

  /** Ways by TLS certificates, which there are not here. */
  private static final List<String> ABSENT =
      List.of("tls_client_auth", "self_signed_tls_client_auth");

  private static final ApiError NONE =
      new ApiError(404, "inexistent_client_credential", "The client credential does not exist.");

  private static final Shape.Fields NEW =
      Shape.fields()
          .withRequired("credential_type", Shape.word("public_key"))
          .with("name", Shape.text(0, 128))
          .withRequired("pem", Shape.text(1, 16_000, Format.ANY))
          .with(
              "alg",
              Shape.word(
                  Stream.of(Credential.Algorithm.values()).map(Enum::name).toArray(String[]::new)))
          .with("kid", Shape.text(10, 64))
          .with("parse_expiry_from_cert", Shape.flag())
          .with("expires_at", Shape.moment().orNull());

  private static final Shape CHANGE =
      Shape.fields().withRequired("expires_at", Shape.moment().orNull());

  private static final Shape ANSWER =
      Shape.fields()
          .withRequired("id", Shape.text(1, 128))
          .withRequired("name", Shape.text(0, 128))
          .withRequired("kid", Shape.text(1, 128))
          .withRequired("alg", Shape.text(1, 20))
          .withRequired("credential_type", Shape.word("public_key"))
          .withRequired("created_at", Shape.moment())
          .withRequired("updated_at", Shape.moment())
          .with("expires_at", Shape.moment());

  /** In a new client: keys themselves. */
  static final Shape METHODS_NEW = methods(NEW);

  /** In one that is there: which of its keys. */
  static final Shape METHODS_CHANGE =
      methods(Shape.fields().withRequired("id", Shape.text(1, 128)));

  private final Database database;
  private final Applications applications;
  private final Audit audit;

  ClientCredentials(Database database, Applications applications, Audit audit) {
    this.database = database;
    this.applications = applications;
    this.audit = audit;
  }

  private static Shape methods(Shape each) {
    var fields =
        Shape.fields()
            .with(
                KEY,
                Shape.fields()
                    .withRequired("credentials", new Shape.ListOf(each, Credential.MOST)));
    for (var absent : ABSENT) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields.orNull();
  }

  List<Endpoint> endpoints() {
    var all = Paths.CLIENT + "/credentials";
    var one = all + "/{credential_id}";
    return List.of(
        Endpoint.of(Method.GET, all, List.of("read:client_credentials", "read:clients"), this::list)
            .does("Lists an application's keys")
            .answers(200, new Shape.ListOf(ANSWER, Credential.MOST)),
        Endpoint.of(
                Method.POST, all, List.of("create:client_credentials", "update:clients"), this::add)
            .does("Adds a key, by which the application does not authenticate yet")
            .taking(NEW)
            .answers(201, ANSWER),
        Endpoint.of(Method.GET, one, List.of("read:client_credentials", "read:clients"), this::show)
            .does("Shows an application's key")
            .answers(200, ANSWER),
        Endpoint.of(
                Method.PATCH,
                one,
                List.of("update:client_credentials", "update:clients"),
                this::change)
            .does("Changes when a key ends")
            .taking(CHANGE)
            .answers(200, ANSWER),
        Endpoint.of(
                Method.DELETE,
                one,
                List.of("delete:client_credentials", "update:clients"),
                this::remove)
            .does("Removes a key, which is worthless at once")
            .answersNothing());
  }

  // How a client authenticates

  /** What came of reading keys that were sent. */
  private sealed interface Reading {
    record Read(Credential credential) implements Reading {}

    record Unfit(ApiError error) implements Reading {}
  }

  /** What came of giving a client keys. */
  sealed interface Giving {
    record Given(Application application) implements Giving {}

    record Refused(ApiError error) implements Giving {}
  }

  /** A new client with the keys that were sent for it. */
  Giving given(Application settings, Call call) {
    var refused = refused(call);
    if (refused.isPresent()) {
      return new Giving.Refused(refused.get());
    }
    if (!isByKeys(call)) {
      return new Giving.Given(settings);
    }
    List<Credential> credentials = new ArrayList<>();
    int at = 0;
    for (var sent : sentKeys(call)) {
      switch (read(sent, credentials, path() + "[" + at + "].", call.occasion().at())) {
        case Reading.Unfit(var error) -> {
          return new Giving.Refused(error);
        }
        case Reading.Read(var it) -> credentials.add(it.active(true));
      }
      at++;
    }
    return new Giving.Given(byKeys(settings, credentials));
  }

  /** A changed client: by which of its keys it authenticates, or that it does by none. */
  Giving chosen(Application before, Application after, Call call) {
    var refused = refused(call);
    if (refused.isPresent()) {
      return new Giving.Refused(refused.get());
    }
    boolean was = before.tokenAuth() == Application.TokenAuth.PRIVATE_KEY_JWT;
    if (!isByKeys(call)) {
      // A secret would open again what keys had closed: both have to be said.
      boolean ends = call.field(METHODS) != null;
      if (was && ends != (call.text(AUTH) != null)) {
        return new Giving.Refused(
            ApiError.body(
                "The client authenticates by keys; to end that send "
                    + METHODS
                    + " null together with another "
                    + AUTH,
                ends ? AUTH : METHODS));
      }
      return new Giving.Given(
          was && ends ? after.with(it -> it.credentials = idle(it.credentials)) : after);
    }
    Set<String> wanted = new TreeSet<>();
    sentKeys(call).forEach(it -> wanted.add(it.path("id").stringValue("")));
    var known = before.credentials().stream().map(Credential::id).toList();
    if (!known.containsAll(wanted)) {
      return new Giving.Refused(ApiError.body("The client has no such credential", path()));
    }
    return new Giving.Given(
        byKeys(
            after,
            before.credentials().stream().map(it -> it.active(wanted.contains(it.id()))).toList()));
  }

  private static List<Credential> idle(List<Credential> all) {
    return all.stream().map(it -> it.active(false)).toList();
  }

  private static Application byKeys(Application settings, List<Credential> credentials) {
    return settings.with(it -> {
      it.tokenAuth = Application.TokenAuth.PRIVATE_KEY_JWT;
      it.credentials = credentials;
    });
  }

  private static boolean isByKeys(Call call) {
    return call.body().path(METHODS).has(KEY);
  }

  private static JsonNode sentKeys(Call call) {
    return call.body().path(METHODS).path(KEY).path("credentials");
  }

  private static String path() {
    return METHODS + "." + KEY + ".credentials";
  }

  private static Optional<ApiError> refused(Call call) {
    for (var absent : ABSENT) {
      var refused = Absent.refused(METHODS + "." + absent, call.body().path(METHODS).path(absent));
      if (refused.isPresent()) {
        return refused;
      }
    }
    if (isByKeys(call) && call.text(AUTH) != null) {
      return Optional.of(ApiError.body("Cannot be sent together with " + METHODS, AUTH));
    }
    return isByKeys(call) && sentKeys(call).isEmpty()
        ? Optional.of(ApiError.body("Array is too short (0), minimum 1", path()))
        : Optional.empty();
  }

  /** As a client shows it; empty where it does not authenticate by keys. */
  static Optional<ObjectNode> methods(Application it) {
    if (it.tokenAuth() != Application.TokenAuth.PRIVATE_KEY_JWT) {
      return Optional.empty();
    }
    var keys = Json.array();
    it.credentials().stream()
        .filter(Credential::active)
        .forEach(key -> keys.add(Json.object().put("id", key.id())));
    var out = Json.object();
    out.set(KEY, Json.object().set("credentials", keys));
    return Optional.of(out);
  }

  // Keys one by one

  private Reading read(JsonNode sent, List<Credential> others, String at, Moment now) {
    if (sent.path("parse_expiry_from_cert").asBoolean(false)) {
      return new Reading.Unfit(
          ApiError.unsupported(
              at + "parse_expiry_from_cert", "certificates are not judged; send expires_at."));
    }
    var material = Credential.read(sent.path("pem").stringValue(""));
    if (material.isEmpty()) {
      return new Reading.Unfit(
          ApiError.body(
              "Not the PEM of an RSA public key (2048 to 4096 bits) or of a certificate with one",
              at + "pem"));
    }
    var kid = sent.path("kid").stringValue(material.get().thumbprint());
    if (!kid.matches(KID)) {
      return new Reading.Unfit(ApiError.body("Does not match pattern ^" + KID + "$", at + "kid"));
    }
    if (others.stream()
        .anyMatch(it -> it.kid().equals(kid) || it.key().equals(material.get().key()))) {
      return new Reading.Unfit(
          new ApiError(409, "conflict", "The client has a credential with this key or kid."));
    }
    return switch (ending(sent, at, now)) {
      case Ending.Unfit(var error) -> new Reading.Unfit(error);
      case Ending.At(var ends) ->
          new Reading.Read(
              new Credential(
                  applications.credentialId(),
                  sent.path("name").stringValue(""),
                  kid,
                  Credential.Algorithm.valueOf(sent.path("alg").stringValue("RS256")),
                  material.get().key(),
                  now,
                  now,
                  ends,
                  false));
    };
  }

  private sealed interface Ending {
    record At(@Nullable Moment moment) implements Ending {}

    record Unfit(ApiError error) implements Ending {}
  }

  private static Ending ending(JsonNode sent, String at, Moment now) {
    var value = sent.path("expires_at");
    if (!value.isString()) {
      return new Ending.At(null);
    }
    try {
      var ends = Moment.of(OffsetDateTime.parse(value.stringValue()).toInstant());
      return now.reached(ends)
          ? new Ending.Unfit(ApiError.body("Must be in the future", at + "expires_at"))
          : new Ending.At(ends);
    } catch (DateTimeException _) {
      return new Ending.Unfit(
          ApiError.body("Object didn't pass validation for format date-time", at + "expires_at"));
    }
  }

  private Reply list(Call call) {
    return read(call)
        .map(it -> {
          var out = Json.array();
          it.credentials().forEach(key -> out.add(shown(key)));
          return Reply.json(out);
        })
        .orElseGet(Clients.NO_SUCH_CLIENT::reply);
  }

  private Reply show(Call call) {
    return read(call)
        .map(it -> named(it, call).map(key -> Reply.json(shown(key))).orElseGet(NONE::reply))
        .orElseGet(Clients.NO_SUCH_CLIENT::reply);
  }

  private Optional<Application> read(Call call) {
    return database.read(tx -> applications.newest(tx, call.tenant(), client(call)));
  }

  private Reply add(Call call) {
    return known(
        call,
        (tx, it) -> {
          if (it.credentials().size() >= Credential.MOST) {
            return new ApiError(
                    409,
                    "conflict",
                    "The client has " + Credential.MOST + " credentials; remove one first.")
                .reply();
          }
          return switch (read(call.body(), it.credentials(), "", call.occasion().at())) {
            case Reading.Unfit(var error) -> error.reply();
            case Reading.Read(var made) -> {
              save(tx, call, it, all -> and(all, made), "created", made);
              yield Reply.json(201, shown(made));
            }
          };
        });
  }

  private static List<Credential> and(List<Credential> all, Credential made) {
    return Stream.concat(all.stream(), Stream.of(made)).toList();
  }

  private Reply change(Call call) {
    return known(
        call,
        (tx, it) -> {
          var key = named(it, call);
          if (key.isEmpty()) {
            return NONE.reply();
          }
          var now = call.occasion().at();
          return switch (ending(call.body(), "", now)) {
            case Ending.Unfit(var error) -> error.reply();
            case Ending.At(var ends) -> {
              var after = key.get().expiring(ends, now);
              save(
                  tx,
                  call,
                  it,
                  all ->
                      all.stream()
                          .map(each -> each.id().equals(after.id()) ? after : each)
                          .toList(),
                  "changed",
                  after);
              yield Reply.json(shown(after));
            }
          };
        });
  }

  private Reply remove(Call call) {
    return known(
        call,
        (tx, it) ->
            named(it, call)
                .map(key -> {
                  save(
                      tx,
                      call,
                      it,
                      all -> all.stream().filter(each -> !each.id().equals(key.id())).toList(),
                      "removed",
                      key);
                  return Reply.empty(204);
                })
                .orElseGet(NONE::reply));
  }

  private void save(
      Tx tx,
      Call call,
      Application before,
      UnaryOperator<List<Credential>> edit,
      String how,
      Credential key) {
    applications.save(
        tx, call.tenant(), before.with(draft -> draft.credentials = edit.apply(draft.credentials)));
    audit.record(
        tx,
        call.tenant(),
        call.did(how, "client_credential", key.id())
            .with("client", before.id().value())
            .with("kid", key.kid()));
  }

  private interface Deed {
    Reply answer(Tx tx, Application it);
  }

  private Reply known(Call call, Deed deed) {
    return database.write(tx ->
        applications
            .locked(tx, call.tenant(), client(call))
            .map(it -> deed.answer(tx, it))
            .orElseGet(Clients.NO_SUCH_CLIENT::reply));
  }

  private static ClientId client(Call call) {
    return new ClientId(call.parameter("id"));
  }

  private static Optional<Credential> named(Application it, Call call) {
    return it.credentials().stream()
        .filter(key -> key.id().equals(call.parameter("credential_id")))
        .findFirst();
  }

  private static ObjectNode shown(Credential it) {
    var out =
        Json.object()
            .put("id", it.id())
            .put("name", it.name())
            .put("kid", it.kid())
            .put("alg", it.algorithm().name())
            .put("credential_type", "public_key")
            .put("created_at", it.createdAt().toString())
            .put("updated_at", it.updatedAt().toString());
    if (it.expiresAt() != null) {
      out.put("expires_at", it.expiresAt().toString());
    }
    return out;
  }
}
