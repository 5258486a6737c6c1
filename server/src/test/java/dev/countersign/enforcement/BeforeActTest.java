package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.APP;
import static dev.countersign.enforcement.Somebody.BEGUN;
import static dev.countersign.enforcement.Somebody.CODES;
import static dev.countersign.enforcement.Somebody.KEY;
import static dev.countersign.enforcement.Somebody.MAIL;
import static dev.countersign.enforcement.Somebody.NOW;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.TEXT;
import static dev.countersign.enforcement.Somebody.by;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.of;
import static dev.countersign.enforcement.Somebody.says;

import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What has to be proven before a sensitive act. */
class BeforeActTest {
  private static StepUp stepUp(StepUp.Kind kind, Level level, long lasts) {
    return new StepUp("s", "s", Set.of("operation:payout"), level, kind, lasts);
  }

  @Test
  void STEP_04_only_what_was_there_before_and_of_the_kind_that_is_wanted_will_do() {
    var payout = List.of("operation:payout");
    var once = of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.ANY, Level.AAL2, 0)));
    says(once, facts(Set.of(APP), payout, PASSWORD), "asked for [app]: step_up");
    says(once, facts(Set.of(), payout, PASSWORD), "denied: step_up_needs_factor");
    says(once, facts(Set.of(), payout, PASSWORD, by(MAIL, NOW)), "denied: step_up_needs_factor");
    var setUp = new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW, true);
    says(once, facts(Set.of(APP), payout, PASSWORD, setUp), "asked for [app]: step_up");
    says(
        once,
        facts(Set.of(APP), payout, PASSWORD, by(APP, BEGUN.minus(Duration.ofSeconds(1)))),
        "asked for [app]: step_up");
    says(once, facts(Set.of(APP), payout, PASSWORD, by(APP, NOW)), "in at aal2: nothing_demanded");

    var keys =
        of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.PHISHING_RESISTANT, Level.AAL2, 0)));
    says(
        keys,
        facts(Set.of(APP, CODES), payout, PASSWORD, by(CODES, NOW)),
        "denied: level_out_of_reach");
    says(
        keys,
        facts(Set.of(APP, KEY, CODES), payout, PASSWORD, by(APP, NOW)),
        "asked for [key]: step_up");
    var noTexts =
        of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.NOT_BY_TELEPHONE, Level.AAL2, 0)));
    says(
        noTexts,
        facts(Set.of(TEXT, APP), payout, PASSWORD, by(TEXT, NOW)),
        "asked for [app]: step_up");
  }

  @Test
  void a_raised_level_lasts_as_long_as_the_shortest_rule_says() {
    var payout = List.of("operation:payout");
    var lasting =
        of(Mode.OFF)
            .steppingUp(
                List.of(
                    stepUp(StepUp.Kind.ANY, Level.AAL2, 600),
                    new StepUp("t", "t", Set.of("operation:*"), Level.AAL2, StepUp.Kind.ANY, 300)));
    says(
        lasting,
        facts(Set.of(APP), payout, PASSWORD, by(APP, NOW.minus(Duration.ofSeconds(300)))),
        "in at aal2: nothing_demanded");
    says(
        lasting,
        facts(Set.of(APP), payout, PASSWORD, by(APP, NOW.minus(Duration.ofSeconds(301)))),
        "asked for [app]: step_up");
    says(
        lasting,
        facts(Set.of(APP), List.of("operation:look"), PASSWORD),
        "asked for [app]: step_up");
    says(
        lasting,
        facts(Set.of(APP), List.of("scope:read"), PASSWORD),
        "in at aal1: nothing_demanded");
  }
}
