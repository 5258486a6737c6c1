package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.AttackWatch;
import dev.countersign.challenge.NewPlaces;
import dev.countersign.config.Settings;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Mode;
import dev.countersign.enrolment.RecoveredFactors;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.identity.People.Newcomer;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Base32;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.Allowances;
import dev.countersign.session.StartSignIn;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Scratch;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenants;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sign-ins that cross each other, sessions that end meanwhile, and what is still worth something then. */
class SignInTest {
  private static final Moment START = Moment.ofSeconds(1_800_000_000);
  private static final FactorId OTP = new FactorId("otp");
  private static final String PASSWORD = "correct horse battery staple";
  private final LiveEntropy entropy = new LiveEntropy();
  private final Database database = Scratch.database();
  private final Wiring rooms =
      new Wiring(
          new Wiring.Parts(
              database,
              KeyRing.fresh(entropy),
              InstantSource.system(),
              entropy,
              PublicAddress.local(8080),
              new Argon2id.Cost(64, 1),
              Settings.with(Map.of())));
  private final Arrivals arrivals =
      (tx, signIn, completed, occasion) -> {
        var opened = rooms.course.sessions.open(tx, signIn, completed, occasion);
        return new Arrivals.Arrived(
            opened.session().id(),
            opened.cookie(),
            new Arrivals.Onward.Redirect("/" + completed.level().acr()));
      };
  private final Progress progress =
      new Progress(
          rooms.course.signIns,
          rooms.course.facts,
          rooms.course.policies,
          rooms.course.sessions::holds,
          rooms.ground.audit,
          arrivals,
          rooms.risk.senses,
          new Graces());
  private final StartSignIn startSignIn =
      new StartSignIn(
          database, rooms.course.sessions, rooms.course.signIns, rooms.proofs.ledger, progress);
  private final AnswerPassword answerPassword =
      new AnswerPassword(
          database,
          rooms.course.signIns,
          progress,
          rooms.ground.people,
          rooms.proofs.passwords,
          rooms.proofs.knownBrowsers,
          rooms.ground.digester,
          rooms.proofs.ledger,
          rooms.proofs.guesses,
          rooms.ground.audit,
          rooms.delivery.notices,
          new AttackWatch(new Allowances(), rooms.ground.audit),
          rooms.course.trustedBrowsers,
          rooms.risk.browserKeys,
          rooms.risk.stolenPasswords);
  private final AnswerChallenge answerChallenge =
      new AnswerChallenge(
          database,
          rooms.course.signIns,
          progress,
          rooms.ground.people,
          rooms.methods.factors,
          rooms.methods.enrolments,
          rooms.course.scenes,
          rooms.course.destinations,
          rooms.proofs.challenges,
          rooms.proofs.ledger,
          rooms.proofs.spendables,
          rooms.proofs.guesses,
          rooms.ground.audit,
          rooms.delivery.notices,
          new NewPlaces(
              rooms.methods.habits,
              rooms.proofs.allowances,
              rooms.ground.audit,
              rooms.delivery.notices));
  private final SetUpAtSignIn setUpAtSignIn =
      new SetUpAtSignIn(
          database,
          rooms.course.signIns,
          progress,
          rooms.enrolling.setUp,
          rooms.enrolling.codeSets,
          rooms.proofs.ledger,
          rooms.proofs.spendables,
          rooms.ground.audit,
          new RecoveredFactors(
              rooms.recovering.recoveries,
              rooms.methods.factors,
              rooms.methods.enrolments,
              rooms.enrolling.codeSets,
              rooms.course.endAccess,
              rooms.ground.audit,
              rooms.delivery.notices));
  private Moment now = START;
  private TenantId acme = new TenantId("none");
  private UserId ana = new UserId("none");
  private EnrolmentId phone = new EnrolmentId("none");

  @BeforeEach
  void scene() {
    acme =
        rooms.ground.tenants.create("acme", "Acme", START)
                instanceof Tenants.Creation.Created(var tenant)
            ? tenant.id()
            : acme;
    var hash = rooms.proofs.passwords.hash(Secret.of(PASSWORD));
    ana =
        database.write(tx -> {
          var person = rooms.ground.people.add(tx, acme, Newcomer.named("ana", null), START);
          rooms.proofs.passwords.set(tx, acme, person.id(), hash, START);
          return person.id();
        });
    policy(Mode.OPTIONAL);
  }

  @AfterEach
  void close() {
    rooms.close();
  }

  private void policy(Mode mode) {
    database.run(tx ->
        rooms.course.policies.change(
            tx,
            acme,
            before -> before.withMode(mode).allowing(new FactorId("recovery-code"), false),
            "test",
            now));
  }

  private Occasion at() {
    return new Occasion(now, "192.0.2.1", "test", "req_1");
  }

  /** A sign-in in Ana's browser. */
  private record Visit(
      SignInId id,
      Optional<Secret> browser,
      Optional<Arrivals.Arrived> arrived,
      LoginSession state) {
    Demand demand() {
      return state instanceof LoginSession.AwaitingMfa waiting
          ? waiting.demand()
          : new Demand.FirstProof();
    }

    String level() {
      return arrived.orElseThrow().onward() instanceof Arrivals.Onward.Redirect(var uri)
          ? uri.substring(1)
          : "";
    }

    Optional<Secret> cookie() {
      return arrived.map(Arrivals.Arrived::cookie);
    }
  }

  private Visit start(Optional<Secret> session, Level level) {
    var asked = new SignIn.Asked(level, null, null, null, null, null, true);
    var started =
        startSignIn.start(
            acme, new SignIn.Destination(SignIn.Destination.ACCOUNT, "/"), asked, session, at());
    var moved = started.moved();
    return new Visit(
        moved.signIn().id(),
        Optional.of(started.browser()),
        moved.arrived(),
        moved.signIn().state());
  }

  private Visit password(Visit visit) {
    answerPassword.identify(acme, visit.id(), visit.browser(), "ana", at());
    var outcome =
        answerPassword.answer(
            acme, visit.id(), visit.browser(), Optional.empty(), Secret.of(PASSWORD), at());
    assertThat(outcome).isInstanceOf(AnswerPassword.Outcome.Moved.class);
    return moved(visit, ((AnswerPassword.Outcome.Moved) outcome).moved());
  }

  private static Visit moved(Visit visit, Progress.Moved moved) {
    return new Visit(
        visit.id(), moved.browser().or(visit::browser), moved.arrived(), moved.signIn().state());
  }

  private List<Enrolment> enrolments() {
    return database.read(tx -> rooms.methods.enrolments.of(tx, acme, ana));
  }

  private String code(EnrolmentId id) {
    return Codes.of(
        enrolments().stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow().document(),
        now);
  }

  private Visit code(Visit visit) {
    var outcome =
        answerChallenge.answer(
            acme, visit.id(), visit.browser(), OTP, Answer.ofCode(Secret.of(code(phone))), at());
    assertThat(outcome).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
    return moved(visit, ((AnswerChallenge.Outcome.Passed) outcome).moved());
  }

  private void enrol() {
    var whose = new SetUp.Whose(acme, ana, null, null);
    var first =
        database
            .read(tx -> rooms.enrolling.setUp.look(tx, whose, OTP, Optional.empty(), at()))
            .orElseThrow();
    var opened = rooms.enrolling.setUp.open(first, Answer.NONE, false);
    SetUp.Kept kept = database.write(tx -> rooms.enrolling.setUp.keep(tx, first, opened, at()));
    var begun = ((SetUp.Kept.Going) kept).underWay().id();
    var answer = Answer.ofCode(Secret.of(code(begun.orElseThrow())));
    var look =
        database.read(tx -> rooms.enrolling.setUp.look(tx, whose, OTP, begun, at())).orElseThrow();
    var judged = rooms.enrolling.setUp.judge(look, answer);
    SetUp.Confirmation confirmation =
        database.write(tx -> rooms.enrolling.setUp.confirm(tx, look, judged, "phone", at()));
    assertThat(confirmation).isInstanceOf(SetUp.Confirmation.Confirmed.class);
    phone = begun.orElseThrow();
  }

  private void later(Duration duration) {
    now = now.plus(duration);
  }

  private SetUpAtSignIn.Outcome setUp(Visit visit) {
    return setUpAtSignIn.begin(
        acme, visit.id(), visit.browser(), OTP, SetUpAtSignIn.Start.CHOSEN, at());
  }

  @Test
  void TOTP_07_a_set_up_that_waited_since_before_the_person_had_a_factor_cannot_be_gone_on_with() {
    var thiefs = password(start(Optional.empty(), Level.NONE));
    assertThat(setUp(thiefs)).isInstanceOf(SetUpAtSignIn.Outcome.UnderWay.class);
    var another = password(start(Optional.empty(), Level.NONE));
    var pending = code(enrolments().getFirst().id());
    enrol();

    assertThat(setUp(another))
        .isInstanceOfSatisfying(
            SetUpAtSignIn.Outcome.Moved.class,
            it ->
                assertThat(moved(another, it.moved()).demand())
                    .isEqualTo(new Demand.Challenge(List.of(OTP))));
    var confirmed =
        setUpAtSignIn.confirm(
            acme,
            thiefs.id(),
            thiefs.browser(),
            OTP,
            Answer.ofCode(Secret.of(pending)),
            "thief",
            at());
    assertThat(confirmed)
        .isInstanceOfSatisfying(
            SetUpAtSignIn.Outcome.Moved.class,
            it ->
                assertThat(moved(thiefs, it.moved()).demand())
                    .isEqualTo(new Demand.Challenge(List.of(OTP))));
    assertThat(enrolments()).filteredOn(Enrolment::isActive).hasSize(1);
  }

  @Test
  void LS_09_what_was_proven_in_a_session_counts_no_more_once_it_has_ended() {
    enrol();
    later(Duration.ofMinutes(2));
    var first = code(password(start(Optional.empty(), Level.NONE)));
    later(Duration.ofMinutes(2));
    var asked = new SignIn.Asked(Level.NONE, null, null, now, null, null, true);
    var started =
        startSignIn.start(
            acme,
            new SignIn.Destination(SignIn.Destination.ACCOUNT, "/"),
            asked,
            first.cookie(),
            at());
    var open =
        new Visit(
            started.moved().signIn().id(),
            Optional.of(started.browser()),
            Optional.empty(),
            started.moved().signIn().state());
    assertThat(open.demand()).isInstanceOf(Demand.Challenge.class);

    database.run(tx -> rooms.course.sessions.endAll(tx, acme, ana, now));

    var after = code(open);
    assertThat(after.arrived()).isEmpty();
    assertThat(after.state()).isInstanceOf(LoginSession.Pending.class);
    assertThat(start(first.cookie(), Level.NONE).state()).isInstanceOf(LoginSession.Pending.class);
  }

  @Test
  void
      TIME_06_after_an_hour_of_quiet_the_second_proof_is_owed_however_often_one_comes_by_without_it() {
    enrol();
    later(Duration.ofMinutes(2));
    var first = code(password(start(Optional.empty(), Level.NONE)));
    later(Duration.ofMinutes(59));
    var second = start(first.cookie(), Level.NONE);
    assertThat(second.level()).isEqualTo("aal2");

    later(Duration.ofMinutes(60));
    assertThat(start(second.cookie(), Level.NONE).demand()).isInstanceOf(Demand.Challenge.class);
    later(Duration.ofMinutes(2));
    var again = start(second.cookie(), Level.NONE);
    assertThat(again.demand()).isInstanceOf(Demand.Challenge.class);
    assertThat(code(again).level()).isEqualTo("aal2");
  }

  @Test
  void TIME_06_a_visit_at_the_first_level_does_not_wake_the_second_proof() {
    policy(Mode.OFF);
    enrol();
    later(Duration.ofMinutes(2));
    var first = code(password(start(Optional.empty(), Level.AAL2)));
    later(Duration.ofMinutes(61));

    var plain = start(first.cookie(), Level.NONE);
    assertThat(plain.level()).isEqualTo("aal1");
    assertThat(start(plain.cookie(), Level.AAL2).demand()).isInstanceOf(Demand.Challenge.class);
  }

  @Test
  void LS_09_who_is_blocked_between_two_steps_gets_no_further() {
    enrol();
    later(Duration.ofMinutes(2));
    var waiting = password(start(Optional.empty(), Level.NONE));
    database.run(tx -> {
      var it = rooms.ground.people.find(tx, acme, ana).orElseThrow();
      rooms.ground.people.save(
          tx,
          acme,
          new Person(
              it.id(),
              it.username(),
              it.email(),
              it.emailVerified(),
              it.phone(),
              it.name(),
              it.groups(),
              it.roles(),
              true,
              it.connection(),
              it.userMetadata(),
              it.appMetadata(),
              it.createdAt(),
              it.updatedAt(),
              it.version()),
          now);
    });

    assertThat(code(waiting).state()).isEqualTo(new LoginSession.Ended(LoginSession.Why.DENIED));
  }

  @Test
  void a_session_replaced_by_another_sign_in_is_raised_and_not_doubled() {
    var first = password(start(Optional.empty(), Level.NONE));
    var done = setUpAtSignIn.decline(acme, first.id(), first.browser(), at());
    var session =
        done instanceof SetUpAtSignIn.Outcome.Moved(var it) ? it.arrived().orElseThrow() : null;
    assertThat(session).isNotNull();
    SessionId id = session.session();
    assertThat(
            start(Optional.of(session.cookie()), Level.NONE)
                .arrived()
                .map(Arrivals.Arrived::session))
        .contains(id);
    assertThat(start(Optional.of(session.cookie()), Level.NONE).state())
        .as("the cookie was renewed")
        .isInstanceOf(LoginSession.Pending.class);
  }

  /** What the authenticator app would show. */
  private static final class Codes {
    static String of(Secret document, Moment now) {
      try {
        var key = Base32.decode(Json.tree(document.reveal()).get("key").asString());
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(now.seconds() / 30).array());
        int offset = hash[hash.length - 1] & 15;
        int binary = ByteBuffer.wrap(hash, offset, 4).getInt() & 0x7fffffff;
        return "%06d".formatted(binary % 1_000_000);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }
}
