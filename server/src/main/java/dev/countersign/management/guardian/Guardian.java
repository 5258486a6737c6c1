package dev.countersign.management.guardian;

import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Factors and policies as Auth0's Guardian API has them. */
public final class Guardian {
  private static final String ALWAYS = "all-applications";
  private static final String ADAPTIVE = "confidence-score";

  private static final Shape POLICIES = new Shape.ListOf(Shape.word(ALWAYS, ADAPTIVE), 10);
  private static final Shape FACTOR =
      Shape.fields()
          .withRequired("name", FactorNames.SHAPE)
          .withRequired("enabled", Shape.flag())
          .withRequired("trial_expired", Shape.flag())
          .with("settings", CodeSettings.SETTINGS);

  private final FactorNames names;
  private final PolicyChange policy;
  private final CodeSettings settings;

  public Guardian(Factors factors, PolicyChange policy, CodeSettings settings) {
    this.names = new FactorNames(factors);
    this.policy = policy;
    this.settings = settings;
  }

  public List<Endpoint> endpoints() {
    var all = new ArrayList<>(settings.endpoints());
    all.addAll(
        List.of(
            Endpoint.get("/guardian/factors", "read:guardian_factors", this::factors)
                .does("Lists the factors and whether people may set them up")
                .query("include_settings", Shape.flag())
                .answers(200, new Shape.ListOf(FACTOR, 50)),
            Endpoint.put(
                    "/guardian/factors/{name}",
                    "update:guardian_factors",
                    Shape.fields().withRequired("enabled", Shape.flag()),
                    this::turn)
                .does("Turns a factor on or off; refused where that would lock people out")
                .parameter("name", FactorNames.SHAPE)
                .answers(200, Shape.fields().withRequired("enabled", Shape.flag())),
            Endpoint.get("/guardian/policies", "read:mfa_policies", this::policies)
                .does("Shows when a second factor is demanded")
                .answers(200, POLICIES),
            Endpoint.put("/guardian/policies", "update:mfa_policies", POLICIES, this::setPolicies)
                .does("Sets when a second factor is demanded")
                .answers(200, POLICIES)));
    return List.copyOf(all);
  }

  private Reply factors(Call call) {
    var allowed = policy.current(call).allowed();
    var out = Json.array();
    for (var name : Factors.GUARDIAN) {
      boolean enabled = names.id(name).filter(allowed::contains).isPresent();
      var each =
          Json.object().put("name", name).put("enabled", enabled).put("trial_expired", false);
      if (call.queryFlag("include_settings", false)) {
        settings.shown(call, name).ifPresent(shown -> each.set("settings", shown));
      }
      out.add(each);
    }
    return Reply.json(out);
  }

  private Reply turn(Call call) {
    var name = call.parameter("name");
    boolean on = call.flag("enabled", false);
    var factor = names.id(name);
    if (factor.isEmpty()) {
      return on
          ? ApiError.unsupported(
                  "This server has no factor \"" + name + "\", so it cannot be turned on.")
              .reply()
          : Reply.json(Json.object().put("enabled", false));
    }
    var id = factor.get();
    return policy.make(
        call,
        before -> before.allowing(id, on),
        (before, after) ->
            PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                .with("factor", id.value())
                .with("before", onOff(before.allowed().contains(id)))
                .with("after", onOff(after.allowed().contains(id))),
        after -> Reply.json(Json.object().put("enabled", after.allowed().contains(id))));
  }

  private Reply policies(Call call) {
    return shown(policy.current(call));
  }

  /** None: never demanded of everyone. So what was required becomes optional, and what was off stays off. */
  private Reply setPolicies(Call call) {
    var wanted = Call.texts(call.body());
    boolean adaptive = wanted.contains(ADAPTIVE);
    boolean always = wanted.contains(ALWAYS);
    return policy.make(
        call,
        before ->
            before
                .withMode(
                    always
                        ? Mode.REQUIRED
                        : before.mode() == Mode.REQUIRED ? Mode.OPTIONAL : before.mode())
                .with(
                    always
                        ? before.adaptive()
                        : before
                            .adaptive()
                            .turned(adaptive ? Adaptive.State.ON : Adaptive.State.OFF)),
        (before, after) ->
            PolicyChange.event(AuditType.POLICY_CHANGED, call)
                .with("before", word(before))
                .with("after", word(after)),
        Guardian::shown);
  }

  private static Reply shown(Policy policy) {
    var out = Json.array();
    if (policy.mode() == Mode.REQUIRED) {
      out.add(ALWAYS);
    } else if (policy.adaptive().state() == Adaptive.State.ON) {
      out.add(ADAPTIVE);
    }
    return Reply.json(out);
  }

  private static String word(Policy policy) {
    return policy.mode().name().toLowerCase(Locale.ROOT)
        + (policy.adaptive().state() == Adaptive.State.ON ? "; adaptive" : "");
  }

  static String onOff(boolean on) {
    return on ? "on" : "off";
  }
}
