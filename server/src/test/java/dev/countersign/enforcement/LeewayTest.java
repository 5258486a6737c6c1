package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.BEGUN;
import static dev.countersign.enforcement.Somebody.NOW;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.adaptive;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.noticing;
import static dev.countersign.enforcement.Somebody.of;
import static dev.countersign.enforcement.Somebody.puttingOff;
import static dev.countersign.enforcement.Somebody.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Grace, campaigns and exemptions: how long something can be put off. */
class LeewayTest {
  @Test
  void TIME_04_grace_by_days_ends_at_its_moment_and_begins_with_the_first_invitation() {
    var week = of(Mode.REQUIRED).from(Timing.grace(7, null));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(week, nobody, "invited to [key, app, text]: grace");
    assertThat(Enforcement.decide(week, nobody).because().leave())
        .isEqualTo(new Because.Leave(null, NOW.plus(Duration.ofDays(7))));
    var since = NOW.minus(Duration.ofDays(7));
    says(
        week,
        puttingOff(nobody, new Grace(since.plus(Duration.ofMillis(1)), 3, since)),
        "invited to [key, app, text]: grace");
    says(
        week,
        puttingOff(nobody, new Grace(since, 3, since)),
        "made to set up [key, app, text]: policy_requires");
    says(
        week,
        puttingOff(nobody, new Grace(since.minus(Duration.ofMillis(1)), 3, since)),
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void grace_by_count_is_used_up_and_a_deadline_ends_every_grace() {
    var twice = of(Mode.REQUIRED).from(Timing.grace(null, 2));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(
        twice,
        puttingOff(nobody, new Grace(BEGUN, 1, BEGUN)),
        "invited to [key, app, text]: grace");
    says(
        twice,
        puttingOff(nobody, new Grace(BEGUN, 2, BEGUN)),
        "made to set up [key, app, text]: policy_requires");
    var until = of(Mode.REQUIRED).from(new Timing(null, false, null, null, NOW, 0));
    says(until, nobody, "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void of_two_rules_the_one_without_grace_counts() {
    var policy =
        of(Mode.OFF)
            .withRules(
                List.of(
                    new Policy.Rule("g", "g", Set.of(), Set.of(), Mode.REQUIRED, Set.of())
                        .from(Timing.grace(30, null)),
                    new Policy.Rule("r", "r", Set.of("staff"), Set.of(), Mode.REQUIRED, Set.of())));
    says(
        policy,
        facts(Set.of(), List.of(), PASSWORD),
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void after_not_now_nobody_is_invited_again_until_the_campaign_has_cooled_down() {
    var campaign =
        of(Mode.OFF)
            .withRules(
                List.of(
                    new Policy.Rule("r", "r", Set.of(), Set.of(), Mode.REQUIRED, Set.of())
                        .from(
                            new Timing(
                                null, false, null, null, NOW.plus(Duration.ofDays(60)), 7))));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(campaign, nobody, "invited to [key, app, text]: grace");
    var six = NOW.minus(Duration.ofDays(6));
    says(campaign, puttingOff(nobody, new Grace(six, 1, six)), "in at aal1: put_off");
    var seven = NOW.minus(Duration.ofDays(7));
    says(
        campaign,
        puttingOff(nobody, new Grace(seven, 1, seven)),
        "invited to [key, app, text]: grace");
  }

  @Test
  void a_rule_that_has_not_begun_is_not_there_and_may_leave_sessions_alone() {
    var later = new Timing(NOW.plus(Duration.ofMillis(1)), true, null, null, null, 0);
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    var rule = new Policy.Rule("r", "r", Set.of(), Set.of(), Mode.REQUIRED, Set.of());
    says(of(Mode.OFF).withRules(List.of(rule.from(later))), nobody, "in at aal1: nothing_demanded");
    var just = new Timing(NOW, true, null, null, null, 0);
    says(
        of(Mode.OFF).withRules(List.of(rule.from(just))),
        nobody,
        "invited to [key, app, text]: grace");
    var before = new Timing(BEGUN, true, null, null, null, 0);
    says(
        of(Mode.OFF).withRules(List.of(rule.from(before))),
        nobody,
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void an_exemption_has_a_last_moment_and_spares_neither_sensitive_acts_nor_a_block() {
    var policy =
        adaptive(Mode.REQUIRED)
            .exempting(
                List.of(new Exemption("ana", NOW.plus(Duration.ofMillis(1)), "broken glass")));
    says(policy, facts(Set.of(), List.of(), PASSWORD), "in at aal1: exempt");
    says(
        policy.exempting(List.of(new Exemption("ana", NOW, "broken glass"))),
        facts(Set.of(), List.of(), PASSWORD),
        "made to set up [key, app, text]: policy_requires");
    says(
        policy,
        facts(Set.of(), List.of("operation:payout"), PASSWORD),
        "denied: step_up_needs_factor");
    says(
        policy,
        noticing(
            facts(Set.of(), List.of(), PASSWORD),
            Signal.IMPOSSIBLE_TRAVEL,
            Signal.NEW_COUNTRY,
            Signal.NEW_DEVICE),
        "denied: risk_too_high");
  }
}
