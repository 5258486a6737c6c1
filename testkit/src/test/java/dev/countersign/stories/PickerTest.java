package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.FactorId;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of several methods comes first, and which are not there at all. */
@WorldTest
class PickerTest {
  private static final String PHONE =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

  private static Browser phone(World world) {
    return world.browser().alsoSending(Map.of("user-agent", PHONE));
  }

  private static Company company(World world) {
    return world.tenant("acme").requiring("otp", "push-notification", "recovery-code");
  }

  private static Someone ana(Company acme) {
    return acme.person("ana").enrolledIn("otp", "push-notification", "recovery-code");
  }

  private static String asked(Visit visit) {
    return visit.page().uri().getPath().replace("/u/mfa/", "");
  }

  private static List<String> offered(Visit visit) {
    visit.browser().follow(".after a");
    return visit.page().document().select("button[name=method]").eachAttr("value");
  }

  @Test
  void what_was_used_last_on_this_kind_of_device_comes_first(World world) {
    var ana = ana(company(world));
    world.later(Duration.ofMinutes(1));
    ana.signsIn().triesAnotherWay("push-notification").approvesOnPhone().isIn();
    world.later(Duration.ofMinutes(1));
    assertThat(asked(ana.signsIn())).as("at the desk").isEqualTo("push-notification");

    ana.signsInWith(phone(world)).triesAnotherWay("otp").answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(1));
    assertThat(asked(ana.signsInWith(phone(world)))).as("on the phone").isEqualTo("otp");
    assertThat(asked(ana.signsIn())).as("at the desk still").isEqualTo("push-notification");
  }

  @Test
  void what_somebody_chose_comes_first_wherever_and_can_be_taken_back(World world) {
    var acme = company(world);
    var ana = ana(acme);
    var visit = ana.signsIn().triesAnotherWay("otp").answers(ana.codeNow()).isIn();
    visit.browser().submit(Map.of("factor", "push-notification"));
    assertThat(visit.page().text()).contains("Your choice was saved");
    assertThat(visit.page().element("#first option[selected]").val())
        .isEqualTo("push-notification");
    acme.audit().says("mfa.first_factor_chosen", "factor", "push-notification");
    world.later(Duration.ofMinutes(1));
    var next = ana.signsIn();
    assertThat(asked(next)).isEqualTo("push-notification");
    assertThat(offered(next)).containsExactly("push-notification", "otp", "recovery-code");

    visit.browser().submit(Map.of("factor", ""));
    assertThat(asked(ana.signsIn())).isEqualTo("otp");
  }

  @Test
  void nobody_chooses_what_they_do_not_have_nor_for_somebody_else(World world) {
    var acme = world.tenant("acme").requiring("otp", "push-notification", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    var csrf = visit.page().element("input[name=csrf]").val();
    for (var factor : List.of("push-notification", "recovery-code", "nonsense")) {
      visit.browser().post(acme.url("/account/first"), Map.of("csrf", csrf, "factor", factor));
      assertThat(visit.page().text()).as(factor).doesNotContain("was saved");
    }
    assertThat(acme.audit().count("mfa.first_factor_chosen")).isZero();
  }

  @Test
  void only_what_is_enrolled_allowed_and_possible_here_is_offered_and_codes_are_last(World world) {
    var acme =
        world
            .tenant("acme")
            .texting()
            .requiring("sms", "otp", "push-notification", "recovery-code");
    var ana = acme.person("ana").enrolledIn("recovery-code", "sms", "otp", "push-notification");
    assertThat(offered(ana.signsIn()))
        .containsExactlyInAnyOrder("otp", "push-notification", "sms", "recovery-code")
        .endsWith("recovery-code");

    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .delivery
                .textSettings
                .change(tx, acme.id(), document -> document.removeAll(), world.clock().now()));
    assertThat(offered(ana.signsIn()))
        .as("without a provider of texts")
        .containsExactlyInAnyOrder("otp", "push-notification", "recovery-code");
    acme.policy(policy -> policy.allowing(new FactorId("push-notification"), false));
    assertThat(asked(ana.signsIn())).isEqualTo("otp");
  }

  @Test
  void whoever_lost_all_of_them_is_told_the_ways_back(World world) {
    var ana = ana(company(world));
    var visit = ana.signsIn();
    visit.browser().follow(".after a");
    visit.browser().follow(".after a");
    assertThat(visit.page().title()).isEqualTo("Lost your methods?");
    assertThat(visit.page().has("a[href*=/u/mfa/recovery-code]")).isTrue();
  }
}
