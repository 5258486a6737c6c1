package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.config.Settings;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Answer;
import dev.countersign.identity.People.Newcomer;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Scratch;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rooms put together on an embedded database, without HTTP: a sign-in up to the second proof. */
class WiringTest {
  private final LiveEntropy entropy = new LiveEntropy();
  private final Database database = Scratch.database();
  private final Wiring wiring =
      new Wiring(
          new Wiring.Parts(
              database,
              KeyRing.fresh(entropy),
              InstantSource.system(),
              entropy,
              PublicAddress.local(8080),
              new Argon2id.Cost(64, 1),
              Settings.with(Map.of())));

  @AfterEach
  void close() {
    wiring.close();
  }

  private static Occasion at(Moment moment) {
    return new Occasion(moment, "192.0.2.1", "test", "req_1");
  }

  private Tenant acme(Moment now) {
    return wiring.ground.tenants.create("acme", "Acme", now)
            instanceof Tenants.Creation.Created(var tenant)
        ? tenant
        : fail();
  }

  private static Tenant fail() {
    throw new AssertionError();
  }

  @Test
  void a_person_without_a_factor_is_invited_after_the_password() {
    var now = Moment.ofSeconds(1_800_000_000);
    var acme = acme(now);
    var hash = wiring.proofs.passwords.hash(Secret.of("correct horse battery staple"));
    UserId ana =
        database.write(tx -> {
          var person = wiring.ground.people.add(tx, acme.id(), Newcomer.named("ana", null), now);
          wiring.proofs.passwords.set(tx, acme.id(), person.id(), hash, now);
          return person.id();
        });
    var destination = new SignIn.Destination(SignIn.Destination.ACCOUNT, "/");
    var started =
        wiring.course.startSignIn.start(
            acme.id(), destination, SignIn.Asked.NOTHING, Optional.empty(), at(now));
    SignInId id = started.moved().signIn().id();
    var browser = Optional.of(started.browser());

    wiring.answers.answerPassword.identify(acme.id(), id, browser, "ANA ", at(now));
    assertThat(
            wiring.answers.answerPassword.answer(
                acme.id(), id, browser, Optional.empty(), Secret.of("wrong"), at(now)))
        .isInstanceOf(AnswerPassword.Outcome.Wrong.class);
    var outcome =
        wiring.answers.answerPassword.answer(
            acme.id(),
            id,
            browser,
            Optional.empty(),
            Secret.of("correct horse battery staple"),
            at(now));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            AnswerPassword.Outcome.Moved.class,
            moved -> {
              assertThat(moved.moved().signIn().who()).contains(ana);
              assertThat(moved.moved().browser()).isPresent();
              assertThat(moved.moved().signIn().state())
                  .isInstanceOfSatisfying(
                      LoginSession.AwaitingMfa.class,
                      waiting -> assertThat(waiting.demand()).isInstanceOf(Demand.Enrol.class));
            });
    assertThat(
            wiring.answers.answerChallenge.answer(
                acme.id(),
                id,
                browser,
                new FactorId("none"),
                Answer.ofCode(Secret.of("1")),
                at(now)))
        .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);
  }
}
