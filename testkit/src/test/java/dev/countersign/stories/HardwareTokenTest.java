package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens that an admin assigns. */
@WorldTest
class HardwareTokenTest {
  @Test
  void whoever_was_given_a_token_signs_in_with_it_and_sees_it_on_their_own_page(World world) {
    var acme = world.tenant("acme").requiring("hardware-otp");
    var ana = acme.person("ana").holdingToken();

    var visit = ana.signsIn().isAskedForCode().answers(ana.token().press()).isIn();

    assertThat(visit.page().toString()).contains(ana.token().serial());
    assertThat(ana.mails()).as("what was given, and where it was first used").hasSize(2);
    acme.audit()
        .tells(
            "mfa.tokens_imported",
            "mfa.factor_enrolled",
            "user.mfa_required",
            "user.mfa_succeeded",
            "mfa.factor_used_elsewhere",
            "user.signed_in");
  }

  @Test
  void a_button_pressed_for_nothing_is_forgiven_up_to_ten_times(World world) {
    var ana = world.tenant("acme").requiring("hardware-otp").person("ana").holdingToken();
    IntStream.range(0, 10).forEach(_ -> ana.token().press());
    ana.signsIn().answers(ana.token().press()).isIn();

    IntStream.range(0, 11).forEach(_ -> ana.token().press());
    ana.signsIn().answers(ana.token().press()).isRefused("code_invalid");
  }

  @Test
  void a_code_before_the_accepted_one_is_worth_nothing(World world) {
    var ana = world.tenant("acme").requiring("hardware-otp").person("ana").holdingToken();
    var earlier = ana.token().press();
    var accepted = ana.token().press();

    ana.signsIn().answers(accepted).isIn();

    ana.signsIn().answers(earlier).isRefused("code_invalid");
    ana.signsIn().answers(accepted).isRefused("code_reused");
  }

  @Test
  void PICK_01_nobody_sets_one_up_and_where_none_is_assigned_nobody_is_asked(World world) {
    var acme = world.tenant("acme").requiring("hardware-otp", "otp");
    var ana = acme.person("ana");

    var visit = ana.signsIn().isAskedToSetUp();

    assertThat(visit.page().has("button[value=hardware-otp]")).isFalse();
  }
}
