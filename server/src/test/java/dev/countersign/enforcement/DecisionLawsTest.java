package dev.countersign.enforcement;

import static dev.countersign.enforcement.DecisionScene.ALL;
import static dev.countersign.enforcement.DecisionScene.APP;
import static dev.countersign.enforcement.DecisionScene.KEY;
import static dev.countersign.enforcement.DecisionScene.NOW;
import static dev.countersign.enforcement.DecisionScene.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.DecisionScene.Scene;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every sign-in there could be: the same facts, the same decision; more shown, never less let in. */
class DecisionLawsTest {
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
  void what_is_recorded_of_facts_says_them_all() {
    var random = new Random(6);
    for (int i = 0; i < 2_000; i++) {
      var facts = anyScene(random).facts();
      var record = Json.brief(facts);
      assertThat(Json.read(record, Facts.class)).isEqualTo(facts);
      assertThat(record)
          .hasSizeLessThan(Json.write(facts).length())
          .doesNotContain("null", "false");
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
