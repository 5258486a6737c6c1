package dev.countersign.enforcement;

import static dev.countersign.enforcement.DecisionScene.ALL;
import static dev.countersign.enforcement.DecisionScene.APP;
import static dev.countersign.enforcement.DecisionScene.NOW;
import static dev.countersign.enforcement.DecisionScene.cleared;
import static dev.countersign.enforcement.DecisionScene.trustedFor;
import static dev.countersign.enforcement.DecisionScene.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.enforcement.DecisionScene.Scene;
import dev.countersign.kernel.FactorId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a trusted browser spares its person, and for how long. */
class SparedTest {
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
}
