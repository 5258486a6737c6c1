package dev.countersign.enforcement;

import static dev.countersign.enforcement.DecisionScene.ALL;
import static dev.countersign.enforcement.DecisionScene.APP;
import static dev.countersign.enforcement.DecisionScene.CODES;
import static dev.countersign.enforcement.DecisionScene.KEY;
import static dev.countersign.enforcement.DecisionScene.NOW;
import static dev.countersign.enforcement.DecisionScene.cleared;
import static dev.countersign.enforcement.DecisionScene.demanded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.enforcement.DecisionScene.Scene;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a sign-in owes, case by case. */
class EnforcementTest {
  @Test
  void nothing_proven_demands_the_first_proof() {
    assertThat(demanded(Scene.of(Mode.OFF).decide(), Reason.NO_FIRST_PROOF))
        .isInstanceOf(Demand.FirstProof.class);
  }

  @Test
  void a_blocked_person_is_denied_whatever_was_proven() {
    var decision = Scene.of(Mode.OFF).password().blockedUser().decide();
    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(decision.because().reason()).isEqualTo(Reason.BLOCKED);
  }

  @Test
  void off_asks_for_nothing_more_even_of_the_enrolled() {
    cleared(Scene.of(Mode.OFF).password().withApp().decide(), Level.AAL1);
  }

  @Test
  void off_still_honours_what_an_application_asks_for() {
    var demand =
        demanded(
            Scene.of(Mode.OFF).password().withApp().asking(Level.AAL2).decide(),
            Reason.APPLICATION_ASKS);
    assertThat(demand).isEqualTo(new Demand.Challenge(List.of(APP)));
  }

  @Test
  void optional_invites_who_has_nothing_and_takes_no_for_an_answer() {
    var scene = Scene.of(Mode.OPTIONAL).password();
    assertThat(demanded(scene.decide(), Reason.INVITED))
        .isEqualTo(new Demand.Enrol(List.of(APP), true));
    cleared(scene.sayingNotNow().decide(), Level.AAL1);
  }

  @Test
  void optional_never_invites_where_nobody_is_there_to_answer() {
    cleared(Scene.of(Mode.OPTIONAL).password().silent().decide(), Level.AAL1);
  }

  @Test
  void optional_challenges_whoever_has_enrolled() {
    assertThat(demanded(Scene.of(Mode.OPTIONAL).password().withApp().decide(), Reason.ENROLLED))
        .isInstanceOf(Demand.Challenge.class);
  }

  @Test
  void saying_not_now_does_not_help_whoever_has_enrolled() {
    assertThat(
            demanded(
                Scene.of(Mode.OPTIONAL).password().withApp().sayingNotNow().decide(),
                Reason.ENROLLED))
        .isInstanceOf(Demand.Challenge.class);
  }

  @Test
  void required_makes_people_enrol_and_offers_no_way_round() {
    assertThat(
            demanded(
                Scene.of(Mode.REQUIRED).password().sayingNotNow().decide(), Reason.POLICY_REQUIRES))
        .isEqualTo(new Demand.Enrol(List.of(APP), false));
  }

  @Test
  void required_without_a_possible_factor_denies_and_says_so() {
    var decision =
        Scene.of(Mode.REQUIRED)
            .policy(new Policy(2, Set.of(CODES), Mode.REQUIRED, List.of()))
            .password()
            .decide();
    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(decision.because().reason()).isEqualTo(Reason.NO_FACTOR_POSSIBLE);
  }

  @Test
  void PICK_10_without_a_usable_factor_required_lets_nothing_go_on_silently_whatever_was_proven() {
    var scene = Scene.of(Mode.REQUIRED).password().appCode();
    for (var each : List.of(scene, scene.silent())) {
      assertThat(demanded(each.decide(), Reason.POLICY_REQUIRES))
          .isEqualTo(new Demand.Enrol(List.of(APP), false));
    }
    assertThat(demanded(scene.silent().withDisabledApp().decide(), Reason.FACTORS_DISABLED))
        .isEqualTo(new Demand.Enrol(List.of(APP), false));
    cleared(Scene.of(Mode.OPTIONAL).password().appCode().silent().decide(), Level.AAL2);
  }

  @Test
  void backup_codes_have_to_be_seen_before_the_first_sign_in_is_over() {
    var scene = Scene.of(Mode.REQUIRED).password().withApp().appCode();
    assertThat(demanded(scene.decide(), Reason.BACKUP_CODES_UNSEEN))
        .isInstanceOf(Demand.SeeBackupCodes.class);
    assertThat(demanded(scene.codes(true, false, 0).decide(), Reason.BACKUP_CODES_UNSEEN))
        .isInstanceOf(Demand.SeeBackupCodes.class);
    cleared(scene.codes(true, true, 10).decide(), Level.AAL2);
  }

  @Test
  void the_last_backup_code_used_leads_to_a_new_set() {
    var scene = Scene.of(Mode.REQUIRED).password().withApp().appCode().codes(true, true, 0);
    assertThat(demanded(scene.decide(), Reason.BACKUP_CODES_SPENT))
        .isInstanceOf(Demand.SeeBackupCodes.class);
  }

  @Test
  void backup_codes_are_offered_last_and_only_while_some_are_left() {
    var scene = Scene.of(Mode.REQUIRED).password().withApp();
    assertThat(demanded(scene.codes(true, true, 3).decide(), Reason.POLICY_REQUIRES))
        .isEqualTo(new Demand.Challenge(List.of(APP, CODES)));
    assertThat(demanded(scene.codes(true, true, 0).decide(), Reason.POLICY_REQUIRES))
        .isEqualTo(new Demand.Challenge(List.of(APP)));
  }

  @Test
  void PICK_02_a_proof_by_a_factor_that_is_no_longer_allowed_does_not_count() {
    var scene = Scene.of(Mode.REQUIRED).password().withApp().appCode().codes(true, true, 9);
    cleared(scene.decide(), Level.AAL2);
    var without = scene.policy(new Policy(2, Set.of(KEY, CODES), Mode.REQUIRED, List.of()));
    assertThat(without.decide()).isNotInstanceOf(Cleared.class);
  }

  @Test
  void PICK_04_a_rule_for_a_group_is_strict_where_the_tenant_is_not() {
    var rule = new Policy.Rule("r1", "Admins", Set.of("admins"), Set.of(), Mode.REQUIRED, Set.of());
    var scene =
        Scene.of(Mode.OPTIONAL)
            .policy(new Policy(2, ALL, Mode.OPTIONAL, List.of(rule)))
            .password()
            .sayingNotNow();
    cleared(scene.decide(), Level.AAL1);
    var decision = scene.in("admins").decide();
    assertThat(demanded(decision, Reason.POLICY_REQUIRES))
        .isEqualTo(new Demand.Enrol(List.of(APP), false));
    assertThat(decision.because().rules()).containsExactly("r1");
  }

  @Test
  void a_disabled_factor_never_makes_its_owner_somebody_without_a_factor() {
    for (var mode : Mode.values()) {
      var decision = Scene.of(mode).password().withDisabledApp().asking(Level.AAL2).decide();
      assertThat(decision).isInstanceOf(Decision.Denied.class);
      assertThat(decision.because().reason()).isEqualTo(Reason.FACTORS_DISABLED);
    }
    assertThat(Scene.of(Mode.OPTIONAL).password().withDisabledApp().decide())
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void with_a_disabled_factor_a_backup_code_leads_to_binding_a_new_one() {
    var scene = Scene.of(Mode.OPTIONAL).password().withDisabledApp().codes(true, true, 4);
    assertThat(demanded(scene.decide(), Reason.ENROLLED))
        .isEqualTo(new Demand.Challenge(List.of(CODES)));
    var answered =
        scene.proving(new Facts.Proven("codes", ProofKind.HAS, false, false, false, NOW));
    assertThat(demanded(answered.decide(), Reason.FACTORS_DISABLED))
        .isEqualTo(new Demand.Enrol(List.of(APP), false));
  }

  @Test
  void a_rule_that_no_longer_takes_a_factor_takes_no_protection_away() {
    var keysOnly =
        new Policy.Rule("r1", "Keys only", Set.of(), Set.of(), Mode.OPTIONAL, Set.of(KEY));
    var scene =
        Scene.of(Mode.OPTIONAL)
            .policy(new Policy(2, ALL, Mode.OPTIONAL, List.of(keysOnly)))
            .password()
            .withApp();
    assertThat(demanded(scene.decide(), Reason.ENROLLED))
        .isEqualTo(new Demand.Challenge(List.of(APP)));
    var answered = scene.appCode().decide();
    assertThat(answered).isInstanceOf(Decision.Denied.class);
    assertThat(answered.because().reason()).isEqualTo(Reason.NO_FACTOR_POSSIBLE);
  }

  @Test
  void max_age_asks_for_the_first_proof_again() {
    var old =
        Scene.of(Mode.OFF)
            .proving(
                new Facts.Proven(
                    "password",
                    ProofKind.KNOWS,
                    false,
                    false,
                    true,
                    NOW.minus(Duration.ofMinutes(10))));
    cleared(old.decide(), Level.AAL1);
    var asked = old.fresh(NOW.minus(Duration.ofMinutes(1)), null);
    assertThat(demanded(asked.decide(), Reason.FIRST_PROOF_TOO_OLD))
        .isInstanceOf(Demand.FirstProof.class);
    cleared(asked.password().decide(), Level.AAL1);
  }

  @Test
  void TIME_06_a_second_proof_stops_counting_after_a_day() {
    var edge = NOW.minus(Enforcement.SECOND_PROOF_LASTS);
    var scene = Scene.of(Mode.REQUIRED).password().withApp().codes(true, true, 9);
    cleared(
        scene
            .proving(
                new Facts.Proven(
                    "app", ProofKind.HAS, false, false, false, new Moment(edge.millis() + 1)))
            .decide(),
        Level.AAL2);
    assertThat(
            demanded(
                scene
                    .proving(new Facts.Proven("app", ProofKind.HAS, false, false, false, edge))
                    .decide(),
                Reason.POLICY_REQUIRES))
        .isInstanceOf(Demand.Challenge.class);
  }

  @Test
  void STEP_01_a_level_that_nobody_could_reach_is_denied_rather_than_lowered() {
    var decision =
        Scene.of(Mode.OFF)
            .policy(new Policy(2, Set.of(APP), Mode.OFF, List.of()))
            .password()
            .withApp()
            .asking(Level.AAL3)
            .decide();
    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(decision.because().reason()).isEqualTo(Reason.LEVEL_OUT_OF_REACH);
  }

  @Test
  void reaching_an_address_raises_no_level() {
    var scene =
        Scene.of(Mode.OFF)
            .password()
            .proving(new Facts.Proven("app", ProofKind.REACHES, false, false, false, NOW));
    cleared(scene.decide(), Level.AAL1);
  }
}
