package dev.countersign.management.methods;

import dev.countersign.enforcement.Act;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Naming;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The authentication methods of a person: their factors by the names of Auth0's API. Ids are {@code <type>|dev_...}. */
public final class AuthenticationMethods {
  private static final Shape NEW =
      Shape.fields()
          .withRequired(
              "type",
              Shape.word("phone", "email", "totp", "webauthn-roaming", "passkey")
                  .orBeginning(Factors.DEFINED))
          .with("name", Shape.text(1, Naming.METHOD))
          .with("totp_secret", Shape.text(1, 200, Format.BASE32))
          .with("phone_number", Shape.text(2, 30))
          .with("email", Shape.text(3, 320, Format.EMAIL))
          .with("preferred_authentication_method", Shape.word("sms", "voice"))
          .with("key_id", Shape.text(1, 1400))
          .with("public_key", Shape.text(1, 4000))
          .with("relying_party_identifier", Shape.text(1, 253, Format.HOSTNAME))
          .with("aaguid", Shape.text(36, 36, Format.UUID))
          .with("credential_device_type", Shape.word("single_device", "multi_device"))
          .with("credential_backed_up", Shape.flag())
          .with("identity_user_id", Shape.text(1, 200))
          .with("user_agent", Shape.text(1, 1000))
          .with("user_handle", Shape.text(1, 100))
          .with("transports", new Shape.ListOf(Shape.text(1, 32), 10));

  private static final Shape REPLACEMENT =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("type", Shape.word("phone", "email", "totp"))
              .with("name", Shape.text(1, Naming.METHOD))
              .with("preferred_authentication_method", Shape.word("sms", "voice"))
              .with("phone_number", Shape.text(2, 30))
              .with("email", Shape.text(3, 320, Format.EMAIL))
              .with("totp_secret", Shape.text(1, 200, Format.BASE32)),
          20);
  private static final Shape CHANGE =
      Shape.fields()
          .with("name", Shape.text(1, Naming.METHOD))
          .with("preferred_authentication_method", Shape.word("sms", "voice"));
  private static final Shape.Fields METHOD =
      Shape.fields()
          .withRequired("id", Shape.text(1, 200))
          .withRequired("type", Shape.text(1, 64))
          .with("confirmed", Shape.flag())
          .with("name", Shape.text(1, Naming.METHOD))
          .with(
              "authentication_methods",
              new Shape.ListOf(
                  Shape.fields()
                      .withRequired("type", Shape.word("totp", "push", "sms", "voice"))
                      .withRequired("id", Shape.text(1, 200)),
                  2))
          .with("preferred_authentication_method", Shape.word("sms", "voice"))
          .with("phone_number", Shape.text(2, 30))
          .with("email", Shape.text(3, 320))
          .with("key_id", Shape.text(1, 1400))
          .with("public_key", Shape.text(1, 4000))
          .with("relying_party_identifier", Shape.text(1, 253))
          .with("aaguid", Shape.text(0, 36))
          .with("credential_device_type", Shape.word("single_device", "multi_device"))
          .with("credential_backed_up", Shape.flag())
          .with("user_handle", Shape.text(0, 100))
          .with("transports", new Shape.ListOf(Shape.text(0, 32), 10))
          .withRequired("created_at", Shape.moment())
          .with("enrolled_at", Shape.moment())
          .with("last_auth_at", Shape.moment())
          .with("disabled", Shape.flag());
  private static final Shape METHODS =
      new Shape.AnyOf(
          List.of(
              new Shape.ListOf(METHOD, 1000),
              Shape.fields()
                  .withRequired("start", new Shape.Whole(0, Integer.MAX_VALUE))
                  .withRequired("limit", new Shape.Whole(0, 100))
                  .withRequired("total", new Shape.Whole(0, Integer.MAX_VALUE))
                  .withRequired("authenticators", new Shape.ListOf(METHOD, 1000))));
  private final Database database;
  private final People people;
  private final Factors factors;
  private final Policies policies;
  private final AdminSetUp setUp;
  private final CodeSets codeSets;

  public AuthenticationMethods(
      Database database,
      People people,
      Factors factors,
      Policies policies,
      AdminSetUp setUp,
      CodeSets codeSets) {
    this.database = database;
    this.people = people;
    this.factors = factors;
    this.policies = policies;
    this.setUp = setUp;
    this.codeSets = codeSets;
  }

  public List<Endpoint> endpoints() {
    var all = Paths.USER + "/authentication-methods";
    var one = all + "/{mid}";
    return List.of(
        Endpoint.get(all, "read:authentication_methods", this::list)
            .query(Paging.QUERY)
            .does("Lists a person's authentication methods")
            .answers(200, METHODS),
        Endpoint.post(all, "create:authentication_methods", NEW, this::add)
            .act(Act.RESET_MFA)
            .does("Brings an authentication method along; it counts at once")
            .answers(201, METHOD),
        Endpoint.put(all, "update:authentication_methods", REPLACEMENT, this::replace)
            .act(Act.RESET_MFA)
            .does(
                "Puts these authentication methods in place of all that there are, or changes none")
            .answers(200, new Shape.ListOf(METHOD, 20)),
        Endpoint.delete(all, "delete:authentication_methods", this::removeAll)
            .act(Act.RESET_MFA)
            .does("Takes all authentication methods off")
            .answersNothing(),
        Endpoint.get(one, "read:authentication_methods", this::one)
            .does("Shows an authentication method")
            .answers(200, METHOD),
        Endpoint.patch(one, "update:authentication_methods", CHANGE, this::change)
            .does("Gives an authentication method another name")
            .answers(200, METHOD),
        Endpoint.delete(one, "delete:authentication_methods", this::remove)
            .act(Act.RESET_MFA)
            .does("Takes an authentication method off")
            .answersNothing(),
        Endpoint.of(
                Method.DELETE,
                Paths.USER + "/authenticators",
                List.of("delete:guardian_enrollments", "remove:authenticators"),
                this::reset)
            .act(Act.RESET_MFA)
            .does("Takes all factors off, passkeys included")
            .answersNothing(),
        Endpoint.of(
                Method.POST,
                Paths.USER + "/recovery-code-regeneration",
                List.of("update:users"),
                this::recoveryCode)
            .act(Act.RESET_MFA)
            .does("Makes a new recovery code; what there was before is worthless")
            .answers(200, Shape.fields().withRequired("recovery_code", Shape.text(24, 24))),
        Endpoint.delete(
                Paths.USER + "/multifactor/{provider}", "update:users", this::removeProvider)
            .parameter("provider", Shape.word("duo", "google-authenticator"))
            .act(Act.RESET_MFA)
            .does("Takes off what one provider's name stands for: authenticator apps")
            .answersNothing());
  }

  /** What is done to a person who exists. */
  @FunctionalInterface
  private interface Deed {
    Reply in(Tx tx, UserId user);
  }

  private Reply about(Call call, Deed deed) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx ->
        people.find(tx, call.tenant(), user).isPresent()
            ? deed.in(tx, user)
            : ApiError.NO_SUCH_USER.reply());
  }

  private static AdminSetUp.Act act(Call call, UserId user) {
    return new AdminSetUp.Act(call.tenant(), user, call.actor(), call.occasion());
  }

  private Reply list(Call call) {
    return about(
        call,
        (tx, user) -> {
          var paging = Paging.of(call);
          var all = setUp.standing(tx, call.tenant(), user);
          var items = paging.cut(all).stream().map(it -> shown(call, it)).toList();
          if (!paging.withTotals()) {
            return Reply.json(Paging.array(items));
          }
          // Of all lists this one has no "length".
          ObjectNode out =
              Json.object()
                  .put("start", paging.offset())
                  .put("limit", paging.limit())
                  .put("total", all.size());
          out.set("authenticators", Paging.array(items));
          return Reply.json(out);
        });
  }

  private Reply one(Call call) {
    return about(
        call,
        (tx, user) ->
            named(tx, call, user)
                .map(it -> Reply.json(shown(call, it)))
                .orElseGet(AuthenticationMethods::noSuchMethod));
  }

  private Reply remove(Call call) {
    return about(
        call,
        (tx, user) -> {
          var found = named(tx, call, user);
          return found.isPresent() && setUp.remove(tx, act(call, user), found.get().id())
              ? Reply.empty(204)
              : noSuchMethod();
        });
  }

  private Reply removeAll(Call call) {
    return about(
        call, (tx, user) -> hasPasskey(tx, call, user) ? passkeyStands() : reset(tx, call, user));
  }

  private Reply reset(Call call) {
    return about(call, (tx, user) -> reset(tx, call, user));
  }

  private Reply reset(Tx tx, Call call, UserId user) {
    setUp.reset(tx, act(call, user));
    return Reply.empty(204);
  }

  private boolean hasPasskey(Tx tx, Call call, UserId user) {
    return setUp.standing(tx, call.tenant(), user).stream()
        .anyMatch(it -> methodType(call, it).equals("passkey"));
  }

  private static Reply passkeyStands() {
    return ApiError.unsupported(
            "The user has a passkey. Take methods off one by one, or all by DELETE /api/v2/users/{id}/authenticators.")
        .reply();
  }

  // Bringing along

  private Reply add(Call call) {
    var fresh = fresh(call, call.body());
    return fresh.isEmpty()
        ? unsupported(call.body()).reply()
        : about(
            call,
            (tx, user) ->
                switch (setUp.bring(
                    tx,
                    act(call, user),
                    fresh.get().factor(),
                    fresh.get().fields(),
                    fresh.get().name())) {
                  case AdminSetUp.Outcome.Added(var enrolment) ->
                      Reply.json(201, shown(call, enrolment));
                  case AdminSetUp.Outcome other -> refusal(other, "").reply();
                });
  }

  private Reply replace(Call call) {
    var all = new ArrayList<AdminSetUp.Fresh>();
    for (var each : call.body()) {
      var fresh = fresh(call, each);
      if (fresh.isEmpty()) {
        return unsupported(each).reply();
      }
      all.add(fresh.get());
    }
    return about(
        call,
        (tx, user) -> {
          if (hasPasskey(tx, call, user)) {
            return passkeyStands();
          }
          return switch (setUp.replace(tx, act(call, user), all)) {
            case AdminSetUp.Replacement.Refused(var at, var why) ->
                refusal(why, "[" + at + "]").reply();
            case AdminSetUp.Replacement.Replaced(var now) -> {
              var out = Json.array();
              for (int i = 0; i < now.size(); i++) {
                out.add(asSent(call, now.get(i), call.body().get(i)));
              }
              yield Reply.json(out);
            }
          };
        });
  }

  /** With the addresses as the caller has just sent them, unmasked; without the secret all the same. */
  private ObjectNode asSent(Call call, Enrolment it, JsonNode sent) {
    var out = shown(call, it);
    for (var name : List.of("phone_number", "email")) {
      if (out.has(name) && sent.has(name)) {
        out.set(name, sent.get(name));
      }
    }
    return out;
  }

  /** What is sent as one to be brought; nothing where its type is none here, or texts would have to be calls. */
  private Optional<AdminSetUp.Fresh> fresh(Call call, JsonNode sent) {
    Map<String, Secret> brought = new HashMap<>();
    for (var property : sent.properties()) {
      var value = property.getValue();
      brought.put(
          property.getKey(), Secret.of(value.isString() ? value.stringValue() : value.toString()));
    }
    return factors.of(call.tenant()).inOrder().stream()
        .map(Factor::profile)
        .filter(it -> it.methodType().equals(sent.path("type").asString("")))
        .filter(_ -> !isCalling(sent))
        .findFirst()
        .map(it -> new AdminSetUp.Fresh(it.id(), brought, sent.path("name").asString("")));
  }

  private static boolean isCalling(JsonNode sent) {
    return sent.path("preferred_authentication_method").asString("").equals("voice");
  }

  private static ApiError unsupported(JsonNode sent) {
    return ApiError.unsupported(
        isCalling(sent)
            ? "There is no factor here that calls; codes come as texts."
            : "This server has no authentication method of the type \""
                + sent.path("type").asString("")
                + "\".");
  }

  private static ApiError refusal(AdminSetUp.Outcome why, String at) {
    return switch (why) {
      case AdminSetUp.Outcome.Added _ -> throw new IllegalArgumentException("no refusal");
      case AdminSetUp.Outcome.Unfit(var field, var what) ->
          ApiError.body(
              new Shape.Violation(what, at.isEmpty() ? field : at + "." + field)
                  .sentence("Payload"));
      case AdminSetUp.Outcome.Impossible _ ->
          ApiError.unsupported("A method of this type is set up by the person alone.");
      case AdminSetUp.Outcome.NotAllowed _ ->
          ApiError.unsupported(
              "This factor is off. Turn it on first (PUT /api/v2/guardian/factors/{name}).");
      case AdminSetUp.Outcome.Enough(var most) ->
          ApiError.unsupported("One person may have " + most + " methods of this type at most.");
      case AdminSetUp.Outcome.Taken _ ->
          new ApiError(409, "conflict", "This authentication method exists already.");
    };
  }

  // Changing

  private Reply change(Call call) {
    return about(
        call,
        (tx, user) -> {
          var found = named(tx, call, user);
          if (found.isEmpty()) {
            return noSuchMethod();
          }
          boolean addressed =
              call.field("preferred_authentication_method") == null
                  || subMethod(methodType(call, found.get())).equals("sms");
          if (!addressed) {
            return ApiError.body(
                    new Shape.Violation("Only a phone has one", "preferred_authentication_method")
                        .sentence("Payload"))
                .reply();
          }
          if (isCalling(call.body())) {
            return unsupported(call.body()).reply();
          }
          var name = call.text("name");
          if (name != null) {
            setUp.rename(tx, act(call, user), found.get().id(), name);
          }
          return named(tx, call, user)
              .map(it -> shown(call, it).without("confirmed"))
              .map(Reply::json)
              .orElseGet(AuthenticationMethods::noSuchMethod);
        });
  }

  private Reply recoveryCode(Call call) {
    var recovery = factors.recovery().profile().id();
    var user = new UserId(call.parameter("id"));
    var refused =
        database.read(tx ->
            people.find(tx, call.tenant(), user).isEmpty()
                ? Optional.of(ApiError.NO_SUCH_USER)
                : policies.current(tx, call.tenant()).allowed().contains(recovery)
                    ? Optional.<ApiError>empty()
                    : Optional.of(
                        ApiError.unsupported(
                            "This factor is off. Turn it on first (PUT /api/v2/guardian/factors/recovery-code).")));
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var drawn = codeSets.drawOne();
    return about(
        call,
        (tx, who) -> {
          codeSets.give(tx, act(call, who), drawn);
          return Reply.json(Json.object().put("recovery_code", drawn.shown().getFirst().reveal()));
        });
  }

  /** Of the two providers that Auth0 knows there is one here. */
  private Reply removeProvider(Call call) {
    boolean apps = call.parameter("provider").equals("google-authenticator");
    return about(
        call,
        (tx, user) -> {
          setUp.standing(tx, call.tenant(), user).stream()
              .filter(it -> apps && methodType(call, it).equals("totp"))
              .forEach(it -> setUp.remove(tx, act(call, user), it.id()));
          return Reply.empty(204);
        });
  }

  // Showing

  /** The method that the path names, by its own id or that of what is sent by it, if it is this person's. */
  private Optional<Enrolment> named(Tx tx, Call call, UserId user) {
    var wanted = call.parameter("mid");
    return setUp.standing(tx, call.tenant(), user).stream()
        .filter(it ->
            wanted.equals(methodType(call, it) + "|" + it.id())
                || wanted.equals(subMethod(methodType(call, it)) + "|" + it.id()))
        .findFirst();
  }

  private String methodType(Call call, Enrolment it) {
    return factors.of(call.tenant()).profile(it.factor()).methodType();
  }

  /** What is done by a method of this type, where that has a name of its own. */
  private static String subMethod(String type) {
    return switch (type) {
      case "totp", "push" -> type;
      case "phone" -> "sms";
      default -> "";
    };
  }

  /** Without anything that an answer to a challenge could be made from. {@code disabled} is ours: too many wrong answers. */
  private ObjectNode shown(Call call, Enrolment it) {
    var type = methodType(call, it);
    ObjectNode out =
        Json.object().put("id", type + "|" + it.id()).put("type", type).put("confirmed", true);
    if (!it.name().isEmpty()) {
      out.put("name", Naming.cut(it.name()));
    }
    var sub = subMethod(type);
    if (!sub.isEmpty()) {
      out.set(
          "authentication_methods",
          Json.array().add(Json.object().put("type", sub).put("id", sub + "|" + it.id())));
    }
    if (it.isActive()) {
      factors
          .of(call.tenant())
          .get(it.factor())
          .shown(it)
          .forEach((name, value) -> out.set(name, Json.tree(Json.write(value))));
    }
    out.put("created_at", it.createdAt().toString());
    it.confirmedAt().ifPresent(at -> out.put("enrolled_at", at.toString()));
    it.lastUsedAt().ifPresent(at -> out.put("last_auth_at", at.toString()));
    if (it.state() == Enrolment.State.DISABLED) {
      out.put("disabled", true);
    }
    return out;
  }

  private static Reply noSuchMethod() {
    return new ApiError(
            404, "inexistent_authentication_method", "The authentication method does not exist.")
        .reply();
  }
}
