package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.ALL;
import static dev.countersign.enforcement.Somebody.APP;
import static dev.countersign.enforcement.Somebody.CODES;
import static dev.countersign.enforcement.Somebody.KEY;
import static dev.countersign.enforcement.Somebody.MAIL;
import static dev.countersign.enforcement.Somebody.NOW;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.TEXT;
import static dev.countersign.enforcement.Somebody.by;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.noticing;
import static dev.countersign.enforcement.Somebody.of;
import static dev.countersign.enforcement.Somebody.recovering;
import static dev.countersign.enforcement.Somebody.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds of every policy and everybody there could be. */
class PolicyTest {
  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Timing anyTiming(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Timing.grace(random.nextInt(10), random.nextBoolean() ? random.nextInt(4) : null);
      case 1 ->
          new Timing(
              NOW.minus(Duration.ofMinutes(random.nextInt(3) - 1)),
              random.nextBoolean(),
              null,
              null,
              random.nextBoolean() ? NOW.plus(Duration.ofDays(random.nextInt(3) - 1)) : null,
              random.nextInt(3));
      default -> Timing.AT_ONCE;
    };
  }

  private static Policy.Rule anyRule(Random random, String id) {
    var match =
        switch (random.nextInt(5)) {
          case 0 -> Match.of(Set.of("staff"), Set.of());
          case 1 -> Match.of(Set.of("board"), Set.of());
          case 2 -> Match.EVERYBODY.in(Set.of(any(random, List.of("bank", "shop"))));
          case 3 ->
              Match.EVERYBODY.from(
                  Set.of(new Network(any(random, List.of("203.0.113.0/24", "10.0.0.0/8")))),
                  Set.of());
          default -> Match.EVERYBODY.ofEvery(random.nextInt(101));
        };
    return new Policy.Rule(
        id,
        id,
        match,
        Mode.values()[random.nextInt(3)],
        random.nextInt(3) == 0 ? anyFactors(random) : Set.of(),
        random.nextInt(4) == 0 ? random.nextInt(40) : null,
        anyTiming(random));
  }

  private static Set<FactorId> anyFactors(Random random) {
    var some = new HashSet<>(ALL);
    some.removeIf(_ -> random.nextInt(4) == 0);
    return some;
  }

  private static Policy anyPolicy(Random random) {
    var rules = new ArrayList<Policy.Rule>();
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(anyRule(random, "r" + i));
    }
    var stepUps = new ArrayList<StepUp>();
    for (int i = random.nextInt(3); i > 0; i--) {
      stepUps.add(anyStepUp(random, "s" + i));
    }
    return new Policy(1, anyFactors(random), Mode.values()[random.nextInt(3)], rules)
        .from(anyTiming(random))
        .with(
            new Adaptive(
                any(random, List.of(Adaptive.State.values())),
                30,
                60,
                80,
                Map.of(),
                any(random, List.of(Adaptive.WithoutFactor.values())),
                null))
        .exempting(
            random.nextInt(5) == 0
                ? List.of(new Exemption("ana", NOW.plus(Duration.ofDays(1)), "x"))
                : List.of())
        .steppingUp(stepUps);
  }

  private static StepUp anyStepUp(Random random, String id) {
    return new StepUp(
        id,
        id,
        Set.of(any(random, List.of("operation:payout", "scope:write", "operation:*"))),
        any(random, List.of(Level.AAL1, Level.AAL2, Level.AAL3)),
        any(random, List.of(StepUp.Kind.values())),
        random.nextInt(3) * 100L);
  }

  private static Facts anyFacts(Random random) {
    var has = new HashSet<FactorId>();
    for (var factor : List.of(APP, KEY, TEXT, CODES)) {
      if (random.nextInt(3) == 0) {
        has.add(factor);
      }
    }
    var proofs = new ArrayList<Facts.Proven>();
    if (random.nextInt(8) > 0) {
      proofs.add(PASSWORD);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      proofs.add(anyProof(random));
    }
    var facts =
        facts(
            has,
            random.nextInt(3) == 0 ? List.of("operation:payout") : List.of(),
            proofs.toArray(Facts.Proven[]::new));
    var signals = new ArrayList<Signal>();
    for (int i = random.nextInt(4); i > 0; i--) {
      signals.add(any(random, List.of(Signal.values())));
    }
    var grace =
        random.nextBoolean()
            ? Grace.UNTOUCHED
            : new Grace(
                NOW.minus(Duration.ofDays(random.nextInt(9))),
                random.nextInt(4),
                NOW.minus(Duration.ofHours(random.nextInt(60))));
    var graces = new TreeMap<String, Grace>();
    for (var id : List.of(Policy.EVERYONE, "r1", "r2", "r3", "added")) {
      graces.put(id, grace);
    }
    var noticing = noticing(facts, signals.toArray(Signal[]::new));
    var around = noticing.in(noticing.circumstances().with(graces));
    return new Facts(
        around.at(),
        around.who(),
        around.asked(),
        around.proofs(),
        around.offers(),
        around.backupCodes(),
        random.nextInt(4) > 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0
            ? new Facts.Trust(APP, NOW.minus(Duration.ofDays(2)), NOW.plus(Duration.ofDays(9)))
            : null,
        true,
        List.of(),
        around.circumstances());
  }

  private static Facts.Proven anyProof(Random random) {
    var proof =
        by(
            any(random, List.of(APP, KEY, TEXT, MAIL, CODES)),
            NOW.minus(Duration.ofSeconds(random.nextInt(400))));
    return new Facts.Proven(
        proof.method(),
        proof.kind(),
        proof.phishingResistant(),
        proof.hardwareBound(),
        false,
        proof.at(),
        random.nextInt(5) == 0);
  }

  @Test
  void adding_a_rule_or_a_step_up_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(11);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var rules = new ArrayList<>(policy.rules());
      rules.add(anyRule(random, "added"));
      var stepUps = new ArrayList<>(policy.stepUps());
      stepUps.add(anyStepUp(random, "more"));
      var before = Enforcement.decide(policy, facts);
      if (isMustering(before)) {
        assertThat(Enforcement.decide(policy.withRules(rules), facts))
            .as("%s and %s of %s", policy, rules.getLast(), facts)
            .isNotInstanceOf(Cleared.class);
        assertThat(Enforcement.decide(policy.steppingUp(stepUps), facts))
            .as("%s and %s of %s", policy, stepUps.getLast(), facts)
            .isNotInstanceOf(Cleared.class);
      }
    }
  }

  /** Whether more than an invitation or a page to be seen stands in the way. */
  private static boolean isMustering(Decision decision) {
    return switch (decision) {
      case Cleared _ -> false;
      case Decision.Denied _ -> true;
      case Decision.Demanded(Demand.Enrol(var _, var optional), var _) -> !optional;
      case Decision.Demanded(Demand.SeeBackupCodes _, var _) -> false;
      case Decision.Demanded _ -> true;
    };
  }

  @Test
  void more_noticed_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(12);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var more = new ArrayList<>(facts.circumstances().findings());
      more.add(Finding.of(any(random, List.of(Signal.values()))));
      var around = facts.circumstances();
      var noticing =
          facts.in(new Facts.Circumstances(around.where(), around.begun(), more, around.graces()));
      if (isMustering(Enforcement.decide(policy, facts))) {
        assertThat(Enforcement.decide(policy, noticing))
            .as("%s of %s", policy, noticing)
            .isNotInstanceOf(Cleared.class);
      }
    }
  }

  @Test
  void whoever_proves_more_is_not_asked_for_more() {
    var random = new Random(13);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var proofs = new ArrayList<>(facts.proofs());
      var proof = by(any(random, List.of(APP, KEY, TEXT)), NOW);
      proofs.add(proof);
      var proving =
          new Facts(
              facts.at(),
              facts.who(),
              facts.asked(),
              proofs,
              facts.offers(),
              facts.backupCodes(),
              facts.interactive(),
              facts.declined(),
              facts.trust(),
              true,
              List.of(),
              facts.circumstances());
      if (Enforcement.decide(policy, facts) instanceof Cleared cleared) {
        var after = Enforcement.decide(policy, proving);
        assertThat(after instanceof Decision.Demanded(Demand.Challenge _, var _))
            .as("%s of %s with %s was %s", policy, facts, proof, cleared.because())
            .isFalse();
      }
    }
  }

  @Test
  void every_decision_has_a_reason_and_is_the_same_byte_for_byte_also_of_what_was_stored() {
    var random = new Random(14);
    for (int i = 0; i < 5_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var decision = Enforcement.decide(policy, facts);
      assertThat(decision.because().reason()).isNotNull();
      var stored = Json.read(Json.write(facts), Facts.class);
      assertThat(stored).isEqualTo(facts);
      assertThat(said(Enforcement.decide(policy, stored))).isEqualTo(said(decision));
      assertThat(Enforcement.decide(policy, stored).because()).isEqualTo(decision.because());
      assertThat(Json.write(stored)).isEqualTo(Json.write(facts));
    }
  }

  @Test
  void a_way_back_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(15);
    for (int i = 0; i < 20_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      if (Enforcement.decide(policy, recovering(facts)) instanceof Cleared) {
        assertThat(Enforcement.decide(policy, facts))
            .as("%s of %s", policy, facts)
            .isInstanceOf(Cleared.class);
      }
    }
  }
}
