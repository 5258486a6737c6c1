package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.APP;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.TEXT;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.noticing;
import static dev.countersign.enforcement.Somebody.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.risk.Signal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a decision is explained. */
class ExplanationTest {
  @Test
  void an_explanation_says_of_every_factor_why_it_was_offered_or_left_out() {
    var policy = of(Mode.REQUIRED).allowing(TEXT, false);
    var facts = noticing(facts(Set.of(APP, TEXT), List.of(), PASSWORD), Signal.NEW_DEVICE);
    var why = Explanation.of(policy, facts);
    assertThat(why.factors())
        .extracting(it -> it.factor() + " " + it.standing().word())
        .containsExactly(
            "key not_set_up",
            "app offered",
            "text switched_off",
            "mail switched_off",
            "codes not_set_up");
    assertThat(why.lines(policy))
        .contains("Why: policy requires", "  +30 new_device", "Factor app: offered");
    assertThat(why.decision().because().reason()).isEqualTo(Reason.POLICY_REQUIRES);
  }

  @Test
  void of_what_weighs_alike_a_new_browser_is_told_last() {
    var policy = of(Mode.OFF).with(Adaptive.INITIAL.turned(Adaptive.State.ON));
    var alike =
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);

    assertThat(Enforcement.decide(policy, alike).because().signals())
        .containsExactly("new_country", "new_device");
  }

  @Test
  void a_step_up_is_explained_with_the_act_and_its_rule() {
    var rule =
        new StepUp("stp_1", "Payouts", Set.of("operation:pay*"), Level.AAL2, StepUp.Kind.ANY, 0);
    var policy = of(Mode.OFF).steppingUp(List.of(rule));
    var facts = facts(Set.of(APP), List.of("operation:payout", "scope:openid"), PASSWORD);

    assertThat(Explanation.of(policy, facts).lines(policy))
        .contains(
            "Why: step up, for operation:payout by the rule Payouts",
            "Rules: Payouts (step-up stp_1)");
  }
}
