package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Phone;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sign-ins that are approved on a phone by a number, and all that must not approve one. */
@WorldTest
class PushTest {
  private static final String PUSH = "push-notification";

  private static Company acme(World world) {
    return world.tenant("acme").requiring(PUSH);
  }

  private static Someone ana(World world) {
    return acme(world).person("ana").enrolledIn(PUSH);
  }

  private static String anotherThan(String number) {
    return number.equals("42") ? "43" : "42";
  }

  private static void isStillOutside(Visit visit) {
    assertThat(visit.page().has(".number") || visit.page().has("button[value=again]"))
        .as("still before the challenge, but stands on\n%s", visit.page())
        .isTrue();
  }

  // Setting up

  @Test
  void a_phone_is_paired_at_the_first_sign_in_and_approves_the_second(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");

    ana.signsIn().pairsPhone().isIn();
    ana.signsIn().approvesOnPhone().isIn();

    acme.audit()
        .says("mfa.factor_enrolled", "factor", PUSH)
        .says("mfa.challenge_sent", "by", "approver")
        .says("user.mfa_succeeded", "factor", PUSH);
    assertThat(ana.mails()).as("told of the new phone").hasSize(1);
  }

  @Test
  void the_set_up_waits_until_the_phone_has_come(World world) {
    var ana = acme(world).person("ana");
    var visit = ana.signsIn();
    visit.pairing();

    visit.goesOn();

    assertThat(visit.page().has("a[href*='/approver#']")).isTrue();
    visit.pairsPhone().isIn();
  }

  @Test
  void a_pairing_is_good_for_one_phone(World world) {
    var ana = acme(world).person("ana");
    var visit = ana.signsIn();
    var uri = visit.pairing();
    var first = Phone.scanning(ana.company(), uri);

    var second = Phone.reading(ana.company(), uri);

    assertThat(second.tells("/approver/answers", second.pairing(Phone.ticket(uri))).status())
        .isEqualTo(409);
    ana.carrying(first);
    visit.goesOn().isIn();
    ana.signsIn().approvesOnPhone().isIn();
  }

  @Test
  void a_pairing_runs_out_after_five_minutes(World world) {
    var ana = acme(world).person("ana");
    var uri = ana.signsIn().pairing();

    world.later(Duration.ofMinutes(5));

    var late = Phone.reading(ana.company(), uri);
    assertThat(late.tells("/approver/answers", late.pairing(Phone.ticket(uri))).status())
        .isEqualTo(409);
  }

  @Test
  void a_guessed_ticket_and_a_ticket_of_another_tenant_pair_nothing(World world) {
    var ana = acme(world).person("ana");
    var beta = world.tenant("beta").requiring(PUSH);
    var uri = ana.signsIn().pairing();

    var guesser = Phone.reading(ana.company(), uri);
    var stranger = Phone.reading(beta, uri);

    assertThat(guesser.tells("/approver/answers", guesser.pairing("guess")).status())
        .isEqualTo(409);
    assertThat(stranger.tells("/approver/answers", stranger.pairing(Phone.ticket(uri))).status())
        .isEqualTo(409);
    assertThat(
            guesser
                .signingFor("https://evil.test")
                .tells("/approver/answers", guesser.pairing(Phone.ticket(uri)))
                .status())
        .isEqualTo(409);
  }

  @Test
  void a_second_phone_is_added_on_the_security_page_and_either_approves(World world) {
    var ana = ana(world);
    var first = ana.phone();
    var visit = ana.signsIn().approvesOnPhone().isIn();

    visit.browser().open(ana.company().url("/account/set-up/" + PUSH));
    visit.pairsPhone();

    assertThat(visit.page().uri().getPath()).isEqualTo("/account");
    ana.signsIn().approvesOnPhone().isIn();
    var again = ana.signsIn();
    assertThat(first.approves(again.number())).isEqualTo("noted");
    again.goesOn().isIn();
  }

  @Test
  void a_new_tenant_offers_no_phone_until_it_turns_it_on(World world) {
    var visit = world.tenant("acme").person("ana").signsIn();

    assertThat(visit.page().has("button[value=" + PUSH + "]")).isFalse();
    assertThat(visit.page().has("button[value=otp]")).isTrue();
  }

  // Approving

  @Test
  void the_phone_shows_who_asks_and_never_the_number(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();

    var asked = ana.phone().asks().path("questions").get(0);

    assertThat(asked.path("address").asString()).isEqualTo("192.0.2.7");
    assertThat(asked.path("browser").asString()).isEqualTo("Chrome, Linux");
    assertThat(asked.path("application").asString()).isNotEmpty();
    assertThat(asked.path("reason").asString()).isNotEmpty();
    assertThat(asked.propertyNames()).doesNotContain("number");
    assertThat(asked.toString()).doesNotContain("\"" + visit.number() + "\"");
  }

  @Test
  void before_the_phone_has_answered_going_on_changes_nothing(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();
    var number = visit.number();

    visit.goesOn();
    visit.browser().reload();

    assertThat(visit.number()).isEqualTo(number);
    assertThat(ana.company().audit().count("mfa.challenge_sent")).isEqualTo(1);
    assertThat(ana.company().audit().count("user.mfa_failed")).isZero();
    visit.approvesOnPhone().isIn();
  }

  @Test
  void PUSH_02_nothing_is_approved_without_a_number_or_by_a_wrong_one(World world) {
    for (var typed : List.of("", "wrong", "4", "444", "４２")) {
      var ana = ana(world);
      var visit = ana.signsIn();

      assertThat(ana.phone().approves(typed)).as(typed).isEqualTo("wrong");

      visit.goesOn();
      isStillOutside(visit);
      ana.company().audit().says("user.mfa_failed", "reason", "code_malformed");
      assertThat(ana.company().audit().count("user.mfa_failed")).isEqualTo(1);
    }
    var ana = ana(world);
    var visit = ana.signsIn();
    assertThat(ana.phone().approves(anotherThan(visit.number()))).isEqualTo("wrong");
    visit.goesOn();
    isStillOutside(visit);
    ana.company().audit().says("user.mfa_failed", "reason", "code_invalid");
  }

  @Test
  void PUSH_02_a_wrong_number_ends_the_request_and_another_can_be_sent(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();
    var question = ana.phone().question();
    var number = visit.number();
    ana.phone().approves(question, anotherThan(number));

    assertThat(ana.phone().approves(question, number))
        .as("the right one, then")
        .isEqualTo("nothing");
    visit.browser().reload();
    assertThat(visit.page().text()).contains("Another number was typed");

    visit.browser().press("action", "again");
    visit.approvesOnPhone().isIn();
  }

  @Test
  void PUSH_02_the_number_of_another_session_approves_neither(World world) {
    var ana = ana(world);
    var victims = ana.signsIn();
    world.later(Duration.ofSeconds(1));
    var attackers = ana.signsIn();
    while (attackers.number().equals(victims.number())) {
      attackers.browser().press("action", "again");
    }
    var first = ana.phone().asks().path("questions").get(0).path("id").asString();

    assertThat(ana.phone().approves(first, attackers.number())).isEqualTo("wrong");

    victims.goesOn();
    isStillOutside(victims);
    attackers.goesOn();
    isStillOutside(attackers);
  }

  @Test
  void a_replayed_approval_is_worth_nothing(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();
    var said = ana.phone().saying("approve", ana.phone().question(), visit.number(), "");
    assertThat(Phone.outcome(ana.phone().tells("/approver/answers", said))).isEqualTo("noted");

    assertThat(Phone.outcome(ana.phone().tells("/approver/answers", said))).isEqualTo("nothing");
    ana.company().audit().says("user.mfa_failed", "reason", "code_reused");
    visit.goesOn().isIn();

    assertThat(Phone.outcome(ana.phone().tells("/approver/answers", said))).isEqualTo("nothing");
    var second = ana.signsIn();
    assertThat(Phone.outcome(ana.phone().tells("/approver/answers", said))).isEqualTo("nothing");
    second.goesOn();
    isStillOutside(second);
  }

  @Test
  void a_forged_signature_a_foreign_site_and_a_changed_word_approve_nothing(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();
    var question = ana.phone().question();

    assertThat(ana.phone().forged().approves(question, visit.number())).isEqualTo("nothing");
    var elsewhere =
        ana.phone()
            .at(ana.company())
            .signingFor("https://acme.evil.test")
            .saying("approve", question, visit.number(), "");
    assertThat(Phone.outcome(ana.phone().tells("/approver/answers", elsewhere)))
        .isEqualTo("nothing");
    var denial = ana.phone().saying("look", question, visit.number(), "");
    var changed = new java.util.HashMap<>(denial.fields());
    changed.put("what", dev.countersign.kernel.Secret.of("approve"));
    assertThat(
            Phone.outcome(
                ana.phone().tells("/approver/answers", new dev.countersign.factor.Answer(changed))))
        .isEqualTo("nothing");

    visit.goesOn();
    isStillOutside(visit);
    ana.company().audit().says("user.mfa_failed", "because", "signature");
    assertThat(ana.company().audit().count("user.locked")).as("strangers lock nobody").isZero();
    visit.approvesOnPhone().isIn();
  }

  @Test
  void another_persons_phone_and_another_tenants_approve_nothing(World world) {
    var ana = ana(world);
    var ben = ana.company().person("ben").enrolledIn(PUSH);
    var neighbour = world.tenant("beta").requiring(PUSH).person("ana").enrolledIn(PUSH);
    var visit = ana.signsIn();
    var question = ana.phone().question();

    assertThat(ben.phone().approves(question, visit.number())).isEqualTo("nothing");
    assertThat(ben.phone().as(ana.phone()).approves(question, visit.number())).isEqualTo("nothing");
    assertThat(neighbour.phone().approves(question, visit.number())).isEqualTo("nothing");
    assertThat(ana.phone().at(neighbour.company()).approves(question, visit.number()))
        .isEqualTo("nothing");
    assertThat(ben.phone().asks().path("questions")).isEmpty();

    visit.goesOn();
    isStillOutside(visit);
  }

  @Test
  void an_approval_after_two_minutes_or_after_the_sign_in_was_cancelled_comes_too_late(
      World world) {
    var ana = ana(world);
    var late = ana.signsIn();
    var question = ana.phone().question();
    world.later(Duration.ofMinutes(2));

    assertThat(ana.phone().approves(question, late.number())).isEqualTo("nothing");
    late.goesOn();
    assertThat(late.page().text()).contains("The request ran out");
    assertThat(ana.phone().asks().path("questions")).isEmpty();

    late.browser().press("action", "again");
    var number = late.number();
    var second = ana.phone().question();
    var state = late.page().parameters().get("state");
    late.browser()
        .post(
            ana.company().url("/u/cancel?state=" + state),
            Map.of("csrf", late.page().element("input[name=csrf]").val()));
    assertThat(ana.phone().approves(second, number)).isEqualTo("nothing");
  }

  @Test
  void an_approval_at_the_last_millisecond_counts(World world) {
    var ana = ana(world);
    var visit = ana.signsIn();
    world.later(Duration.ofMinutes(2).minusMillis(1));

    visit.approvesOnPhone().isIn();
  }

  @Test
  void a_phone_that_was_removed_is_nobodys(World world) {
    var ana = ana(world);
    var waiting = ana.signsIn();
    var question = ana.phone().question();
    var inside = ana.signsIn().browser();
    assertThat(ana.phone().asks().path("questions")).hasSize(2);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .methods
                .enrolments
                .remove(tx, ana.company().id(), ana.enrolment(PUSH), world.clock().now()));

    assertThat(ana.phone().approves(question, waiting.number())).isEqualTo("nothing");
    assertThat(
            ana.phone()
                .tells("/approver/questions", ana.phone().saying("look", "", "", ""))
                .status())
        .isEqualTo(404);
    assertThat(inside.page().status()).isEqualTo(200);
  }

  @Test
  void a_phone_whose_clock_is_far_off_is_told_the_time_and_nothing_else(World world) {
    var ana = ana(world);
    ana.signsIn();

    var off = ana.phone().aheadBy(Duration.ofMinutes(6));
    var received = off.tells("/approver/questions", off.saying("look", "", "", ""));

    assertThat(received.status()).isEqualTo(404);
    assertThat(received.text()).contains("\"now\":" + world.clock().instant().toEpochMilli());
    off.aheadBy(Duration.ZERO);
    assertThat(off.asks().path("questions")).hasSize(1);
  }

  // Against fatigue

  @Test
  void PUSH_01_of_thirty_starts_in_ten_minutes_four_reach_the_phone_and_other_factors_stay_open(
      World world) {
    var acme = world.tenant("acme").requiring(PUSH, "otp");
    var ana = acme.person("ana").enrolledIn("otp", PUSH);

    for (int start = 1; start <= 30; start++) {
      var visit = ana.signsIn();
      visit.triesAnotherWay(PUSH);
      assertThat(visit.page().status()).as("start " + start).isEqualTo(start <= 4 ? 200 : 429);
      if (start > 4) {
        assertThat(visit.page().received().header("retry-after")).isPresent();
      }
      world.later(Duration.ofSeconds(10));
    }

    assertThat(acme.audit().count("mfa.challenge_sent")).isEqualTo(4);
    assertThat(acme.audit().of("push.blocked"))
        .hasSize(26)
        .allSatisfy(event -> assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DENIED));
    var visit = ana.signsIn();
    visit.triesAnotherWay("otp").answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(10));
    ana.signsIn().triesAnotherWay(PUSH).approvesOnPhone().isIn();
  }

  @Test
  void PUSH_01_it_was_not_me_ends_the_sign_in_and_locks_requests_until_the_owner_takes_them_again(
      World world) {
    var ana = ana(world);
    var attackers = ana.signsIn();

    assertThat(ana.phone().disowns()).isEqualTo("disowned");

    attackers.goesOn();
    assertThat(attackers.page().status()).as("%s", attackers.page()).isEqualTo(400);
    ana.company()
        .audit()
        .says("mfa.challenge_disowned", "factor", PUSH)
        .says("user.sign_in_failed", "reason", "disowned");
    assertThat(ana.mails()).as("told how to go on").hasSize(1);
    var next = ana.signsIn();
    assertThat(next.page().status()).isEqualTo(429);
    assertThat(ana.phone().asks().path("questions")).isEmpty();
    assertThat(ana.phone().asks().path("paused").asBoolean()).isTrue();
    ana.company().audit().says("push.blocked", "reason", "push_paused");

    assertThat(ana.phone().resumes()).isTrue();
    ana.company().audit().says("mfa.challenges_resumed", "enrolment", ana.phone().device());
    ana.signsIn().approvesOnPhone().isIn();
  }

  @Test
  void PUSH_01_only_the_phone_itself_takes_requests_again(World world) {
    var ana = ana(world);
    ana.signsIn();
    var earlier = ana.phone().saying("resume", "", "", "");
    ana.phone().disowns();

    assertThat(ana.phone().forged().resumes()).isFalse();
    assertThat(ana.phone().resumes()).isTrue();
    ana.signsIn();
    ana.phone().disowns();
    assertThat(ana.phone().tells("/approver/devices", earlier).status())
        .as("what was said before the last time")
        .isEqualTo(404);
    assertThat(ana.phone().asks().path("paused").asBoolean()).isTrue();
  }

  @Test
  void PUSH_01_a_report_on_one_phone_silences_the_others_too(World world) {
    var ana = ana(world);
    var first = ana.phone();
    ana.enrolledIn(PUSH);
    ana.signsIn();

    assertThat(first.disowns()).isEqualTo("disowned");

    assertThat(ana.signsIn().page().status()).isEqualTo(429);
  }
}
