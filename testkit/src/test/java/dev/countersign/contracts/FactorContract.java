package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.enrolment.SetUp;
import dev.countersign.kernel.FactorId;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every factor owes, told in the words of a sign-in. A new factor implements it and says how it is answered. */
interface FactorContract {
  /** The factor's id. */
  String factor();

  /** The factors that a tenant has to allow for it. */
  default List<String> allowed() {
    return List.of(factor());
  }

  /** A right answer of theirs, now; each time another one, some time after the last. */
  String right(Someone who);

  /** An answer of the right form that is wrong for everybody. */
  String wrong(Someone who);

  /** How long an answer is good for once it is known; null when it does not age. */
  @org.jspecify.annotations.Nullable
  Duration life();

  /** The word of the audit log for an answer that was accepted before, given in another sign-in. */
  default String replayed() {
    return "code_reused";
  }

  default Company company(World world, String name) {
    return world.tenant(name).requiring(allowed().toArray(String[]::new));
  }

  default Someone holder(Company company, String name) {
    return company.person(name).enrolledIn(allowed().toArray(String[]::new));
  }

  /** A sign-in that has been asked the factor's question. */
  private Journey asked(Someone who) {
    return who.journey().withPassword().isAsked(factor());
  }

  @Test
  default void a_right_answer_lets_in(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = asked(ana);

    assertThat(journey.answers(factor(), right(ana)))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
    acme.audit().says("user.mfa_succeeded", "factor", factor());
  }

  @Test
  default void a_wrong_answer_does_not(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");

    assertThat(asked(ana).answers(factor(), wrong(ana)))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit()
        .says("user.mfa_failed", "factor", factor())
        .says("user.mfa_failed", "reason", "code_invalid");
  }

  @Test
  default void an_answer_that_was_accepted_is_refused_the_second_time(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var first = asked(ana);
    var answer = right(ana);
    first.answers(factor(), answer);

    assertThat(asked(ana).answers(factor(), answer))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit().says("user.mfa_failed", "reason", replayed());
  }

  @Test
  default void an_answer_that_has_aged_is_refused(World world) {
    var ana = holder(company(world, "acme"), "ana");
    var journey = asked(ana);
    var answer = right(ana);
    var life = life();

    world.later(life == null ? Duration.ofDays(365) : life);

    // A sign-in does not wait for a year.
    var late = life == null ? asked(ana) : journey;
    assertThat(late.answers(factor(), answer) instanceof AnswerChallenge.Outcome.Passed)
        .isEqualTo(life == null);
  }

  @Test
  default void another_persons_answer_is_refused_and_stays_good_for_its_owner(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = asked(ana);
    var answer = right(ana);

    for (var other : List.of(holder(acme, "ben"), holder(company(world, "beta"), "ana"))) {
      assertThat(asked(other).answers(factor(), answer))
          .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    }
    assertThat(journey.answers(factor(), answer))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "null",
        "true",
        "{}",
        "' or 1=1 --",
        "\u0000",
        "\uD83E\uDD8A",
        "１２３４５６"
      })
  default void what_is_no_answer_at_all_is_refused_like_a_wrong_one(String nonsense, World world) {
    var journey = asked(holder(company(world, "acme"), "ana"));

    assertThat(journey.answers(factor(), nonsense))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(journey.answers(factor(), nonsense.repeat(50_000)))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
  }

  @Test
  default void PICK_01_a_factor_that_is_not_allowed_cannot_be_answered_by_hand(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = asked(ana);
    acme.policy(policy -> policy.withMode(dev.countersign.enforcement.Mode.OFF));
    var plain = ana.journey().withPassword();

    assertThat(plain.answers(factor(), right(ana)))
        .isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
    assertThat(journey.answers("nosuchfactor", right(ana)))
        .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);
  }

  @Test
  default void a_removed_factor_answers_nothing(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = asked(ana);
    var answer = right(ana);
    var wiring = world.wiring();
    wiring.database.run(tx ->
        wiring
            .enrolments
            .find(tx, acme.id(), ana.id(), ana.enrolment(factor()))
            .ifPresent(it ->
                wiring.setUp.remove(
                    tx,
                    new SetUp.Whose(acme.id(), ana.id(), null, null),
                    it,
                    world.node().occasion())));

    assertThat(journey.answers(factor(), answer))
        .isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
    assertThat(acme.audit().of("mfa.factor_removed")).isNotEmpty();
  }

  @Test
  default void its_profile_is_whole(World world) {
    var profile = world.wiring().factors.profile(new FactorId(factor()));

    assertThat(List.of(profile.guardianName(), profile.methodType(), profile.words()))
        .doesNotContain("");
    assertThat(profile.amr()).isNotEmpty();
    assertThat(profile.limits().burst()).isBetween(1, 10);
    assertThat(profile.limits().ceiling()).isLessThanOrEqualTo(100);
    assertThat(Arrays.asList(profile.door().name())).containsExactly(factor());
  }
}
