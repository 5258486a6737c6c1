package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a sign-in owes, case by case, and what holds for every case there could be. */
class EnforcementTest {
  private static final FactorId APP = new FactorId("app");
  private static final FactorId KEY = new FactorId("key");
  private static final FactorId CODES = new FactorId("codes");
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final Set<FactorId> ALL = Set.of(APP, KEY, CODES);

  /** A scene: what a person has and has shown, changed step by step. */
  private record Scene(
      Policy policy,
      boolean blocked,
      Set<String> groups,
      List<Facts.Proven> proofs,
      int apps,
      int keys,
      int disabledApps,
      Facts.BackupCodes codes,
      boolean declined,
      boolean interactive,
      Level asked,
      @Nullable Moment firstAfter,
      @Nullable Moment secondAfter) {

    static Scene of(Mode mode) {
      return new Scene(
          new Policy(1, ALL, mode, List.of()),
          false,
          Set.of(),
          List.of(),
          0,
          0,
          0,
          Facts.BackupCodes.NONE,
          false,
          true,
          Level.NONE,
          null,
          null);
    }

    Scene policy(Policy changed) {
      return new Scene(
          changed,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene blockedUser() {
      return new Scene(
          policy,
          true,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene in(String group) {
      return new Scene(
          policy,
          blocked,
          Set.of(group),
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene proving(Facts.Proven proof) {
      var more = new ArrayList<>(proofs);
      more.add(proof);
      return new Scene(
          policy,
          blocked,
          groups,
          more,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene password() {
      return proving(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW));
    }

    Scene appCode() {
      return proving(new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW));
    }

    Scene withApp() {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps + 1,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene withDisabledApp() {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps + 1,
          codes,
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene codes(boolean issued, boolean acknowledged, int left) {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          new Facts.BackupCodes(issued, acknowledged, left),
          declined,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene sayingNotNow() {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          true,
          interactive,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene silent() {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          false,
          asked,
          firstAfter,
          secondAfter);
    }

    Scene asking(Level level) {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          level,
          firstAfter,
          secondAfter);
    }

    Scene fresh(@Nullable Moment first, @Nullable Moment second) {
      return new Scene(
          policy,
          blocked,
          groups,
          proofs,
          apps,
          keys,
          disabledApps,
          codes,
          declined,
          interactive,
          asked,
          first,
          second);
    }

    Facts facts() {
      var offers =
          List.of(
              new Facts.Offer(
                  APP, ProofKind.HAS, false, Audience.EVERYONE, apps, disabledApps, true),
              new Facts.Offer(KEY, ProofKind.HAS, true, Audience.ADMIN_DRIVEN, keys, 0, true),
              new Facts.Offer(
                  CODES,
                  ProofKind.HAS,
                  false,
                  Audience.RECOVERY,
                  codes.acknowledged() ? 1 : 0,
                  0,
                  true));
      return new Facts(
          NOW,
          new Facts.Who("ana", groups, Set.of(), blocked),
          new Facts.Asked("shop", asked, firstAfter, secondAfter),
          proofs,
          offers,
          codes,
          interactive,
          declined);
    }

    Decision decide() {
      return Enforcement.decide(policy, facts());
    }
  }

  private static Demand demanded(Decision decision, Reason because) {
    assertThat(decision).isInstanceOf(Decision.Demanded.class);
    assertThat(decision.because().reason()).isEqualTo(because);
    return decision instanceof Decision.Demanded(var demand, var _)
        ? demand
        : new Demand.FirstProof();
  }

  private static Decision trusting(Scene scene, int days, Facts.@Nullable Trust trust) {
    var it = scene.facts();
    return Enforcement.decide(
        scene.policy().trustingFor(days),
        new Facts(
            it.at(),
            it.who(),
            it.asked(),
            it.proofs(),
            it.offers(),
            it.backupCodes(),
            it.interactive(),
            it.declined(),
            trust,
            it.password()));
  }

  private static Facts.Trust trustedFor(Duration age) {
    return new Facts.Trust(APP, NOW.minus(age), NOW.plus(Duration.ofDays(30)));
  }

  @Test
  void a_trusted_browser_spares_its_person_the_challenge_and_the_level_stays_low() {
    var scene = Scene.of(Mode.REQUIRED).password().withApp().codes(true, true, 9);
    var trust = trustedFor(Duration.ofDays(29));
    var decision = trusting(scene, 30, trust);
    cleared(decision, Level.AAL1);
    assertThat(decision.because().reason()).isEqualTo(Reason.TRUSTED_BROWSER);
    for (var other :
        List.of(
            trusting(scene, 0, trust),
            trusting(scene, 29, trust),
            trusting(scene, 30, null),
            trusting(scene, 30, new Facts.Trust(APP, NOW.minus(Duration.ofDays(1)), NOW)),
            trusting(
                scene,
                30,
                new Facts.Trust(new FactorId("gone"), NOW, NOW.plus(Duration.ofDays(1)))),
            trusting(scene.asking(Level.AAL2), 30, trust),
            trusting(scene.fresh(NOW, null), 30, trust),
            trusting(scene.codes(true, false, 0), 30, trust),
            trusting(scene.withDisabledApp(), 30, trust))) {
      assertThat(other).isNotInstanceOf(Cleared.class);
    }
    assertThat(trusting(Scene.of(Mode.REQUIRED).password(), 30, trust))
        .as("a browser sets no factor up")
        .isNotInstanceOf(Cleared.class);
  }

  @Test
  void of_all_rules_that_match_the_shortest_trust_wins() {
    var never =
        new Policy.Rule("r1", "Admins", Set.of("admins"), Set.of(), Mode.OPTIONAL, Set.of(), 0);
    var week = new Policy.Rule("r2", "All", Set.of(), Set.of(), Mode.OPTIONAL, Set.of(), 7);
    var scene =
        Scene.of(Mode.REQUIRED)
            .policy(new Policy(2, ALL, Mode.REQUIRED, List.of(never, week)))
            .password()
            .withApp()
            .codes(true, true, 9);
    var young = trustedFor(Duration.ofDays(6));
    cleared(trusting(scene, 30, young), Level.AAL1);
    assertThat(trusting(scene, 5, young)).isNotInstanceOf(Cleared.class);
    assertThat(trusting(scene, 30, trustedFor(Duration.ofDays(7)))).isNotInstanceOf(Cleared.class);
    assertThat(trusting(scene.in("admins"), 30, young)).isNotInstanceOf(Cleared.class);
  }

  private static void cleared(Decision decision, Level level) {
    assertThat(decision)
        .isInstanceOfSatisfying(Cleared.class, it -> assertThat(it.level()).isEqualTo(level));
  }

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

  private static final Facts.Proven PASSWORD =
      new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW);

  /** Whoever is asked for the third level, with an app and with passkeys of which some cannot leave their device. */
  private static Facts askedForThird(int passkeys, int bound, int apps, List<Facts.Proven> proofs) {
    return new Facts(
        NOW,
        new Facts.Who("ana", Set.of(), Set.of(), false),
        new Facts.Asked("shop", Level.AAL3, null, null),
        proofs,
        List.of(
            new Facts.Offer(KEY, ProofKind.HAS, true, Audience.EVERYONE, passkeys, 0, true, bound),
            new Facts.Offer(APP, ProofKind.HAS, false, Audience.EVERYONE, apps, 0, true)),
        Facts.BackupCodes.NONE,
        true,
        false);
  }

  private static Decision third(int passkeys, int bound, int apps, List<Facts.Proven> proofs) {
    return Enforcement.decide(
        new Policy(1, ALL, Mode.OFF, List.of()), askedForThird(passkeys, bound, apps, proofs));
  }

  @Test
  void STEP_01_whoever_has_only_a_synced_passkey_is_told_that_the_third_level_is_out_of_reach() {
    var decision = third(1, 0, 1, List.of(PASSWORD));

    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(decision.because().reason()).isEqualTo(Reason.LEVEL_OUT_OF_REACH);
  }

  @Test
  void the_third_level_asks_for_a_key_that_is_bound_and_lets_whoever_has_none_set_one_up() {
    assertThat(demanded(third(2, 1, 1, List.of(PASSWORD)), Reason.APPLICATION_ASKS))
        .isEqualTo(new Demand.Challenge(List.of(KEY)));
    assertThat(demanded(third(0, 0, 0, List.of(PASSWORD)), Reason.APPLICATION_ASKS))
        .isEqualTo(new Demand.Enrol(List.of(KEY), false));
  }

  @Test
  void the_third_level_never_asks_for_ever() {
    var random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      int apps = random.nextInt(2);
      int passkeys = random.nextInt(3);
      int bound = passkeys == 0 ? 0 : random.nextInt(passkeys + 1);
      boolean nextIsBound = random.nextBoolean();
      var proofs = new ArrayList<>(List.of(PASSWORD));
      var decision = third(passkeys, bound, apps, proofs);
      for (int steps = 0; decision instanceof Decision.Demanded(var demand, var _); steps++) {
        assertThat(steps)
            .as("answers given by %s passkeys, %s bound", passkeys, bound)
            .isLessThan(4);
        if (demand instanceof Demand.Challenge(var anyOf)) {
          boolean key = anyOf.contains(KEY);
          proofs.add(
              new Facts.Proven(
                  key ? "key" : "app", ProofKind.HAS, key, key && bound > 0, false, NOW));
        } else {
          passkeys++;
          bound += nextIsBound ? 1 : 0;
          proofs.add(new Facts.Proven("key", ProofKind.HAS, true, nextIsBound, false, NOW));
        }
        decision = third(passkeys, bound, apps, proofs);
      }
      if (decision instanceof Cleared cleared) {
        assertThat(cleared.level()).isEqualTo(Level.AAL3);
      }
    }
  }

  @Test
  void reaching_an_address_raises_no_level() {
    var scene =
        Scene.of(Mode.OFF)
            .password()
            .proving(new Facts.Proven("app", ProofKind.REACHES, false, false, false, NOW));
    cleared(scene.decide(), Level.AAL1);
  }

  // What holds for every case there could be.

  private static Scene anyScene(Random random) {
    var scene = Scene.of(Mode.values()[random.nextInt(3)]).policy(anyPolicy(random));
    if (random.nextInt(10) == 0) {
      scene = scene.blockedUser();
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      scene =
          switch (random.nextInt(8)) {
            case 0 -> scene.withApp();
            case 1 -> scene.withDisabledApp();
            case 2 -> scene.sayingNotNow();
            case 3 -> scene.silent();
            case 4 -> scene.in("g" + random.nextInt(3));
            case 5 -> scene.asking(Level.values()[random.nextInt(4)]);
            case 6 -> scene.codes(true, random.nextBoolean(), random.nextInt(11));
            default ->
                scene.fresh(random.nextBoolean() ? NOW.minus(Duration.ofMinutes(1)) : null, null);
          };
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      scene = scene.proving(anyProof(random));
    }
    return scene;
  }

  private static Facts.Proven anyProof(Random random) {
    var at = NOW.minus(Duration.ofMinutes(random.nextInt(3_000)));
    return switch (random.nextInt(4)) {
      case 0 -> new Facts.Proven("app", ProofKind.HAS, false, false, false, at);
      case 1 -> new Facts.Proven("key", ProofKind.HAS, true, true, false, at);
      case 2 -> new Facts.Proven("codes", ProofKind.HAS, false, false, false, at);
      default -> new Facts.Proven("password", ProofKind.KNOWS, false, false, true, at);
    };
  }

  private static Policy anyPolicy(Random random) {
    var rules = new ArrayList<Policy.Rule>();
    for (int i = random.nextInt(3); i > 0; i--) {
      rules.add(anyRule(random, "r" + i));
    }
    return new Policy(1, anyFactors(random), Mode.values()[random.nextInt(3)], rules);
  }

  private static Policy.Rule anyRule(Random random, String id) {
    var groups = random.nextBoolean() ? Set.of("g" + random.nextInt(3)) : Set.<String>of();
    return new Policy.Rule(
        id,
        id,
        groups,
        Set.of(),
        Mode.values()[random.nextInt(3)],
        random.nextBoolean() ? anyFactors(random) : Set.of());
  }

  private static Set<FactorId> anyFactors(Random random) {
    var some = new HashSet<>(ALL);
    some.removeIf(_ -> random.nextInt(4) == 0);
    return some;
  }

  @Test
  void the_same_facts_and_policy_give_the_same_decision_byte_for_byte() {
    var random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      var scene = anyScene(random);
      assertThat(String.valueOf(scene.decide())).isEqualTo(String.valueOf(scene.decide()));
      assertThat(Json.write(scene.facts())).isEqualTo(Json.write(scene.facts()));
    }
  }

  @Test
  void every_decision_has_a_reason() {
    var random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      assertThat(anyScene(random).decide().because().reason()).isNotNull();
    }
  }

  /** How much a decision still wants; more is stricter. */
  private static int strictness(Decision decision) {
    return switch (decision) {
      case Cleared _ -> 0;
      case Decision.Demanded(Demand.Enrol(var _, var optional), var _) -> optional ? 1 : 2;
      case Decision.Demanded _ -> 2;
      case Decision.Denied _ -> 3;
    };
  }

  @Test
  void adding_a_rule_never_lets_anyone_in_who_was_not_let_in_before() {
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      var more = new ArrayList<>(scene.policy().rules());
      more.add(anyRule(random, "added"));
      var before = scene.decide();
      var after =
          scene
              .policy(new Policy(2, scene.policy().allowed(), scene.policy().mode(), more))
              .decide();
      if (strictness(before) >= 2) {
        assertThat(after).as("%s with %s", scene, more.getLast()).isNotInstanceOf(Cleared.class);
      }
    }
  }

  @Test
  void required_clears_nobody_without_a_usable_factor_seen_or_silent() {
    var random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      var effective = scene.policy().effective(scene.facts());
      boolean usable =
          scene.facts().offers().stream()
              .anyMatch(offer ->
                  offer.enrolled() > 0
                      && offer.audience() != Audience.RECOVERY
                      && effective.allowed().contains(offer.factor()));
      if (effective.mode() == Mode.REQUIRED && !usable) {
        assertThat(scene.decide()).as("%s", scene).isNotInstanceOf(Cleared.class);
      }
    }
  }

  @Test
  void proving_more_never_demands_more() {
    var random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      if (scene.decide() instanceof Cleared) {
        var decision = scene.proving(anyProof(random)).decide();
        boolean onlyCodes = decision instanceof Decision.Demanded(Demand.SeeBackupCodes _, var _);
        assertThat(decision instanceof Cleared || onlyCodes)
            .as("%s -> %s", scene, decision)
            .isTrue();
      }
    }
  }

  private static Facts.Trust anyTrust(Random random) {
    return new Facts.Trust(
        random.nextInt(4) == 0 ? KEY : APP,
        NOW.minus(Duration.ofDays(random.nextInt(40))),
        NOW.plus(Duration.ofDays(random.nextInt(40) - 10)));
  }

  @Test
  void trust_never_satisfies_a_step_up_nor_raises_a_level_nor_makes_anything_stricter() {
    var random = new Random(6);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      var without = scene.decide();
      var with = trusting(scene, random.nextInt(40), anyTrust(random));
      if (without instanceof Cleared before) {
        assertThat(with)
            .as("%s", scene)
            .isInstanceOfSatisfying(
                Cleared.class, it -> assertThat(it.level()).isEqualTo(before.level()));
      } else if (with instanceof Cleared it) {
        assertThat(without)
            .as("%s", scene)
            .isInstanceOfSatisfying(
                Decision.Demanded.class,
                owed -> assertThat(owed.demand()).isInstanceOf(Demand.Challenge.class));
        assertThat(it.level()).isEqualTo(Level.AAL1);
        assertThat(scene.asked().reaches(Level.AAL2)).as("%s", scene).isFalse();
        assertThat(scene.firstAfter()).as("%s", scene).isNull();
      }
    }
  }

  @Test
  void proving_more_in_a_trusted_browser_never_demands_more() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      var trust = anyTrust(random);
      int days = random.nextInt(40);
      if (trusting(scene, days, trust) instanceof Cleared) {
        var decision = trusting(scene.proving(anyProof(random)), days, trust);
        boolean onlyCodes = decision instanceof Decision.Demanded(Demand.SeeBackupCodes _, var _);
        assertThat(decision instanceof Cleared || onlyCodes)
            .as("%s -> %s", scene, decision)
            .isTrue();
      }
    }
  }

  @Test
  void trusting_for_less_or_by_one_rule_more_never_lets_more_people_in() {
    var random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      var scene = anyScene(random);
      var trust = anyTrust(random);
      int days = random.nextInt(40);
      if (!(trusting(scene, days, trust) instanceof Cleared)) {
        assertThat(trusting(scene, Math.max(0, days - 1 - random.nextInt(5)), trust))
            .as("%s", scene)
            .isNotInstanceOf(Cleared.class);
      }
    }
  }
}
