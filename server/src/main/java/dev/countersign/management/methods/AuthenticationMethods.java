package dev.countersign.management.methods;

import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The authentication methods of a person: their factors by the names of Auth0's API. Ids are {@code <type>|dev_...}. */
public final class AuthenticationMethods {
  private static final Shape NEW =
      Shape.fields()
          .withRequired(
              "type",
              Shape.word("phone", "email", "totp", "webauthn-roaming", "passkey")
                  .orBeginning(Factors.DEFINED))
          .with("name", Shape.text(1, 20))
          .with("totp_secret", Shape.text(1, 200, Format.BASE32))
          .with("phone_number", Shape.text(2, 30))
          .with("email", Shape.text(3, 320, Format.EMAIL))
          .with("preferred_authentication_method", Shape.word("sms", "voice"))
          .with("key_id", Shape.text(1, 1400))
          .with("public_key", Shape.text(1, 4000))
          .with("relying_party_identifier", Shape.text(1, 253))
          .with("aaguid", Shape.text(36, 36))
          .with("credential_device_type", Shape.word("single_device", "multi_device"))
          .with("credential_backed_up", Shape.flag())
          .with("identity_user_id", Shape.text(1, 200))
          .with("user_agent", Shape.text(1, 1000))
          .with("user_handle", Shape.text(1, 100))
          .with("transports", new Shape.ListOf(Shape.text(1, 32), 10));

  private static final Shape WORD = Shape.text(0, 4_000);
  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("id", WORD)
          .withRequired("type", WORD)
          .withRequired("confirmed", Shape.flag())
          .with("name", WORD)
          .with("phone_number", WORD)
          .with("email", WORD)
          .with("created_at", Shape.moment())
          .with("enrolled_at", Shape.moment())
          .with("last_auth_at", Shape.moment())
          .with("disabled", Shape.flag());
  private static final Shape ENROLMENT =
      Shape.fields()
          .withRequired("id", WORD)
          .withRequired("status", Shape.word("pending", "confirmed"))
          .withRequired("type", WORD)
          .withRequired("auth_method", WORD)
          .with("name", WORD)
          .with("enrolled_at", Shape.moment())
          .with("last_auth", Shape.moment());

  private final Database database;
  private final People people;
  private final Factors factors;
  private final AdminSetUp setUp;

  public AuthenticationMethods(
      Database database, People people, Factors factors, AdminSetUp setUp) {
    this.database = database;
    this.people = people;
    this.factors = factors;
    this.setUp = setUp;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
                "/users/{id}/authentication-methods", "read:authentication_methods", this::list)
            .does("Lists the factors that a person has set up")
            .query(Paging.QUERY)
            .answers(200, Shape.page("authenticators", SHOWN)),
        Endpoint.post(
                "/users/{id}/authentication-methods",
                "create:authentication_methods",
                NEW,
                this::add)
            .does("Sets up a factor for a person")
            .answers(201, SHOWN),
        Endpoint.delete(
                "/users/{id}/authentication-methods", "delete:authentication_methods", this::reset)
            .does("Takes all factors of a person away")
            .answersNothing(),
        Endpoint.get(
                "/users/{id}/authentication-methods/{mid}",
                "read:authentication_methods",
                this::one)
            .does("Shows a factor that a person has set up")
            .answers(200, SHOWN),
        Endpoint.delete(
                "/users/{id}/authentication-methods/{mid}",
                "delete:authentication_methods",
                this::remove)
            .does("Takes a factor of a person away")
            .answersNothing(),
        Endpoint.of(
                Method.DELETE,
                "/users/{id}/authenticators",
                List.of("delete:guardian_enrollments", "remove:authenticators"),
                this::reset)
            .does("Takes all factors of a person away")
            .answersNothing(),
        Endpoint.of(
                Method.GET,
                "/users/{id}/enrollments",
                List.of("read:users", "read:current_user"),
                this::firstEnrolment)
            .does("Shows the first factor that a person has confirmed")
            .answers(200, new Shape.ListOf(ENROLMENT, 1)));
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

  private Reply reset(Call call) {
    return about(
        call,
        (tx, user) -> {
          setUp.reset(tx, act(call, user));
          return Reply.empty(204);
        });
  }

  private Reply add(Call call) {
    var type = String.valueOf(call.text("type"));
    var factor =
        factors.of(call.tenant()).inOrder().stream()
            .filter(it -> it.profile().methodType().equals(type))
            .findFirst();
    if (factor.isEmpty()) {
      return ApiError.unsupported(
              "This server has no authentication method of the type \"" + type + "\".")
          .reply();
    }
    Map<String, Secret> brought = new HashMap<>();
    for (var name : call.body().propertyNames()) {
      var value = call.body().get(name);
      brought.put(name, Secret.of(value.isString() ? value.stringValue() : value.toString()));
    }
    var given = call.text("name");
    var name = given == null ? "" : given;
    return about(
        call,
        (tx, user) ->
            switch (setUp.bring(tx, act(call, user), factor.get().profile().id(), brought, name)) {
              case AdminSetUp.Outcome.Added(var enrolment) ->
                  Reply.json(201, shown(call, enrolment));
              case AdminSetUp.Outcome.Unfit(var field, var why) ->
                  ApiError.body(new Shape.Violation(why, field).sentence("Payload")).reply();
              case AdminSetUp.Outcome.Impossible _ ->
                  ApiError.unsupported("A method of this type is set up by the person alone.")
                      .reply();
              case AdminSetUp.Outcome.NotAllowed _ ->
                  ApiError.unsupported(
                          "This factor is off. Turn it on first (PUT /api/v2/guardian/factors/{name}).")
                      .reply();
              case AdminSetUp.Outcome.Enough(var most) ->
                  ApiError.unsupported(
                          "One person may have " + most + " methods of this type at most.")
                      .reply();
              case AdminSetUp.Outcome.Taken _ ->
                  new ApiError(409, "conflict", "This credential is registered already.").reply();
            });
  }

  private Reply firstEnrolment(Call call) {
    return about(
        call,
        (tx, user) -> {
          var first =
              setUp.standing(tx, call.tenant(), user).stream()
                  .filter(it ->
                      it.isActive() && !factors.of(call.tenant()).profile(it.factor()).recovers())
                  .findFirst();
          return Reply.json(Paging.array(first.stream().map(it -> asEnrolment(call, it)).toList()));
        });
  }

  private ObjectNode asEnrolment(Call call, Enrolment it) {
    var kind = authMethod(factors.of(call.tenant()).profile(it.factor()));
    ObjectNode out =
        Json.object()
            .put("id", it.id().value())
            .put("status", "confirmed")
            .put("type", kind)
            .put("auth_method", kind)
            .put("name", it.name());
    it.confirmedAt().ifPresent(at -> out.put("enrolled_at", at.toString()));
    it.lastUsedAt().ifPresent(at -> out.put("last_auth", at.toString()));
    return out;
  }

  /** Guardian's word for a type of method. */
  private static String authMethod(FactorProfile profile) {
    return switch (profile.methodType()) {
      case "totp" -> "authenticator";
      case "push" -> "guardian";
      case "phone" -> "sms";
      default -> profile.guardianName();
    };
  }

  /** The method that the path names, if it is this person's. */
  private Optional<Enrolment> named(Tx tx, Call call, UserId user) {
    return setUp.standing(tx, call.tenant(), user).stream()
        .filter(it -> methodId(call, it).equals(call.parameter("mid")))
        .findFirst();
  }

  private String methodId(Call call, Enrolment it) {
    return factors.of(call.tenant()).profile(it.factor()).methodType() + "|" + it.id();
  }

  /** Without anything that an answer to a challenge could be made from. {@code disabled} is ours: too many wrong answers. */
  private ObjectNode shown(Call call, Enrolment it) {
    ObjectNode out =
        Json.object()
            .put("id", methodId(call, it))
            .put("type", factors.of(call.tenant()).profile(it.factor()).methodType())
            .put("confirmed", true);
    if (!it.name().isEmpty()) {
      out.put("name", it.name());
    }
    if (it.isActive()) {
      factors.of(call.tenant()).get(it.factor()).shown(it).forEach(out::put);
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
