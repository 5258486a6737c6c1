package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.enrolment.SetUp;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Codes of apps and backup codes, tried again, elsewhere, too often, too late. */
@WorldTest
class SecondProofTest {
  @Test
  void TOTP_02_an_accepted_code_is_refused_everywhere_else(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var code = ana.codeNow();

    var first = ana.signsIn().answers(code).isIn();
    ana.signsIn().answers(code).isRefused("code_reused");
    first.browser().forgetful();
    ana.signsInWith(first.browser()).answers(code).isRefused("code_reused");

    acme.audit().endsWith("user.mfa_succeeded", "user.mfa_failed", "user.mfa_failed");
  }

  @Test
  void TOTP_02_the_owner_is_told_of_a_code_that_was_tried_again(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var code = ana.codeNow();
    ana.signsIn().answers(code).isIn();
    int before = ana.mails().size();

    ana.signsIn().answers(code).isRefused("code_reused");

    assertThat(ana.mails()).hasSize(before + 1);
  }

  @Test
  void TOTP_02_a_code_from_before_the_accepted_one_is_refused_as_well(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var earlier = ana.codeNow();
    world.later(Duration.ofSeconds(30));

    ana.signsIn().answers(ana.codeNow()).isIn();

    ana.signsIn().answers(earlier).isRefused("code_reused");
  }

  @Test
  void TOTP_05_over_forty_sign_ins_five_wrong_codes_are_judged_and_the_lock_is_told_of_once(
      World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var wrong = ana.wrongCode();

    for (int signIn = 0; signIn < 40; signIn++) {
      var journey = ana.journey().withPassword();
      for (int guess = 0; guess < 5; guess++) {
        journey.answers("otp", wrong);
      }
    }

    assertThat(acme.audit().of("user.mfa_failed"))
        .filteredOn(event -> event.outcome() == AuditEvent.Outcome.FAILURE)
        .hasSize(5);
    assertThat(acme.audit().count("user.locked")).isEqualTo(1);
    ana.signsIn().isThrottled();
    assertThat(ana.journey().withPassword().answers("otp", ana.codeNow()))
        .as("the right code, meanwhile")
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    assertThat(ana.mails()).as("notices").hasSize(1);
    world.later(Duration.ofMinutes(5));
    ana.signsIn().answers(ana.codeNow()).isIn();
  }

  @Test
  void BACK_01_a_backup_code_lets_in_once_on_whatever_server(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var code = ana.backupCode();

    ana.signsIn().triesAnotherWay("recovery-code").answers(code).isIn();

    ana.signsIn().triesAnotherWay("recovery-code").answers(code).isRefused("code_reused");
    var restarted = world.addNode(world.clock());
    assertThat(ana.journey().withPassword().answersAt(restarted, "recovery-code", code))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit().endsWith("mfa.backup_code_used");
  }

  @Test
  void BACK_02_a_code_of_one_person_is_worth_nothing_to_another(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var beta = world.tenant("beta").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var others =
        List.of(
            acme.person("ben").enrolledIn("otp", "recovery-code"),
            beta.person("ana").enrolledIn("otp", "recovery-code"));
    var code = ana.backupCode();

    for (var other : others) {
      other.signsIn().triesAnotherWay("recovery-code").answers(code).isRefused("code_invalid");
      other.signsIn().answers(ana.codeNow()).isRefused("code_invalid");
    }

    ana.signsIn().triesAnotherWay("recovery-code").answers(code).isIn();
  }

  @Test
  void BACK_03_new_codes_end_the_old_ones_also_in_a_sign_in_opened_before(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var old = ana.sheet();
    var before = ana.journey().withPassword();

    ana.enrolledIn("recovery-code");

    assertThat(before.answers("recovery-code", old.getFirst()))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(acme.audit().count("mfa.backup_codes_regenerated")).isEqualTo(1);
    assertThat(before.answers("recovery-code", ana.backupCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void BACK_06_codes_that_were_shown_and_not_acknowledged_count_for_nothing(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp");
    var drawn = world.wiring().enrolling.codeSets.draw();
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .enrolling
                .codeSets
                .issue(
                    tx,
                    new SetUp.Whose(acme.id(), ana.id(), null, null),
                    drawn,
                    world.node().occasion()));

    assertThat(
            ana.journey()
                .withPassword()
                .answers("recovery-code", drawn.shown().getFirst().reveal()))
        .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);
  }

  @Test
  void BACK_08_whoever_alternates_between_factors_stands_before_the_common_door(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var journey = ana.journey().withPassword();
    List<AnswerChallenge.Outcome> outcomes = new ArrayList<>();

    for (int i = 0; i < 8; i++) {
      outcomes.add(
          i % 2 == 0
              ? journey.answers("otp", ana.wrongCode())
              : journey.answers("recovery-code", "aaaa-aaaaa-aaaaa"));
    }

    assertThat(outcomes.subList(0, 7)).allMatch(AnswerChallenge.Outcome.Wrong.class::isInstance);
    assertThat(outcomes.getLast()).isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    assertThat(journey.answers("recovery-code", ana.backupCode()))
        .as("a right one")
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    assertThat(journey.answers("otp", ana.codeNow()))
        .as("a right one")
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    assertThat(acme.audit().count("user.locked")).isEqualTo(1);
  }

  @Test
  void a_hundred_wrong_codes_in_a_row_disable_the_factor_and_it_protects_still(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var wrong = ana.wrongCode();

    int tries = 0;
    while (acme.audit().count("mfa.factor_disabled") == 0 && tries++ < 200) {
      var outcome = journey(ana).answers("otp", wrong);
      if (outcome instanceof AnswerChallenge.Outcome.Resting) {
        world.later(Duration.ofHours(25));
      }
    }

    assertThat(tries).isEqualTo(100);
    assertThat(ana.signsIn().page().text()).as("not let in, not invited to bind anew").isNotEmpty();
    assertThat(acme.audit().count("user.signed_in")).isZero();
    acme.audit().says("user.sign_in_failed", "reason", "factors_disabled");
  }

  private static Journey journey(Someone who) {
    return who.journey().withPassword();
  }

  @Test
  void TIME_01_a_clock_set_back_or_forth_replays_nothing_and_locks_nobody_for_ever(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    for (var jump :
        List.of(
            Duration.ofSeconds(90),
            Duration.ofSeconds(-90),
            Duration.ofHours(-1),
            Duration.ofDays(1))) {
      var code = ana.codeNow();
      ana.journey().withPassword().answers("otp", code);
      world.later(jump);
      assertThat(ana.journey().withPassword().answers("otp", code))
          .as("the old code after %s", jump)
          .isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
    }
    world.later(Duration.ofDays(2));
    ana.signsIn().answers(ana.codeNow()).isIn();
  }

  @Test
  void TIME_01_a_sign_in_from_before_a_jump_of_a_day_is_over(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var journey = ana.journey().withPassword();

    world.later(Duration.ofDays(1));

    assertThat(journey.answers("otp", ana.codeNow()))
        .isInstanceOf(AnswerChallenge.Outcome.Lost.class);
  }

  @Test
  void TIME_01_a_lock_ends_at_its_time_though_the_clock_was_set_back(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var journey = ana.journey().withPassword();
    for (int i = 0; i < 5; i++) {
      journey.answers("otp", ana.wrongCode());
    }
    var until = world.clock().now().plus(Duration.ofMinutes(5));

    for (var jump : List.of(Duration.ofSeconds(-90), Duration.ofHours(-1))) {
      world.later(jump);
      assertThat(ana.journey().withPassword().answers("otp", ana.codeNow()))
          .isEqualTo(new AnswerChallenge.Outcome.Resting(Optional.of(until)));
    }
    world.later(Duration.between(world.clock().instant(), until.instant()));
    ana.signsIn().answers(ana.codeNow()).isIn();
  }

  @Test
  void TIME_04_a_lock_ends_to_the_millisecond(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var journey = ana.journey().withPassword();
    for (int i = 0; i < 5; i++) {
      journey.answers("otp", ana.wrongCode());
    }

    world.later(Duration.ofMinutes(5).minusMillis(1));
    assertThat(journey.answers("otp", ana.codeNow()))
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    world.later(Duration.ofMillis(1));
    assertThat(journey.answers("otp", ana.codeNow()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void TIME_04_a_session_and_its_second_proof_end_to_the_millisecond(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    world.later(Duration.ofHours(1).minusMillis(1));
    ana.comesWith(visit.browser()).isIn();
    world.later(Duration.ofHours(1));
    ana.comesWith(visit.browser()).isAskedForCode();

    acme.demandingNothing();
    var ben = acme.person("ben");
    var plain = ben.signsIn().isIn();
    for (int day = 1; day < 30; day++) {
      world.later(Duration.ofDays(1));
      ben.comesWith(plain.browser()).isIn();
    }
    world.later(Duration.ofDays(1).minusMillis(1));
    ben.comesWith(plain.browser()).isIn();
    world.later(Duration.ofMillis(1));
    assertThat(ben.comesWith(plain.browser()).page().has("input[name=identifier]")).isTrue();
  }

  @Test
  void PICK_01_an_answer_by_a_factor_that_is_not_asked_for_is_refused_and_told(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var journey = ana.journey().withPassword();

    assertThat(journey.answers("recovery-code", ana.backupCode()))
        .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);

    acme.audit()
        .says("user.mfa_failed", "reason", "factor_not_asked_for")
        .says("user.mfa_failed", "factor", "recovery-code");
    assertThat(acme.audit().last("user.mfa_failed").outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
    assertThat(journey.answers("otp", ana.codeNow()))
        .as("nothing was counted against them")
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void PICK_02_a_factor_that_was_disallowed_while_it_was_asked_for_lets_nobody_in(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var sheet = ana.signsIn().triesAnotherWay("recovery-code").isAskedForCode();

    var code = ana.backupCode();

    acme.requiring("otp");
    sheet.answers(code);
    assertThat(acme.audit().count("user.signed_in")).isZero();
    assertThat(sheet.page().status()).isLessThan(500);
    sheet.browser().reload();
    sheet.isAskedForCode().answers(ana.codeNow()).isIn();

    acme.requiring("otp", "recovery-code");
    assertThat(ana.journey().withPassword().answers("recovery-code", code))
        .as("a code that let nobody in is not spent")
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void TIME_02_a_code_used_on_one_server_is_used_on_another_whose_clock_is_off() {
    try (var world =
        World.on(dev.countersign.testkit.Engine.EMBEDDED)
            .nodes(2)
            .clocksOffBy(Duration.ZERO, Duration.ofSeconds(30))
            .make()) {
      var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
      var code = ana.codeNow();

      assertThat(ana.journey().withPassword().answersAt(world.node(0), "otp", code))
          .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
      assertThat(ana.journey().withPassword().answersAt(world.node(1), "otp", code))
          .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);

      world.later(Duration.ofMinutes(2));
      var next = ana.codeNow();
      assertThat(ana.journey().withPassword().answersAt(world.node(1), "otp", next))
          .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
      assertThat(ana.journey().withPassword().answersAt(world.node(0), "otp", next))
          .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
      world.check();
    }
  }

  @Test
  void TIME_06_a_session_asks_for_the_second_proof_again_after_an_hour_of_quiet_and_after_a_day(
      World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();

    world.later(Duration.ofMinutes(59));
    ana.comesWith(visit.browser()).isIn();
    world.later(Duration.ofMinutes(61));
    ana.comesWith(visit.browser()).isAskedForCode().answers(ana.codeNow()).isIn();

    for (int half = 0; half < 47; half++) {
      world.later(Duration.ofMinutes(30));
      ana.comesWith(visit.browser()).isIn();
    }
    world.later(Duration.ofMinutes(31));
    ana.comesWith(visit.browser()).isAskedForCode();
  }

  @Test
  void TIME_06_a_session_ends_after_its_thirty_days_whatever_the_cookie_says(World world) {
    var ana = world.tenant("acme").demandingNothing().person("ana");
    var visit = ana.signsIn().isIn();

    for (int day = 1; day < 30; day++) {
      world.later(Duration.ofDays(1));
      ana.comesWith(visit.browser()).isIn();
    }
    world.later(Duration.ofDays(1));

    assertThat(ana.comesWith(visit.browser()).page().has("input[name=identifier]")).isTrue();
  }

  @Test
  void TEN_01_a_cookie_or_a_sign_in_of_one_tenant_is_nothing_at_another(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var beta = world.tenant("beta").demandingNothing();
    beta.person("ana");
    var visit = acme.person("ana").signsIn().isIn();
    var thief = world.browser();
    visit
        .browser()
        .cookies(java.net.URI.create(acme.origin()))
        .forEach((name, value) -> thief.plant(java.net.URI.create(beta.origin()), name, value));

    assertThat(thief.open(beta.url("/account")).has("input[name=identifier]"))
        .as("asked who they are")
        .isTrue();
    var atAcme = world.browser();
    var page = atAcme.open(acme.url("/account"));
    var moved = page.uri().toString().replace(acme.host(), beta.host());
    assertThat(atAcme.open(moved).has("input[name=identifier]"))
        .as("a sign-in of Acme at Beta")
        .isFalse();
  }

  @Test
  void TEN_02_who_the_tenant_is_is_said_by_the_host_alone(World world) {
    Company acme = world.tenant("acme").requiring("otp");
    Company beta = world.tenant("beta").demandingNothing();
    var ana = acme.person("ana").enrolledIn("otp");

    var page =
        world
            .browser()
            .open(acme.url("/account?tenant=" + beta.slug() + "&organization=" + beta.slug()));

    assertThat(page.uri().getHost()).isEqualTo(acme.host());
    ana.signsIn().isAskedForCode();
    assertThat(beta.audit().events()).isEmpty();
  }
}
