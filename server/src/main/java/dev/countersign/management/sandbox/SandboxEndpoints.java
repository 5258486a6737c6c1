package dev.countersign.management.sandbox;

import dev.countersign.audit.Audit;
import dev.countersign.delivery.mail.Outbox;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scenes;
import dev.countersign.factor.Scriptable;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Base32;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Sandboxes;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** The clock, the messages and the scripted authenticators of a sandbox; nothing in any other tenant. Ours. */
public final class SandboxEndpoints {
  private static final String CLOCK = "/sandbox/clock";
  private static final String INBOX = "/sandbox/inbox";
  private static final String AUTHENTICATORS = "/sandbox/authenticators";
  private static final int MOST = 100;
  private static final String APP = "totp";
  private static final String NAME = "Sandbox";

  private static final Shape TIME =
      Shape.fields()
          .withRequired("now", Shape.moment())
          .withRequired("ahead_sec", new Shape.Whole(0, Long.MAX_VALUE));
  private static final Shape MOVE =
      Shape.fields()
          .with("now", Shape.moment())
          .with("by_sec", new Shape.Whole(0, Sandboxes.FARTHEST.toSeconds()));

  private static final Shape MESSAGE =
      Shape.fields()
          .withRequired("id", Shape.text(1, 40))
          .withRequired("channel", Shape.word("mail", "text", "call", "push"))
          .withRequired("to", Shape.text(0, 320))
          .withRequired("subject", Shape.text(0, 1_000, Format.ANY))
          .withRequired("text", Shape.text(0, 1_000_000, Format.ANY))
          .with("html", Shape.text(0, 1_000_000, Format.ANY))
          .withRequired("created_at", Shape.moment());

  private static final Shape NEW =
      Shape.fields()
          .withRequired("user_id", Shape.text(1, 128))
          .with("type", Shape.word("totp", "passkey", "webauthn-roaming"))
          .with("totp_secret", Shape.text(1, 200))
          .with("credential_device_type", Shape.word("single_device", "multi_device"));

  /** As virtual authenticators are told it (WebAuthn Level 3 section 11.6), by the names there. */
  private static final Shape LOADABLE =
      Shape.fields()
          .withRequired("credentialId", Shape.text(1, 100))
          .withRequired("isResidentCredential", Shape.flag())
          .withRequired("rpId", Shape.text(1, 300))
          .withRequired("privateKey", Shape.text(1, 1_000))
          .withRequired("userHandle", Shape.text(1, 100))
          .withRequired("signCount", new Shape.Whole(0, 0xffff_ffffL))
          .withRequired("backupEligibility", Shape.flag())
          .withRequired("backupState", Shape.flag());

  private static final Shape.Fields AUTHENTICATOR =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("user_id", Shape.text(1, 128))
          .withRequired("type", Shape.text(1, 64))
          .withRequired("created_at", Shape.moment());

  private static final Shape.Fields LOADED =
      AUTHENTICATOR.with(
          "virtual_authenticator",
          Shape.fields().withRequired("webdriver", LOADABLE).withRequired("devtools", LOADABLE));

  private static final Shape ASKED =
      Shape.fields()
          .withRequired("publicKey", new Shape.Open(20_000))
          .with("origin", Shape.text(1, 300))
          .with("user_verified", Shape.flag());

  /** WebAuthn Level 3 section 5.1.4: AuthenticationResponseJSON. */
  private static final Shape ASSERTION =
      Shape.fields()
          .withRequired("id", Shape.text(1, 100))
          .withRequired("rawId", Shape.text(1, 100))
          .withRequired("type", Shape.word("public-key"))
          .withRequired("authenticatorAttachment", Shape.word("platform"))
          .withRequired(
              "response",
              Shape.fields()
                  .withRequired("clientDataJSON", Shape.text(1, 10_000))
                  .withRequired("authenticatorData", Shape.text(1, 200))
                  .withRequired("signature", Shape.text(1, 200))
                  .withRequired("userHandle", Shape.text(1, 100)))
          .withRequired("clientExtensionResults", new Shape.Open(10));

  private static final Shape CODE =
      Shape.fields()
          .withRequired("code", Shape.text(6, 8))
          .withRequired("expires_at", Shape.moment());

  private final Database database;
  private final Sandboxes sandboxes;
  private final SandboxMessages messages;
  private final Outbox outbox;
  private final People people;
  private final Factors factors;
  private final AdminSetUp setUp;
  private final Scenes scenes;
  private final Entropy entropy;
  private final Audit audit;

  public SandboxEndpoints(
      Database database,
      Sandboxes sandboxes,
      SandboxMessages messages,
      Outbox outbox,
      People people,
      Factors factors,
      AdminSetUp setUp,
      Scenes scenes,
      Entropy entropy,
      Audit audit) {
    this.database = database;
    this.sandboxes = sandboxes;
    this.messages = messages;
    this.outbox = outbox;
    this.people = people;
    this.factors = factors;
    this.setUp = setUp;
    this.scenes = scenes;
    this.entropy = entropy;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(CLOCK, "read:sandbox", in(this::clock))
            .does("Tells what time it is in a sandbox")
            .answers(200, TIME),
        Endpoint.patch(CLOCK, "update:sandbox", MOVE, in(this::move))
            .does("Moves the clock of a sandbox forward, to a time or by some seconds")
            .answers(200, TIME),
        Endpoint.get(INBOX, "read:sandbox", in(this::inbox))
            .query(
                Map.of(
                    "channel",
                    Shape.word("mail", "text", "call", "push"),
                    "to",
                    Shape.text(1, 320)))
            .does("Shows the newest messages that a sandbox kept instead of sending them")
            .answers(200, new Shape.ListOf(MESSAGE, MOST)),
        Endpoint.delete(INBOX, "update:sandbox", in(this::clear))
            .does("Throws the messages of a sandbox away")
            .answersNothing(),
        Endpoint.get(AUTHENTICATORS, "read:sandbox", in(this::list))
            .query(Map.of("user_id", Shape.text(1, 128)))
            .does("Lists the authenticators of a person that a sandbox can answer for")
            .answers(200, new Shape.ListOf(AUTHENTICATOR, 1_000)),
        Endpoint.post(AUTHENTICATORS, "update:sandbox", NEW, in(this::give))
            .does(
                "Gives a person of a sandbox an authenticator app or a passkey that answers by script")
            .answers(201, LOADED.with("totp_secret", Shape.text(1, 200))),
        Endpoint.get(AUTHENTICATORS + "/{authenticator}", "read:sandbox", in(this::show))
            .does(
                "Shows an authenticator of a sandbox, and how to load a passkey into a browser now")
            .answers(200, LOADED),
        Endpoint.post(
                AUTHENTICATORS + "/{authenticator}/assertion",
                "update:sandbox",
                ASKED,
                in(this::sign))
            .does("Signs with a passkey of a sandbox what a page asks for")
            .answers(200, ASSERTION),
        Endpoint.get(AUTHENTICATORS + "/{authenticator}/code", "read:sandbox", in(this::code))
            .does("Tells the code that an authenticator app in a sandbox shows now")
            .answers(200, CODE));
  }

  /** What is done in a sandbox; anywhere else it is as if it were not there. */
  private Endpoint.Operation in(Endpoint.Operation deed) {
    return call ->
        sandboxes.is(call.tenant())
            ? deed.answer(call)
            : new ApiError(404, "not_found", "This tenant is no sandbox.").reply();
  }

  // The clock

  private Reply clock(Call call) {
    return told(call.occasion().at(), call.tenant());
  }

  private Reply told(Moment here, TenantId tenant) {
    var ahead = sandboxes.ahead(tenant);
    return Reply.json(
        Json.object().put("now", here.toString()).put("ahead_sec", ahead.toSeconds()));
  }

  private Reply move(Call call) {
    var wanted = call.text("now");
    var by = call.field("by_sec");
    if ((wanted == null) == (by == null)) {
      return ApiError.body("Send now or by_sec, one of them", "").reply();
    }
    var here = call.occasion().at();
    Duration on;
    if (by != null) {
      on = Duration.ofSeconds(by.longValue());
    } else {
      try {
        on = Duration.between(here.instant(), Instant.parse(wanted));
      } catch (DateTimeParseException _) {
        return ApiError.body("Object didn't pass validation for format date-time", "now").reply();
      }
    }
    if (on.isNegative()) {
      return ApiError.body("The clock of a sandbox goes forward only", "now").reply();
    }
    boolean moved =
        database.write(tx -> {
          boolean done = sandboxes.advance(tx, call.tenant(), on);
          if (done) {
            audit.record(
                tx,
                call.tenant(),
                call.did("moved", "sandbox_clock", "clock")
                    .with("by_seconds", String.valueOf(on.toSeconds())));
          }
          return done;
        });
    return moved
        ? told(here.plus(on), call.tenant())
        : ApiError.body(
                "The clock of a sandbox is at most " + Sandboxes.FARTHEST.toDays() + " days ahead",
                "now")
            .reply();
  }

  // The messages

  private Reply inbox(Call call) {
    outbox.deliverDue(call.tenant());
    return Reply.json(
        Paging.array(
            database
                .read(tx ->
                    messages.newest(
                        tx, call.tenant(), call.queryText("channel"), call.queryText("to"), MOST))
                .stream()
                .map(SandboxEndpoints::shown)
                .toList()));
  }

  private static ObjectNode shown(SandboxMessages.Kept it) {
    ObjectNode out =
        Json.object()
            .put("id", it.id())
            .put("channel", it.channel())
            .put("to", it.to())
            .put("subject", it.content().subject())
            .put("text", it.content().text().reveal());
    if (!it.content().html().isEmpty()) {
      out.put("html", it.content().html().reveal());
    }
    return out.put("created_at", it.at().toString());
  }

  private Reply clear(Call call) {
    outbox.deliverDue(call.tenant());
    database.run(tx -> messages.clear(tx, call.tenant()));
    return Reply.empty(204);
  }

  // Authenticators

  /** What a person has that can be answered for. */
  private List<Enrolment> scripted(Call call, UserId user) {
    return database.read(tx -> setUp.standing(tx, call.tenant(), user)).stream()
        .filter(it -> it.isActive() && isScripted(call, it))
        .toList();
  }

  private boolean isScripted(Call call, Enrolment it) {
    return factors.of(call.tenant()).get(it.factor()) instanceof Scriptable scripted
        && scripted.isScripted(it);
  }

  private Reply list(Call call) {
    var named = call.queryText("user_id");
    if (named.isEmpty()) {
      return ApiError.query("Query validation error: 'Missing required property: user_id'.")
          .reply();
    }
    var user = new UserId(named.get());
    return Reply.json(
        Paging.array(scripted(call, user).stream().map(it -> shown(call, it)).toList()));
  }

  private ObjectNode shown(Call call, Enrolment it) {
    return Json.object()
        .put("id", it.id().value())
        .put("user_id", it.user().value())
        .put("type", factors.of(call.tenant()).profile(it.factor()).methodType())
        .put("created_at", it.createdAt().toString());
  }

  private ObjectNode loaded(Call call, Enrolment it) {
    var out = shown(call, it);
    if (factors.of(call.tenant()).get(it.factor()) instanceof Scriptable.Keys keys) {
      keys.loadable(it)
          .ifPresent(key -> {
            var virtual = Json.object();
            virtual.set("webdriver", loadable(key, text -> text));
            virtual.set("devtools", loadable(key, SandboxEndpoints::base64));
            out.set("virtual_authenticator", virtual);
          });
    }
    return out;
  }

  /** WebDriver has bytes in base64url, the DevTools protocol in base64. */
  private static ObjectNode loadable(Scriptable.Loadable it, UnaryOperator<String> bytes) {
    return Json.object()
        .put("credentialId", bytes.apply(it.id()))
        .put("isResidentCredential", true)
        .put("rpId", it.relyingParty())
        .put("privateKey", bytes.apply(it.key().reveal()))
        .put("userHandle", bytes.apply(it.handle()))
        .put("signCount", it.counter())
        .put("backupEligibility", it.synced())
        .put("backupState", it.synced());
  }

  private static String base64(String base64url) {
    return Base64.getEncoder().encodeToString(Base64.getUrlDecoder().decode(base64url));
  }

  private Reply give(Call call) {
    var user = new UserId(String.valueOf(call.text("user_id")));
    var type = Optional.ofNullable(call.text("type")).orElse(APP);
    if (!type.equals(APP) && call.field("totp_secret") != null) {
      return ApiError.body("Only an authenticator app has a key of yours", "totp_secret").reply();
    }
    if (type.equals(APP) && call.field("credential_device_type") != null) {
      return ApiError.body("Of an app there is no such thing", "credential_device_type").reply();
    }
    var factor =
        factors.of(call.tenant()).inOrder().stream()
            .filter(it -> it instanceof Scriptable && it.profile().methodType().equals(type))
            .findFirst()
            .orElseThrow();
    return database.write(tx ->
        people
            .find(tx, call.tenant(), user)
            .map(person -> give(tx, call, person, factor))
            .orElseGet(ApiError.NO_SUCH_USER::reply));
  }

  private Reply give(Tx tx, Call call, Person person, Factor factor) {
    var act = new AdminSetUp.Act(call.tenant(), person.id(), call.actor(), call.occasion());
    var id = factor.profile().id();
    if (factor instanceof Scriptable.Keys keys) {
      var mine =
          setUp.standing(tx, call.tenant(), person.id()).stream()
              .filter(it -> it.isActive() && it.factor().equals(id))
              .toList();
      var scene = scene(call, scenes.of(tx, call.tenant(), person, id, call.occasion()), mine);
      var synced = "multi_device".equals(call.text("credential_device_type"));
      var outcome = setUp.bring(tx, act, id, keys.make(scene, synced), NAME);
      return given(factor, outcome, it -> loaded(call, it));
    }
    var sent = call.text("totp_secret");
    var secret = Secret.of(sent == null ? Base32.encode(entropy.bytes(20)) : sent);
    return given(
        factor,
        setUp.bring(tx, act, id, Map.of("totp_secret", secret), NAME),
        it -> shown(call, it).put("totp_secret", secret.reveal()));
  }

  /** On a page at the host where the call came in. */
  private static Scene scene(Call call, Scene seen, List<Enrolment> mine) {
    var site = seen.site();
    return new Scene(
        seen.holder(),
        new Scene.Site(site.name(), call.origin(), site.origins(), site.locale()),
        seen.settings(),
        seen.asking(),
        seen.moment(),
        mine);
  }

  private static Reply given(
      Factor factor, AdminSetUp.Outcome outcome, Function<Enrolment, ObjectNode> shown) {
    return switch (outcome) {
      case AdminSetUp.Outcome.Added(var it) -> Reply.json(201, shown.apply(it));
      case AdminSetUp.Outcome.Unfit(var field, var why) -> ApiError.body(why, field).reply();
      case AdminSetUp.Outcome.NotAllowed _ ->
          ApiError.unsupported(
                  "This factor is off. Turn it on first (PUT /api/v2/guardian/factors/"
                      + factor.profile().guardianName()
                      + ").")
              .reply();
      case AdminSetUp.Outcome.Enough(var most) ->
          ApiError.unsupported("One person may have " + most + " of these at most.").reply();
      case AdminSetUp.Outcome.Taken _ ->
          new ApiError(409, "conflict", "This authenticator exists already.").reply();
      case AdminSetUp.Outcome.Impossible _ -> throw new IllegalStateException("a key fits");
    };
  }

  /** One that can be answered for. */
  private Optional<Enrolment> found(Call call) {
    var id = new EnrolmentId(call.parameter("authenticator"));
    return database
        .read(tx -> setUp.find(tx, call.tenant(), id))
        .filter(it -> it.state() != Enrolment.State.REMOVED && isScripted(call, it));
  }

  private static Reply absent() {
    return new ApiError(
            404,
            "inexistent_authenticator",
            "There is no such authenticator, or none that can be answered for so.")
        .reply();
  }

  private Reply show(Call call) {
    return found(call).map(it -> Reply.json(loaded(call, it))).orElseGet(SandboxEndpoints::absent);
  }

  private Reply code(Call call) {
    var here = call.occasion().at();
    return found(call).flatMap(it -> code(call, it, here)).orElseGet(SandboxEndpoints::absent);
  }

  private Optional<Reply> code(Call call, Enrolment it, Moment here) {
    return factors.of(call.tenant()).get(it.factor()) instanceof Scriptable.Codes scripted
        ? Optional.of(
            Reply.json(
                Json.object()
                    .put("code", scripted.answer(it, here).reveal())
                    .put("expires_at", scripted.changes(it, here).toString())))
        : Optional.empty();
  }

  private Reply sign(Call call) {
    var origin = Optional.ofNullable(call.text("origin")).orElse(call.origin());
    var asked =
        new Scriptable.Asked(
            Json.write(Objects.requireNonNull(call.field("publicKey"))),
            origin,
            call.flag("user_verified", true));
    return found(call)
        .flatMap(it ->
            factors.of(call.tenant()).get(it.factor()) instanceof Scriptable.Keys keys
                ? Optional.of(signed(keys.sign(it, asked)))
                : Optional.empty())
        .orElseGet(SandboxEndpoints::absent);
  }

  private static Reply signed(Scriptable.Signing outcome) {
    return switch (outcome) {
      case Scriptable.Signing.Signed(var credential) -> Reply.json(Json.tree(credential.reveal()));
      case Scriptable.Signing.Unfit(var field, var why) -> ApiError.body(why, field).reply();
    };
  }
}
