package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.delivery.mail.Mail;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Codes by mail: given by an admin, offered to nobody, worth no assurance level. */
@WorldTest
class EmailCodeTest {
  private static Someone holder(Company company, String name) {
    var who = company.person(name);
    return who.given("email", Map.of("email", who.email()));
  }

  private static List<Mail> codeMails(Someone who) {
    return who.mails().stream().filter(mail -> mail.subject().startsWith("Your code")).toList();
  }

  private static int codes(Someone who) {
    return codeMails(who).size();
  }

  @Test
  void MAIL_01_nobody_is_offered_it_and_whoever_asks_by_hand_gets_nowhere(World world) {
    var acme = world.tenant("acme").requiring("otp", "email");
    var ana = acme.person("ana");

    var visit = ana.signsIn().isAskedToSetUp();
    assertThat(visit.page().has("button[value=email]")).isFalse();
    var query = visit.page().uri().getRawQuery();
    for (var path : new String[] {"/u/mfa/set-up/email", "/u/mfa/email"}) {
      visit.browser().open(acme.url(path + "?" + query));
      assertThat(visit.page().has("input[name=code]") && !visit.page().has("#key")).isFalse();
    }

    assertThat(codes(ana)).isZero();
    assertThat(acme.audit().of("mfa.factor_enrolled", "mfa.challenge_sent")).isEmpty();
  }

  @Test
  void MAIL_01_given_by_an_admin_it_is_asked_for_and_lets_in_where_nothing_more_is_required(
      World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");

    ana.signsIn().isAskedForCode().answers(ana.mailedCode()).isIn();

    assertThat(codeMails(ana).getLast().plain())
        .contains("Type it only at " + acme.origin())
        .contains("It works once and expires in 10 minutes.");
    acme.audit().says("mfa.challenge_sent", "by", "smtp");
  }

  @Test
  void MAIL_01_where_a_second_factor_is_required_it_is_only_the_way_to_a_better_one(World world) {
    var acme = world.tenant("acme").requiring("otp", "email");
    var ana = holder(acme, "ana");

    ana.signsIn().isAskedForCode().answers(ana.mailedCode()).isAskedToSetUp().setsUp("otp").isIn();

    world.later(Duration.ofMinutes(1));
    var next = ana.signsIn();
    assertThat(codes(ana)).as("codes, now that there is something better").isEqualTo(1);
    next.answers(ana.codeNow()).isIn();
  }

  @Test
  void MAIL_02_a_code_of_one_sign_in_is_worth_nothing_in_another(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");
    var first = ana.journey().withPassword().isAsked("email");
    var code = ana.mailedCode();
    var second = ana.journey().withPassword().isAsked("email");
    var ben = holder(acme, "ben").journey().withPassword().isAsked("email");

    assertThat(second.answers("email", code)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(ben.answers("email", code)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(first.answers("email", code)).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void MAIL_02_a_code_is_good_for_ten_minutes_and_not_a_second_more(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");
    var early = ana.journey().withPassword().isAsked("email");
    var code = ana.mailedCode();
    world.later(Duration.ofMinutes(10).minusMillis(1));
    assertThat(early.answers("email", code)).isInstanceOf(AnswerChallenge.Outcome.Passed.class);

    var late = ana.journey().withPassword().isAsked("email");
    var another = ana.mailedCode();
    world.later(Duration.ofMinutes(10).plusSeconds(1));

    assertThat(late.answers("email", another)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit().says("user.mfa_failed", "reason", "code_expired");
  }

  @Test
  void a_page_loaded_again_sends_nothing_and_another_code_ends_the_one_before(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");
    var visit = ana.signsIn().isAskedForCode();
    var first = ana.mailedCode();
    visit.browser().reload();
    assertThat(codes(ana)).isEqualTo(1);

    visit.browser().press("action", "again");
    var second = ana.mailedCode();

    assertThat(codes(ana)).isEqualTo(2);
    visit.answers(first).isRefused("code_invalid");
    visit.answers(second).isIn();
  }

  @Test
  void three_codes_are_sent_in_one_sign_in_and_the_last_one_can_still_be_typed(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword().isAsked("email");
    journey.pose("email", true);
    journey.pose("email", true);
    var last = ana.mailedCode();

    assertThat(journey.pose("email", true)).isInstanceOf(PoseChallenge.Outcome.Unsent.class);

    assertThat(codes(ana)).isEqualTo(3);
    acme.audit().says("mfa.challenge_sent", "reason", "too_often");
    assertThat(journey.answers("email", last)).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void MAIL_04_headers_of_the_request_do_not_reach_the_mail(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = holder(acme, "ana");

    ana.signsInWith(
            world
                .browser()
                .alsoSending(
                    Map.of(
                        "x-forwarded-host",
                        "evil.example",
                        "forwarded",
                        "host=evil.example",
                        "x-original-host",
                        "evil.example")))
        .isAskedForCode();

    var mail = codeMails(ana).getLast();
    assertThat(mail.plain() + mail.html()).doesNotContain("evil").contains(acme.origin());
  }
}
