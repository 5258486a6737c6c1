package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.HearDevice;
import dev.countersign.challenge.SignInByKey;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.factor.Answer;
import dev.countersign.factor.custom.Service;
import dev.countersign.identity.People;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Door;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.ProofKind;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.proof.Spendables;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.Recoveries;
import dev.countersign.recovery.UseAccessCode;
import dev.countersign.session.CancelSignIn;
import dev.countersign.storage.StorageException;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Node;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.examples.PagerService;
import dev.countersign.web.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may happen once happens once, however many try at once, on two servers. */
interface RaceContract {
  /** Known by whose they are, not by themselves. */
  Set<Spendables.Kind> OF_ONE_OWNER =
      EnumSet.of(Spendables.Kind.BACKUP_CODE, Spendables.Kind.CLIENT_ASSERTION);

  int ROUNDS = 12;

  /** Half of them at each server. */
  private static Node node(World world, int thread) {
    return world.node(thread % world.nodes().size());
  }

  private static ProofLedger.About about(Someone who, EnrolmentId enrolment, SignInId signIn) {
    return new ProofLedger.About(
        who.id(), signIn, "race", enrolment, Evidence.of(ProofKind.HAS), Purpose.SECOND);
  }

  @ParameterizedTest
  @EnumSource
  default void RACE_01_a_thing_that_can_be_spent_is_spent_once(Spendables.Kind kind, World world) {
    var acme = world.tenant("acme");
    var now = world.clock().now();
    for (int round = 0; round < ROUNDS; round++) {
      var value = Secret.fresh(world.entropy(), 256);
      world
          .wiring()
          .ground
          .database
          .run(tx ->
              world
                  .wiring()
                  .proofs
                  .spendables
                  .put(
                      tx,
                      acme.id(),
                      kind,
                      value,
                      "owner",
                      "{}",
                      now,
                      now.plus(Duration.ofMinutes(1))));

      var got =
          AtOnce.all(i ->
              () -> {
                var wiring = node(world, i).wiring();
                return wiring.ground.database.write(tx ->
                    OF_ONE_OWNER.contains(kind)
                        ? wiring.proofs.spendables.spend(tx, acme.id(), kind, "owner", value, now)
                        : wiring.proofs.spendables.spend(tx, acme.id(), kind, value, now));
              });

      assertThat(got).filteredOn(Spendables.Spending.Spent.class::isInstance).hasSize(1);
      assertThat(got)
          .filteredOn(Spendables.Spending.Again.class::isInstance)
          .hasSize(AtOnce.THREADS - 1);
    }
  }

  @Test
  default void RACE_01_an_access_code_is_taken_in_one_sign_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    for (int round = 0; round < 3; round++) {
      var journeys =
          IntStream.range(0, AtOnce.THREADS).mapToObj(_ -> ana.journey().withPassword()).toList();
      var wiring = world.wiring();
      var number = wiring.recovering.accessCodes.call(acme.id(), journeys.getFirst().id()).number();
      var issuing =
          wiring.ground.database.write(tx ->
              wiring.recovering.accessCodes.issue(
                  tx,
                  new AccessCodes.By(acme.id(), ana.id(), "desk", world.node().occasion()),
                  number,
                  AccessCodes.USUAL_LIFE));
      var code = ((AccessCodes.Issuing.Issued) issuing).shown();

      var got =
          AtOnce.all(i ->
              () ->
                  node(world, i)
                      .wiring()
                      .recovering
                      .useAccessCode
                      .use(
                          acme.id(),
                          journeys.get(i).id(),
                          journeys.get(i).browser(),
                          code,
                          node(world, i).occasion()));

      assertThat(got).filteredOn(UseAccessCode.Outcome.Moved.class::isInstance).hasSize(1);
      world.later(Duration.ofHours(1)); // What was wrong is forgotten by then.
    }
  }

  @Test
  default void RACE_01_a_recovery_by_waiting_is_begun_and_completed_once(World world) {
    var acme = world.tenant("acme").requiring("otp");
    acme.admin().call(Method.PUT, "/guardian/recovery", "{\"enabled\":true}");
    var ana = acme.person("ana").enrolledIn("otp");
    var journey = ana.journey().withPassword();
    var here = world.node().occasion();
    world
        .wiring()
        .recovering
        .recoverByWaiting
        .send(acme.id(), journey.id(), journey.browser(), here);
    var code = Secret.of(ana.mailedCode());

    var begun =
        AtOnce.all(i ->
            () ->
                node(world, i)
                    .wiring()
                    .recovering
                    .recoverByWaiting
                    .answer(
                        acme.id(),
                        journey.id(),
                        journey.browser(),
                        code,
                        node(world, i).occasion()));

    assertThat(begun).filteredOn(RecoverByWaiting.Outcome.Noted.class::isInstance).hasSize(1);
    world.later(Recoveries.USUAL_WAIT);
    var completed =
        AtOnce.all(i ->
            () -> {
              var wiring = node(world, i).wiring();
              return wiring.ground.database.write(tx ->
                  wiring.recovering.recoveries.complete(
                      tx, acme.id(), ana.id(), world.clock().now()));
            });
    assertThat(completed).filteredOn(Optional::isPresent).hasSize(1);
  }

  @Test
  default void RACE_01_a_step_of_a_counter_is_claimed_once(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").enrolledIn("otp");
    var enrolment = ana.enrolment("otp");
    for (int round = 0; round < ROUNDS; round++) {
      long step = 1_000 + round;
      var signIn = new SignInId(Ids.fresh("si_", world.entropy()));

      var got =
          AtOnce.all(i ->
              () -> {
                var wiring = node(world, i).wiring();
                return wiring.ground.database.write(tx ->
                    wiring.proofs.ledger.redeem(
                        tx,
                        acme.id(),
                        new Claim.Advances(enrolment, step),
                        about(ana, enrolment, signIn),
                        world.clock().now()));
              });

      assertThat(got).filteredOn(ProofLedger.Redemption.Proven.class::isInstance).hasSize(1);
      assertThat(got)
          .filteredOn(ProofLedger.Redemption.UsedBefore.class::isInstance)
          .hasSize(AtOnce.THREADS - 1);
      world.later(Duration.ofSeconds(30)); // The World counts how many steps there can have been.
    }
  }

  @Test
  default void RACE_01_a_question_that_was_put_is_answered_once(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    for (int round = 0; round < ROUNDS; round++) {
      var signIn = new SignInId(Ids.fresh("si_", world.entropy()));
      var now = world.clock().now();
      var waiting =
          world
              .wiring()
              .ground
              .database
              .write(tx ->
                  world
                      .wiring()
                      .proofs
                      .challenges
                      .pose(
                          tx,
                          acme.id(),
                          new Challenges.Whose(
                              ana.id(), signIn, new FactorId("race"), Purpose.SECOND, null),
                          Secret.of("{}"),
                          now,
                          now.plus(Duration.ofMinutes(1))));

      var got =
          AtOnce.all(i ->
              () -> {
                var wiring = node(world, i).wiring();
                return wiring.ground.database.write(tx ->
                    wiring.proofs.ledger.redeem(
                        tx,
                        acme.id(),
                        new Claim.Both(new Claim.Answers(waiting.id()), new Claim.Repeatable()),
                        new ProofLedger.About(
                            ana.id(),
                            signIn,
                            "race",
                            null,
                            Evidence.of(ProofKind.REACHES),
                            Purpose.SECOND),
                        now));
              });

      assertThat(got).filteredOn(ProofLedger.Redemption.Proven.class::isInstance).hasSize(1);
      assertThat(got)
          .filteredOn(ProofLedger.Redemption.UsedBefore.class::isInstance)
          .hasSize(AtOnce.THREADS - 1);
    }
  }

  @Test
  default void RACE_01_an_answer_that_a_service_judges_lets_in_once(World world)
      throws IOException {
    var acme = world.tenant("acme");
    try (var service = new PagerService(world.clock())) {
      service.knows(
          acme.defining(
              """
              {"slug": "pager", "kind": "webhook", "display_name": "Pager", "description": "A code on your pager.",
               "webhook": {"url": "%s"}}
              """
                  .formatted(service.url())));
      acme.requiring("custom:pager");
      world.nodes().forEach(node -> node.wiring().ground.tenants.read(acme.id()));
      for (int round = 0; round < 3; round++) {
        var ana = acme.person("ana" + round).enrolledIn("custom:pager");
        var journey = ana.journey().withPassword().isAsked("custom:pager");
        var code = service.pager(ana.id().value()).orElseThrow();

        var got = AtOnce.all(i -> () -> journey.answersAt(node(world, i), "custom:pager", code));

        assertThat(got).filteredOn(AnswerChallenge.Outcome.Passed.class::isInstance).hasSize(1);
      }
    }
  }

  @Test
  default void RACE_01_a_texted_code_lets_in_once(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    for (int round = 0; round < ROUNDS; round++) {
      var ana = acme.person("ana" + round).enrolledIn("sms");
      var journey = ana.journey().withPassword().isAsked("sms");
      var code = ana.textedCode();

      var passed =
          AtOnce.all(i -> () -> journey.answersAt(node(world, i), "sms", code)).stream()
              .filter(AnswerChallenge.Outcome.Passed.class::isInstance)
              .toList();

      assertThat(passed).hasSize(1);
      world.later(Duration.ofHours(1)); // Or all their numbers would look like one that is pumped.
    }
  }

  @Test
  default void RACE_01_a_request_to_a_phone_is_decided_once_and_lets_in_once(World world) {
    var acme = world.tenant("acme").requiring("push-notification");
    for (int round = 0; round < ROUNDS; round++) {
      var ana = acme.person("ana" + round).enrolledIn("push-notification");
      var journey = ana.journey().withPassword();
      var number = journey.asked("push-notification");
      var question = ana.phone().question();

      var heard =
          AtOnce.all(i -> {
            var said = ana.phone().saying(i % 4 == 3 ? "disown" : "approve", question, number, "");
            return () -> journey.hears(node(world, i), ana.phone(), question, said);
          });

      var decided =
          heard.stream().filter(it -> !(it instanceof HearDevice.Outcome.Nothing)).toList();
      assertThat(decided).hasSize(1);
      var passed =
          AtOnce.all(i -> () -> journey.answersAt(node(world, i), "push-notification", "")).stream()
              .filter(AnswerChallenge.Outcome.Passed.class::isInstance)
              .count();
      assertThat(passed).isEqualTo(decided.getFirst() instanceof HearDevice.Outcome.Noted ? 1 : 0);
    }
  }

  @Test
  default void RACE_05_of_500_wrong_codes_as_many_are_judged_as_may_be_and_the_lock_is_told_of_once(
      World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var wrong = ana.wrongCode();
    // Sign-ins of their own, since those who wait for one sign-in's lock do not race.
    var journeys =
        IntStream.range(0, AtOnce.THREADS).mapToObj(_ -> ana.journey().withPassword()).toList();

    var got =
        AtOnce.all(i ->
                () ->
                    IntStream.range(0, 500 / AtOnce.THREADS + 1)
                        .limit(500)
                        .mapToObj(_ -> journeys.get(i).answersAt(node(world, i), "otp", wrong))
                        .toList())
            .stream()
            .flatMap(List::stream)
            .toList();

    assertThat(got).hasSizeGreaterThanOrEqualTo(500);
    assertThat(got).filteredOn(AnswerChallenge.Outcome.Wrong.class::isInstance).hasSize(4);
    assertThat(got)
        .filteredOn(AnswerChallenge.Outcome.Resting.class::isInstance)
        .hasSize(got.size() - 4);
    assertThat(acme.audit().of("user.mfa_failed"))
        .filteredOn(event -> event.outcome() == AuditEvent.Outcome.FAILURE)
        .hasSize(5);
    assertThat(acme.audit().count("user.locked")).isEqualTo(1);
    assertThat(journeys.getFirst().answers("otp", ana.codeNow()))
        .as("the right code, meanwhile")
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
  }

  @Test
  default void RACE_05_a_door_counts_exactly(World world) {
    var acme = world.tenant("acme");
    var door =
        new Door("race", new GuessLimits(1_000, Duration.ofHours(1), Duration.ofHours(1), 10_000));

    AtOnce.all(i ->
        () -> {
          for (int n = 0; n < 20; n++) {
            var wiring = node(world, i).wiring();
            wiring.ground.database.write(tx ->
                wiring.proofs.guesses.failed(
                    tx, acme.id(), "subject", List.of(door), world.clock().now()));
          }
          return i;
        });

    var standing =
        world
            .wiring()
            .ground
            .database
            .read(tx ->
                world
                    .wiring()
                    .proofs
                    .guesses
                    .standing(tx, acme.id(), "subject", List.of(door), world.clock().now()));
    assertThat(standing).isEqualTo(new Guesses.Standing.Open(1_000 - 20 * AtOnce.THREADS));
  }

  @Test
  default void RACE_08_one_name_is_given_to_one_person(World world) {
    var acme = world.tenant("acme");
    for (int round = 0; round < ROUNDS; round++) {
      var name = "twin" + round;

      var got = AtOnce.all(i -> () -> added(node(world, i), acme, name, world));

      assertThat(got).filteredOn(added -> added).hasSize(1);
    }
  }

  private static boolean added(Node node, Company acme, String name, World world) {
    try {
      node.wiring()
          .ground
          .database
          .run(tx ->
              node.wiring()
                  .ground
                  .people
                  .add(tx, acme.id(), People.Newcomer.named(name, null), world.clock().now()));
      return true;
    } catch (StorageException.Duplicate _) {
      return false;
    }
  }

  @Test
  default void RACE_08_one_slug_is_given_to_one_tenant(World world) {
    for (int round = 0; round < ROUNDS; round++) {
      var slug = Ids.fresh("t", world.entropy());

      var got =
          AtOnce.all(i ->
              () ->
                  node(world, i).wiring().ground.tenants.create(slug, "Twin", world.clock().now()));

      assertThat(got).filteredOn(Tenants.Creation.Created.class::isInstance).hasSize(1);
      assertThat(got)
          .filteredOn(Tenants.Creation.Taken.class::isInstance)
          .hasSize(AtOnce.THREADS - 1);
    }
  }

  @Test
  default void RACE_08_one_token_is_given_to_one_person(World world) {
    var acme = world.tenant("acme").inviting("hardware-otp");
    for (int round = 0; round < ROUNDS; round++) {
      var serial = "T-" + round;
      var table = "serial,type,seed_hex\n" + serial + ",hotp," + "ab".repeat(20);
      var file =
          new TokenFile(TokenFile.Format.CSV, Secret.of(table), Optional.empty(), Optional.empty());
      var tokens = ((TokenFile.Reading.Read) file.read()).tokens();
      var occasion = world.node().occasion();
      world
          .wiring()
          .ground
          .database
          .run(tx -> world.wiring().enrolling.tokens.add(tx, acme.id(), tokens, "race", occasion));
      var people = List.of(acme.person("a" + round).id(), acme.person("b" + round).id());

      var got =
          AtOnce.all(i ->
              () -> {
                var wiring = node(world, i).wiring();
                var act = new AdminSetUp.Act(acme.id(), people.get(i % 2), "race", occasion);
                return wiring.ground.database.write(
                    tx -> wiring.enrolling.tokens.assign(tx, act, serial));
              });

      assertThat(got).filteredOn(Tokens.Assignment.Assigned.class::isInstance).hasSize(1);
      assertThat(got)
          .filteredOn(Tokens.Assignment.Taken.class::isInstance)
          .hasSize(AtOnce.THREADS - 1);
    }
  }

  @Test
  default void RACE_08_one_version_is_given_to_one_policy(World world) {
    var acme = world.tenant("acme");

    var got =
        AtOnce.all(i ->
            () -> {
              var wiring = node(world, i).wiring();
              try {
                wiring.ground.database.write(tx ->
                    wiring.course.policies.change(
                        tx, acme.id(), policy -> policy, "race", world.clock().now()));
                return true;
              } catch (StorageException.Duplicate _) {
                return false;
              }
            });

    var version =
        world
            .wiring()
            .ground
            .database
            .read(tx -> world.wiring().course.policies.current(tx, acme.id()))
            .version();
    assertThat(got).filteredOn(saved -> saved).hasSize(Math.toIntExact(version));
  }

  /** The same app's code in as many sign-ins at once. */
  @Test
  default void RACE_01_one_code_opens_one_sign_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    for (int round = 0; round < 4; round++) {
      world.later(Duration.ofMinutes(30)); // What was wrong before is forgotten.
      var journeys =
          IntStream.range(0, AtOnce.THREADS).mapToObj(_ -> ana.journey().withPassword()).toList();
      var code = ana.codeNow();

      var got = AtOnce.all(i -> () -> journeys.get(i).answersAt(node(world, i), "otp", code));

      assertThat(got).filteredOn(AnswerChallenge.Outcome.Passed.class::isInstance).hasSize(1);
      assertThat(journeys).filteredOn(Journey::isCompleted).hasSize(1);
    }
  }

  @Test
  default void RACE_01_one_signature_answers_one_challenge_once(World world) {
    var acme = world.tenant("acme").requiring("webauthn-platform");
    for (int round = 0; round < 4; round++) {
      var ana = acme.person("key" + round).enrolledIn("webauthn-platform");
      var journey = ana.journey().withPassword();
      var signed = ana.authenticator("webauthn-platform").signs(journey.asked("webauthn-platform"));
      var answer = new Answer(Map.of("credential", Secret.of(signed)));

      var got =
          AtOnce.all(i -> () -> journey.answersAt(node(world, i), "webauthn-platform", answer));

      assertThat(got).filteredOn(AnswerChallenge.Outcome.Passed.class::isInstance).hasSize(1);
    }
  }

  @Test
  default void RACE_01_one_signature_opens_one_sign_in_that_nobody_was_named_in(World world) {
    var acme = world.tenant("acme").requiring("webauthn-platform");
    for (int round = 0; round < 4; round++) {
      var ana = acme.person("first" + round).enrolledIn("webauthn-platform");
      var journey = ana.journey();
      var signIn = ((SignIns.Finding.Found) journey.finding()).signIn();
      var asked =
          world
              .wiring()
              .ground
              .database
              .read(
                  tx -> world.wiring().answers.signInByKey.ask(tx, signIn, world.node().occasion()))
              .orElseThrow();
      var key = ana.authenticator("webauthn-platform").at(acme.origin());
      var answer = new Answer(Map.of("credential", Secret.of(key.signs(asked.options()))));

      var got =
          AtOnce.all(i ->
              () ->
                  node(world, i)
                      .wiring()
                      .answers
                      .signInByKey
                      .answer(
                          acme.id(),
                          signIn.id(),
                          journey.browser(),
                          asked.question(),
                          answer,
                          node(world, i).occasion()));

      assertThat(got).filteredOn(SignInByKey.Outcome.Moved.class::isInstance).hasSize(1);
      got.stream()
          .filter(SignInByKey.Outcome.Moved.class::isInstance)
          .map(it -> ((SignInByKey.Outcome.Moved) it).moved().arrived().orElseThrow())
          .forEach(it -> world.canaries().cookie(it.cookie().reveal()));
    }
    assertThat(acme.audit().count("user.passkey_accepted")).isEqualTo(4);
  }

  @Test
  default void RACE_02_a_sign_in_that_is_answered_and_cancelled_at_once_ends_one_way(World world) {
    var acme = world.tenant("acme").requiring("otp");
    for (int round = 0; round < ROUNDS; round++) {
      var ana = acme.person("ana" + round).enrolledIn("otp");
      var journey = ana.journey().withPassword();
      var code = ana.codeNow();

      var got =
          AtOnce.all(
              2,
              i ->
                  () -> {
                    var node = node(world, i);
                    return i == 0
                        ? journey.answersAt(node, "otp", code)
                            instanceof AnswerChallenge.Outcome.Passed
                        : node.wiring()
                                .course
                                .cancelSignIn
                                .cancel(acme.id(), journey.id(), journey.browser(), node.occasion())
                            instanceof CancelSignIn.Outcome.Cancelled;
                  });

      assertThat(got).filteredOn(won -> won).hasSize(1);
      assertThat(journey.isCompleted()).isEqualTo(got.getFirst());
      assertThat(
              acme.audit().events().stream()
                  .filter(event ->
                      ana.id().equals(event.user()) && event.type().code().equals("user.signed_in"))
                  .count())
          .isEqualTo(got.getFirst() ? 1 : 0);
    }
  }

  @Test
  default void RACE_03_the_last_decision_is_by_the_policy_that_was_committed_before_it(
      World world) {
    for (int round = 0; round < ROUNDS; round++) {
      var acme = world.tenant("acme").demandingNothing();
      var people =
          IntStream.range(0, AtOnce.THREADS - 1).mapToObj(i -> acme.person("p" + i)).toList();
      var begun = people.stream().map(Someone::journey).toList();

      var got =
          AtOnce.all(i ->
              () -> {
                if (i == 0) {
                  acme.requiring("otp");
                  return true;
                }
                return begun.get(i - 1).withPassword().isCompleted();
              });

      // Whoever came in did so by the version before: what was decided says which it was.
      for (int i = 1; i < AtOnce.THREADS; i++) {
        var journey = begun.get(i - 1);
        var decided =
            world
                .wiring()
                .ground
                .database
                .read(tx ->
                    world.wiring().course.progress.newestDecision(tx, acme.id(), journey.id()))
                .orElseThrow();
        assertThat(got.get(i)).as(decided.decision()).isEqualTo(decided.policyVersion() == 1);
      }
      assertThat(acme.person("late").journey().withPassword().isCompleted())
          .as("after the change")
          .isFalse();
    }
  }

  @Test
  default void RACE_01_of_changes_to_one_thing_that_is_set_none_is_lost(World world) {
    var acme = world.tenant("acme");
    var admin = acme.admin();
    var fields =
        Map.of(
            "aws_region", "eu-central-1",
            "aws_access_key_id", "AKIA",
            "sns_apns_platform_application_arn", "arn:aws:sns:eu-central-1:123456789012:app/APNS/a",
            "sns_gcm_platform_application_arn", "arn:aws:sns:eu-central-1:123456789012:app/GCM/a");
    var each = List.copyOf(fields.entrySet());
    for (int round = 0; round < 3; round++) {
      var path = "/guardian/factors/push-notification/providers/sns";
      admin.call(Method.PUT, path, "{}");

      var got =
          AtOnce.all(
              each.size(),
              i ->
                  () -> {
                    var one = Json.object().put(each.get(i).getKey(), each.get(i).getValue());
                    return admin
                        .at(node(world, i))
                        .call(Method.PATCH, path, Json.write(one))
                        .status();
                  });

      assertThat(got).containsOnly(200);
      var kept = admin.get(path).json();
      fields.forEach((name, value) -> assertThat(kept.path(name).asString("")).isEqualTo(value));
    }
  }

  @Test
  default void RACE_01_of_two_changes_of_a_secret_none_is_lost(World world) {
    var acme = world.tenant("acme");
    var first =
        acme.defining(
            """
            {"slug": "badge", "kind": "redirect", "display_name": "Badge", "description": "Your badge.",
             "redirect": {"url": "http://127.0.0.1:1/"}}
            """);
    var admin = acme.admin();

    var told =
        AtOnce.all(
                2,
                i ->
                    () ->
                        admin
                            .at(node(world, i))
                            .post("/guardian/custom-factors/badge/rotate-secret", "{}"))
            .stream()
            .map(it -> it.json().path("signing_secret").asString(""))
            .toList();

    var kept =
        world
            .wiring()
            .ground
            .database
            .write(tx ->
                world
                    .wiring()
                    .methods
                    .factorSettings
                    .held(tx, acme.id(), new FactorId("custom:badge")));
    assertThat(Service.read(kept).keys())
        .extracting(it -> it.secret().reveal())
        .containsExactlyInAnyOrder(first, told.getFirst(), told.getLast());
  }
}
