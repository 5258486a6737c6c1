package dev.countersign.enforcement;

import static dev.countersign.enforcement.DecisionScene.ALL;
import static dev.countersign.enforcement.DecisionScene.APP;
import static dev.countersign.enforcement.DecisionScene.KEY;
import static dev.countersign.enforcement.DecisionScene.NOW;
import static dev.countersign.enforcement.DecisionScene.cleared;
import static dev.countersign.enforcement.DecisionScene.demanded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.proof.ProofKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The third level: a key that cannot leave its device, or nobody gets there. */
class ThirdLevelTest {
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
}
