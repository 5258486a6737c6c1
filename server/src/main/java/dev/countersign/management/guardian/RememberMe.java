package dev.countersign.management.guardian;

import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Guardian's settings of the box 'remember me', as Auth0 has them: of trusted browsers, whether there is a box, whether it is
 * ticked at first, and for how long a browser is remembered, unused and overall. They are the policy's, in other words.
 */
public final class RememberMe {
  private static final String BOX = "display_remember_me_checkbox";
  private static final String TICKED = "remember_me_default_value";
  private static final String IDLE = "mfa_session_inactivity_timeout";
  private static final String OVERALL = "mfa_session_overall_timeout";
  private static final int LEAST = 3_600;
  private static final int MOST_IDLE = 2_592_000;
  private static final int MOST_OVERALL = 7_776_000;
  private static final int USUAL_IDLE = 604_800;
  private static final int USUAL_OVERALL = 2_592_000;

  private static final Shape SETTINGS =
      Shape.fields()
          .withRequired(BOX, Shape.flag())
          .withRequired(TICKED, Shape.flag())
          .withRequired(IDLE, new Shape.Whole(LEAST, MOST_IDLE))
          .withRequired(OVERALL, new Shape.Whole(LEAST, MOST_OVERALL));

  private final PolicyChange policy;

  public RememberMe(PolicyChange policy) {
    this.policy = policy;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
                "/guardian/settings",
                "read:tenant_settings",
                call -> Reply.json(shown(policy.current(call))))
            .does("Shows how trusted browsers are remembered")
            .answers(200, SETTINGS),
        Endpoint.put("/guardian/settings", "update:tenant_settings", SETTINGS, this::set)
            .does("Sets how trusted browsers are remembered")
            .answers(200, SETTINGS));
  }

  /** As it is; what has no limit here is shown as the longest that can be said. */
  private static ObjectNode shown(Policy policy) {
    var how = policy.remembering();
    long days = Duration.ofDays(policy.trustDays()).toSeconds();
    long overall =
        how.overallSeconds() > 0
            ? how.overallSeconds()
            : days > 0 ? Math.min(days, MOST_OVERALL) : USUAL_OVERALL;
    long idle = how.idleSeconds() > 0 ? how.idleSeconds() : days > 0 ? MOST_IDLE : USUAL_IDLE;
    return Json.object()
        .put(BOX, policy.trustDays() > 0)
        .put(TICKED, how.ticked())
        .put(IDLE, Math.min(idle, overall))
        .put(OVERALL, overall);
  }

  private Reply set(Call call) {
    long idle = call.body().path(IDLE).asLong(0);
    long overall = call.body().path(OVERALL).asLong(0);
    if (idle > overall) {
      return ApiError.body(
              new Shape.Violation("Cannot be longer than " + OVERALL, IDLE).sentence("Payload"))
          .reply();
    }
    int days = call.flag(BOX, true) ? Math.toIntExact((overall + 86_399) / 86_400) : 0;
    var how = new Policy.Remembering(overall, idle, call.flag(TICKED, false));
    return policy.make(
        call,
        before -> before.trustingFor(days).remembering(how),
        (before, after) ->
            PolicyChange.event(AuditType.POLICY_CHANGED, call)
                .with("before", told(before))
                .with("after", told(after)),
        after -> Reply.json(shown(after)));
  }

  private static String told(Policy policy) {
    var how = policy.remembering();
    return "browsers trusted for "
        + policy.trustDays()
        + " days, "
        + how.overallSeconds()
        + " s at most, unused "
        + how.idleSeconds()
        + " s at most; box "
        + (how.ticked() ? "ticked" : "not ticked");
  }
}
