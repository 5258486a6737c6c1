package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A key that came first, in every mix with what else a person has and a tenant wants. */
class KeyFirstTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final FactorId KEY = new FactorId("key");
  private static final FactorId APP = new FactorId("app");

  /**
   * One of the mixes.
   *
   * @param mode what the tenant demands
   * @param ruled which factors a rule leaves
   * @param both whether keys that verify their user are two factors here
   * @param verified whether the one that came first did
   * @param app whether the person has an app, too
   * @param password whether the person has a password
   * @param age of the first proof
   * @param asked by the application
   */
  private record Mix(
      Mode mode,
      Set<FactorId> ruled,
      boolean both,
      boolean verified,
      boolean app,
      boolean password,
      Duration age,
      Level asked) {

    Facts.Proven first() {
      return new Facts.Proven(
          "key",
          verified && both ? ProofKind.BOTH : ProofKind.HAS,
          true,
          false,
          true,
          NOW.minus(age));
    }

    Decision decide(List<Facts.Proven> proofs) {
      boolean hasApp = app || proofs.stream().anyMatch(it -> it.method().equals("app"));
      boolean nothingKnown = proofs.stream().noneMatch(it -> it.kind() == ProofKind.KNOWS);
      return Enforcement.decide(
          new Policy(
              1,
              Set.of(KEY, APP),
              mode,
              ruled.isEmpty()
                  ? List.of()
                  : List.of(new Policy.Rule("r", "r", Set.of(), Set.of(), mode, ruled))),
          new Facts(
              NOW,
              new Facts.Who("ana", Set.of(), Set.of(), false),
              new Facts.Asked("shop", asked, null, null),
              proofs,
              List.of(
                  new Facts.Offer(
                      KEY, ProofKind.HAS, true, Audience.EVERYONE, 1, 0, true, 0, both, false),
                  new Facts.Offer(
                      APP, ProofKind.HAS, false, Audience.EVERYONE, hasApp ? 1 : 0, 0, true)),
              Facts.BackupCodes.NONE,
              true,
              true,
              null,
              nothingKnown && password));
    }

    /** What the person answers a demand with; of several factors the last one, which is the weaker. */
    Facts.Proven answer(Demand demand) {
      return switch (demand) {
        case Demand.Password _ ->
            new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW);
        case Demand.Challenge(var anyOf) -> answer(anyOf.getLast());
        case Demand.Enrol(var anyOf, var _) -> answer(anyOf.getLast());
        case Demand.FirstProof _, Demand.SeeBackupCodes _ ->
            throw new AssertionError("asked for " + demand);
      };
    }

    private Facts.Proven answer(FactorId factor) {
      return factor.equals(KEY)
          ? new Facts.Proven("key", both ? ProofKind.BOTH : ProofKind.HAS, true, false, false, NOW)
          : new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW);
    }
  }

  private static void every(Consumer<Mix> check) {
    for (var mode : Mode.values()) {
      for (var ruled : List.<Set<FactorId>>of(Set.of(), Set.of(KEY), Set.of(APP))) {
        for (int bits = 0; bits < 16; bits++) {
          for (var age : List.of(Duration.ZERO, Duration.ofHours(30))) {
            for (var asked : List.of(Level.NONE, Level.AAL2)) {
              check.accept(
                  new Mix(
                      mode,
                      ruled,
                      (bits & 1) > 0,
                      (bits & 2) > 0,
                      (bits & 4) > 0,
                      (bits & 8) > 0,
                      age,
                      asked));
            }
          }
        }
      }
    }
  }

  @Test
  void every_mix_comes_to_an_end_and_only_who_can_prove_one_kind_of_thing_alone_is_kept_out() {
    every(mix -> {
      List<Facts.Proven> proofs = new ArrayList<>(List.of(mix.first()));
      var decision = mix.decide(proofs);
      for (int steps = 0; decision instanceof Decision.Demanded(var demand, var _); steps++) {
        assertThat(steps).as("answers given in %s: %s", mix, proofs).isLessThan(5);
        proofs.add(mix.answer(demand));
        decision = mix.decide(proofs);
      }
      if (decision instanceof Decision.Denied) {
        assertThat(mix.password() || mix.both()).as("%s: %s", mix, proofs).isFalse();
      } else {
        boolean demanded = mix.mode() != Mode.OFF || mix.asked() == Level.AAL2;
        assertThat(((Cleared) decision).level())
            .as("%s: %s", mix, proofs)
            .matches(level -> !demanded || level.reaches(Level.AAL2));
      }
    });
  }

  @Test
  void WA_11_two_things_that_somebody_has_are_never_the_second_level() {
    every(mix -> {
      var proofs =
          List.of(
              new Facts.Proven("key", ProofKind.HAS, true, false, true, NOW),
              new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW));
      if (mix.decide(proofs) instanceof Cleared cleared) {
        assertThat(cleared.level()).as("%s", mix).isEqualTo(Level.AAL1);
      }
    });
  }

  @Test
  void a_rule_that_wants_an_app_is_not_met_by_a_key_that_came_first() {
    every(mix -> {
      if (mix.ruled().equals(Set.of(APP)) && mix.mode() == Mode.REQUIRED) {
        assertThat(mix.decide(List.of(mix.first()))).as("%s", mix).isNotInstanceOf(Cleared.class);
      }
    });
  }

  private static String told(Decision decision) {
    return decision instanceof Cleared cleared
        ? "cleared at " + cleared.level()
        : String.valueOf(decision);
  }

  @Test
  void a_key_is_worth_the_same_before_a_password_and_after_it() {
    every(mix -> {
      var password = new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW);
      var first = mix.first();
      var second =
          new Facts.Proven(first.method(), first.kind(), true, false, false, NOW.minus(mix.age()));
      assertThat(told(mix.decide(List.of(first, password))))
          .as("%s", mix)
          .isEqualTo(told(mix.decide(List.of(password, second))));
    });
  }

  @Test
  void one_that_cannot_leave_its_device_and_did_not_verify_is_the_third_level_with_a_password() {
    var proofs =
        List.of(
            new Facts.Proven("key", ProofKind.HAS, true, true, true, NOW),
            new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW));
    var decision =
        new Mix(Mode.REQUIRED, Set.of(), true, false, false, true, Duration.ZERO, Level.AAL2)
            .decide(proofs);

    assertThat(decision)
        .isInstanceOfSatisfying(Cleared.class, it -> assertThat(it.level()).isEqualTo(Level.AAL3));
  }
}
