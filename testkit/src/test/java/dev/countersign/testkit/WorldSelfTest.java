package dev.countersign.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import org.junit.jupiter.api.Test;

/** The World itself, without pages. */
@WorldTest
class WorldSelfTest {
  @Test
  void a_person_with_an_app_stands_before_a_challenge(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");

    var journey = ana.journey().withPassword();

    assertThat(journey.state().word()).isEqualTo("awaiting_mfa");
    assertThat(journey.answers("otp", ana.wrongCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit()
        .tells("user.mfa_required", "user.mfa_failed")
        .says("user.mfa_failed", "reason", "code_invalid");
  }

  @Test
  @WorldTest(Engine.POSTGRES)
  void the_same_on_postgresql(World world) {
    a_person_with_an_app_stands_before_a_challenge(world);
  }
}
