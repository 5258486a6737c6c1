package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.enrolment.SetUp;
import dev.countersign.factor.Answer;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
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

  /** A right answer of theirs in that sign-in. */
  default Answer rightIn(Someone who, Journey journey) {
    return typed(right(who));
  }

  /** An answer of the right form that is wrong for everybody, in that sign-in. */
  default Answer wrongIn(Someone who, Journey journey) {
    return typed(wrong(who));
  }

  /** What a page sends of it. */
  default Answer typed(String text) {
    return Answer.ofCode(Secret.of(text));
  }

  /** Why {@link #wrongIn} is refused. */
  default String wrongReason() {
    return "code_invalid";
  }

  /** Why an accepted answer is refused in another sign-in. */
  default String replayReason() {
    return "code_reused";
  }

  default Company company(World world, String name) {
    return world.tenant(name).requiring(allowed().toArray(String[]::new));
  }

  default Someone holder(Company company, String name) {
    return company.person(name).enrolledIn(allowed().toArray(String[]::new));
  }

  /** Answers the challenge of that sign-in rightly; a factor that is answered elsewhere says how. */
  default AnswerChallenge.Outcome answersRight(Someone who, Journey journey) {
    return journey.answers(factor(), rightIn(who, journey));
  }

  /** Answers the challenge of that sign-in wrongly; a factor that is answered elsewhere says how. */
  default AnswerChallenge.Outcome answersWrong(Someone who, Journey journey) {
    return journey.answers(factor(), wrongIn(who, journey));
  }

  /** Sends in a new sign-in what no page would; a factor that is answered elsewhere says how. */
  default AnswerChallenge.Outcome answers(Someone who, String nonsense) {
    return answer(who, typed(nonsense));
  }

  private AnswerChallenge.Outcome answer(Someone who, Answer answer) {
    return who.journey().withPassword().answers(factor(), answer);
  }

  @Test
  default void a_right_answer_lets_in(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");

    var journey = ana.journey().withPassword();
    assertThat(answersRight(ana, journey)).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
    acme.audit().says("user.mfa_succeeded", "factor", factor());
  }

  @Test
  default void a_wrong_answer_does_not(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");

    var journey = ana.journey().withPassword();
    assertThat(answersWrong(ana, journey)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit()
        .says("user.mfa_failed", "factor", factor())
        .says("user.mfa_failed", "reason", wrongReason());
  }

  @Test
  default void an_answer_that_was_accepted_is_refused_the_second_time(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var answer = rightIn(ana, journey);
    journey.answers(factor(), answer);

    assertThat(answer(ana, answer)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    acme.audit().says("user.mfa_failed", "reason", replayReason());
  }

  @Test
  default void an_answer_that_has_aged_is_refused(World world) {
    var ana = holder(company(world, "acme"), "ana");
    var journey = ana.journey().withPassword();
    var answer = rightIn(ana, journey);
    var life = life();

    world.later(life == null ? Duration.ofDays(365) : life);

    var outcome = life == null ? answer(ana, answer) : journey.answers(factor(), answer);
    assertThat(outcome instanceof AnswerChallenge.Outcome.Passed).isEqualTo(life == null);
  }

  @Test
  default void another_persons_answer_is_refused_and_stays_good_for_its_owner(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var answer = rightIn(ana, journey);

    for (var other : List.of(holder(acme, "ben"), holder(company(world, "beta"), "ana"))) {
      assertThat(answer(other, answer)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
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
    var ana = holder(company(world, "acme"), "ana");

    assertThat(answers(ana, nonsense)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(answers(ana, nonsense.repeat(50_000)))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
  }

  @Test
  default void PICK_01_a_factor_that_is_not_allowed_cannot_be_answered_by_hand(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var answer = rightIn(ana, journey);
    acme.policy(policy -> policy.withMode(dev.countersign.enforcement.Mode.OFF));
    var plain = ana.journey().withPassword();

    assertThat(plain.answers(factor(), answer))
        .isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
    assertThat(journey.answers("nosuchfactor", answer))
        .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);
  }

  @Test
  default void a_removed_factor_answers_nothing(World world) {
    var acme = company(world, "acme");
    var ana = holder(acme, "ana");
    var journey = ana.journey().withPassword();
    var answer = rightIn(ana, journey);
    var wiring = world.wiring();
    wiring.ground.database.run(tx ->
        wiring
            .methods
            .enrolments
            .find(tx, acme.id(), ana.id(), ana.enrolment(factor()))
            .ifPresent(it ->
                wiring.enrolling.setUp.remove(
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
    var acme = company(world, "acme");
    var profile = world.wiring().methods.factors.of(acme.id()).profile(new FactorId(factor()));

    assertThat(List.of(profile.guardianName(), profile.methodType(), profile.words()))
        .doesNotContain("");
    assertThat(profile.amr()).isNotEmpty();
    assertThat(profile.limits().burst()).isBetween(1, 10);
    assertThat(profile.limits().ceiling()).isLessThanOrEqualTo(100);
    assertThat(Arrays.asList(profile.door().name())).containsExactly(factor());
  }
}
