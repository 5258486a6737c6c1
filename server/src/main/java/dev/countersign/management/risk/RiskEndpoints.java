package dev.countersign.management.risk;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Habits;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.management.guardian.PolicyChange;
import dev.countersign.risk.Observe;
import dev.countersign.risk.RiskSettings;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settings of the assessment of risk, and forgetting where a person is known. Turning it on means that it is recorded; what
 * follows from it is the policy's to say.
 */
public final class RiskEndpoints {
  private static final Shape ENABLED = Shape.fields().withRequired("enabled", Shape.flag());
  private static final Shape REMEMBER =
      Shape.fields().withRequired("remember_for", new Shape.Whole(1, 365));
  private static final Shape CLEAR =
      Shape.fields()
          .withRequired("assessors", new Shape.ListOf(Shape.word("new-device"), 1))
          .withRequired("connection", Shape.text(1, 128, Format.CONNECTION));

  private final Database database;
  private final People people;
  private final PolicyChange policy;
  private final RiskSettings settings;
  private final Observe observe;
  private final Habits habits;
  private final TrustedBrowsers trustedBrowsers;
  private final Audit audit;

  public RiskEndpoints(
      Database database,
      People people,
      PolicyChange policy,
      RiskSettings settings,
      Observe observe,
      Habits habits,
      TrustedBrowsers trustedBrowsers,
      Audit audit) {
    this.database = database;
    this.people = people;
    this.policy = policy;
    this.settings = settings;
    this.observe = observe;
    this.habits = habits;
    this.trustedBrowsers = trustedBrowsers;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    var all = "/risk-assessments/settings";
    var device = all + "/new-device";
    return List.of(
        Endpoint.get(all, "read:attack_protection", call -> enabled(policy.current(call)))
            .does("Whether the risk of sign-ins is recorded or followed")
            .answers(200, ENABLED),
        Endpoint.patch(all, "update:attack_protection", ENABLED, this::change)
            .does("Has the risk of sign-ins recorded, or neither recorded nor followed")
            .answers(200, ENABLED),
        Endpoint.get(device, "read:attack_protection", this::remembered)
            .does("For how many days a device is known to be a person's")
            .answers(200, REMEMBER),
        Endpoint.patch(device, "update:attack_protection", REMEMBER, this::remember)
            .does("Sets for how many days a device is known to be a person's")
            .answers(200, REMEMBER),
        Endpoint.of(
                Method.POST,
                Paths.USER + "/risk-assessments/clear",
                List.of("update:users"),
                this::clear)
            .taking(CLEAR)
            .does("Forgets the places and browsers in which a person is known")
            .answersNothing());
  }

  private static Reply enabled(Policy policy) {
    return Reply.json(
        Json.object().put("enabled", policy.adaptive().state() != Adaptive.State.OFF));
  }

  private Reply change(Call call) {
    boolean on = call.flag("enabled", false);
    return policy.make(
        call,
        before -> {
          boolean was = before.adaptive().state() != Adaptive.State.OFF;
          var state = on ? Adaptive.State.REPORT_ONLY : Adaptive.State.OFF;
          return was == on ? before : before.with(before.adaptive().turned(state));
        },
        (before, after) ->
            PolicyChange.event(AuditType.POLICY_CHANGED, call)
                .with("before", "risk " + word(before))
                .with("after", "risk " + word(after)),
        RiskEndpoints::enabled);
  }

  private static String word(Policy policy) {
    return policy.adaptive().state().name().toLowerCase(Locale.ROOT);
  }

  private Reply remembered(Call call) {
    return Reply.json(days(database.read(tx -> settings.rememberedDays(tx, call.tenant()))));
  }

  private static ObjectNode days(int days) {
    return Json.object().put("remember_for", days);
  }

  private Reply remember(Call call) {
    int days = call.body().path("remember_for").asInt();
    database.run(tx -> {
      settings.remember(tx, call.tenant(), days, call.occasion().at());
      audit.record(
          tx,
          call.tenant(),
          AuditEvent.success(AuditType.SETTINGS_CHANGED, call.occasion())
              .by(call.actor(), null)
              .with("changed", "risk-assessments/new-device")
              .with("remember_for", String.valueOf(days)));
    });
    return Reply.json(days(days));
  }

  /** Trusted browsers go, too: whoever is to be as on a new device is to be challenged there. */
  private Reply clear(Call call) {
    var user = new UserId(call.parameter("id"));
    if (!Person.PASSWORD_CONNECTION.equals(call.text("connection"))) {
      return database.read(tx -> people.find(tx, call.tenant(), user)).isEmpty()
          ? ApiError.NO_SUCH_USER.reply()
          : new ApiError(400, "inexistent_connection", "The connection does not exist.").reply();
    }
    if (call.texts("assessors").isEmpty()) {
      return ApiError.body(
              new Shape.Violation("Array is too short (0), minimum 1", "assessors")
                  .sentence("Payload"))
          .reply();
    }
    return database.write(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      int places = habits.forgetPlaces(tx, call.tenant(), user);
      observe.forget(tx, call.tenant(), user);
      trustedBrowsers.forgetAll(
          tx,
          call.tenant(),
          user,
          TrustedBrowsers.Why.FORGOTTEN_BY_ADMIN,
          call.actor(),
          call.occasion());
      audit.record(
          tx,
          call.tenant(),
          AuditEvent.success(AuditType.API_CHANGED, call.occasion())
              .by(call.actor(), user)
              .with("changed", "risk-assessments")
              .with("places", String.valueOf(places)));
      return Reply.empty(204);
    });
  }
}
