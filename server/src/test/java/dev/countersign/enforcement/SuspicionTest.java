package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.APP;
import static dev.countersign.enforcement.Somebody.BEGUN;
import static dev.countersign.enforcement.Somebody.CODES;
import static dev.countersign.enforcement.Somebody.KEY;
import static dev.countersign.enforcement.Somebody.MAIL;
import static dev.countersign.enforcement.Somebody.NOW;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.WEIGHED;
import static dev.countersign.enforcement.Somebody.adaptive;
import static dev.countersign.enforcement.Somebody.by;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.noticing;
import static dev.countersign.enforcement.Somebody.of;
import static dev.countersign.enforcement.Somebody.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows from what is noteworthy about a sign-in. */
class SuspicionTest {
  @Test
  void a_score_that_demands_a_proof_demands_it_even_where_nothing_is_demanded_otherwise() {
    var facts = noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE);
    says(adaptive(Mode.OFF), facts, "in at aal1: nothing_demanded");
    var more =
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.OFF), more, "asked for [app]: risk");
    assertThat(Enforcement.decide(adaptive(Mode.OFF), more).because().signals())
        .as("the weightiest first")
        .containsExactly("new_country", "new_device");
  }

  @Test
  void a_proof_from_before_this_sign_in_does_not_answer_for_it() {
    var strange = new Signal[] {Signal.NEW_DEVICE, Signal.NEW_COUNTRY};
    var old = by(APP, BEGUN.minus(Duration.ofMinutes(1)));
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP, CODES), List.of(), PASSWORD, old), strange),
        "asked for [app, codes]: risk");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP, CODES), List.of(), PASSWORD, by(APP, NOW)), strange),
        "in at aal2: proven");
  }

  @Test
  void a_higher_score_wants_what_cannot_be_phished_and_the_highest_lets_nobody_in() {
    var sixty = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE};
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP, KEY), List.of(), PASSWORD, by(APP, NOW)), sixty),
        "asked for [key]: risk");
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP, KEY), List.of(), PASSWORD, by(KEY, NOW)), sixty),
        "in at aal3: risk_answered");
    var ninety = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE, Signal.NEW_COUNTRY};
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(KEY), List.of(), PASSWORD, by(KEY, NOW)), ninety),
        "denied: risk_too_high");
  }

  @Test
  void reported_and_learnt_only_nothing_follows() {
    var facts =
        noticing(
            facts(Set.of(APP), List.of(), PASSWORD),
            Signal.IMPOSSIBLE_TRAVEL,
            Signal.NEW_DEVICE,
            Signal.NEW_COUNTRY);
    var reporting = of(Mode.OFF).with(WEIGHED.turned(Adaptive.State.REPORT_ONLY));
    says(reporting, facts, "in at aal1: nothing_demanded");
    assertThat(Explanation.of(reporting, facts).risk().response())
        .isEqualTo(Adaptive.Response.BLOCK);
    assertThat(Explanation.of(reporting, facts).risk().followed()).isFalse();
    var learning =
        new Adaptive(
            Adaptive.State.ON,
            30,
            60,
            80,
            Map.of(),
            Adaptive.WithoutFactor.BLOCK,
            NOW.plus(Duration.ofDays(1)));
    says(of(Mode.OFF).with(learning), facts, "in at aal1: nothing_demanded");
  }

  @Test
  void STEP_08_what_could_not_be_found_out_leads_to_a_challenge() {
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.SENSES_UNAVAILABLE),
        "asked for [app]: risk");
  }

  @Test
  void somebody_suspicious_without_a_factor_is_not_let_set_one_up_unless_the_tenant_says_so() {
    var strange =
        noticing(facts(Set.of(), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.REQUIRED), strange, "asked for [mail]: verify_email_first");
    says(
        adaptive(Mode.REQUIRED),
        noticing(
            facts(Set.of(), List.of(), PASSWORD, by(MAIL, NOW)),
            Signal.NEW_DEVICE,
            Signal.NEW_COUNTRY),
        "made to set up [key, app, text]: policy_requires");
    var on = WEIGHED;
    says(
        of(Mode.OPTIONAL).with(on.answering(Adaptive.WithoutFactor.BLOCK)),
        strange,
        "denied: suspicious_without_factor");
    says(
        of(Mode.OFF).with(on.answering(Adaptive.WithoutFactor.ALLOW_ENROLMENT)),
        strange,
        "made to set up [key, app, text]: risk");
  }

  @Test
  void who_answered_at_their_address_is_in_because_of_that_and_not_because_nothing_was_demanded() {
    says(
        adaptive(Mode.OFF),
        noticing(
            facts(Set.of(), List.of(), PASSWORD, by(MAIL, NOW)),
            Signal.NEW_DEVICE,
            Signal.NEW_COUNTRY),
        "in at aal1: risk_answered");
  }

  @Test
  void who_has_nothing_that_resists_phishing_gives_what_they_have_and_verifies_their_address() {
    var sixty = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE};
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD), sixty),
        "asked for [app]: risk");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD, by(APP, NOW)), sixty),
        "asked for [mail]: verify_email_first");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD, by(APP, NOW), by(MAIL, NOW)), sixty),
        "in at aal2: proven");
  }

  @Test
  void STEP_08_a_trusted_browser_spares_nobody_the_challenge_that_risk_demands() {
    var facts =
        noticing(
            facts(Set.of(APP, CODES), List.of(), PASSWORD), Signal.NEW_COUNTRY, Signal.NEW_DEVICE);
    var trusting =
        new Facts(
            facts.at(),
            facts.who(),
            facts.asked(),
            facts.proofs(),
            facts.offers(),
            facts.backupCodes(),
            true,
            false,
            new Facts.Trust(APP, BEGUN.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9))),
            false,
            List.of(),
            facts.circumstances());
    says(adaptive(Mode.REQUIRED).trustingFor(30), trusting, "asked for [app, codes]: risk");
    says(of(Mode.REQUIRED).trustingFor(30), trusting, "in at aal1: trusted_browser");
  }
}
