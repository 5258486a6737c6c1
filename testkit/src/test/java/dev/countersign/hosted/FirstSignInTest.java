package dev.countersign.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From the first sign-in, at which a factor is set up, to the next ones, at which it is asked for. */
@WorldTest
class FirstSignInTest {

  @Test
  void whoever_must_have_a_factor_sets_one_up_keeps_the_codes_and_is_in(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");

    ana.signsIn().isAskedToSetUp().setsUp("otp").savesBackupCodes().isIn();

    world.later(Duration.ofMinutes(2));
    ana.signsIn().isAskedForCode().answers(ana.codeNow()).isIn();
    assertThat(acme.audit().kinds())
        .endsWith("user.signed_in", "user.mfa_required", "user.mfa_succeeded", "user.signed_in");
  }

  @Test
  void an_invitation_can_be_turned_down(World world) {
    var ana = world.tenant("acme").inviting("otp").person("ana");

    ana.signsIn().isAskedToSetUp().saysNotNow().isIn();
  }
}
