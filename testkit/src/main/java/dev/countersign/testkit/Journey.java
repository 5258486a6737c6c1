package dev.countersign.testkit;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.HearDevice;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Prompt;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import java.util.Optional;

/**
 * One sign-in driven through the rooms' operations, without pages. Its destination is a person's own security page. Any
 * number of threads may answer at once.
 */
public final class Journey {
  private final Someone who;
  private final SignInId id;
  private volatile Secret browser;

  private Journey(Someone who, SignInId id, Secret browser) {
    this.who = who;
    this.id = id;
    this.browser = browser;
  }

  static Journey begun(Someone who, Node node) {
    return begun(who, node, SignIn.Asked.NOTHING);
  }

  static Journey begun(Someone who, Node node, SignIn.Asked asked) {
    var destination = new SignIn.Destination(SignIn.Destination.ACCOUNT, "/account");
    var started =
        node.wiring()
            .course
            .startSignIn
            .start(who.company().id(), destination, asked, Optional.empty(), node.occasion());
    return new Journey(who, started.moved().signIn().id(), started.browser());
  }

  public SignInId id() {
    return id;
  }

  /** The secret of the cookie that binds it to its browser. */
  public Optional<Secret> browser() {
    return Optional.of(browser);
  }

  /** Gives name and password. */
  public Journey withPassword() {
    var node = who.company().world().node();
    var answer = node.wiring().answers.answerPassword;
    answer.identify(who.company().id(), id, browser(), who.name(), node.occasion());
    var outcome =
        answer.answer(
            who.company().id(),
            id,
            browser(),
            Optional.empty(),
            Secret.of(who.password()),
            node.occasion());
    if (!(outcome instanceof AnswerPassword.Outcome.Moved(var moved))) {
      throw new IllegalStateException("the password did not do: " + outcome);
    }
    follow(moved);
    return this;
  }

  /** Sees the page of this factor, so that its question is put. */
  public Journey isAsked(String factor) {
    var outcome = pose(factor, false);
    if (!(outcome instanceof PoseChallenge.Outcome.Asked)) {
      throw new AssertionError("not asked for " + factor + ": " + outcome);
    }
    return this;
  }

  /** Sees the page of this factor, or wants its question put anew. */
  public PoseChallenge.Outcome pose(String factor, boolean again) {
    return poseAt(who.company().world().node(), factor, again);
  }

  /** The same at that server. */
  public PoseChallenge.Outcome poseAt(Node node, String factor, boolean again) {
    return node.wiring()
        .answers
        .poseChallenge
        .pose(who.company().id(), id, browser(), new FactorId(factor), again, node.occasion());
  }

  /** Answers the challenge at the first server. */
  public AnswerChallenge.Outcome answers(String factor, String code) {
    return answersAt(who.company().world().node(), factor, code);
  }

  /** Answers the challenge. */
  public AnswerChallenge.Outcome answersAt(Node node, String factor, String code) {
    return answersAt(node, factor, Answer.ofCode(Secret.of(code)));
  }

  /** Answers the challenge with what a browser would send, at the first server. */
  public AnswerChallenge.Outcome answers(String factor, Answer answer) {
    return answersAt(who.company().world().node(), factor, answer);
  }

  /** Has the question of a factor put: what the browser is asked, the number that the page shows, or where the browser is sent. */
  public String asked(String factor) {
    var node = who.company().world().node();
    var posed =
        node.wiring()
            .answers
            .poseChallenge
            .pose(who.company().id(), id, browser(), new FactorId(factor), false, node.occasion());
    if (posed instanceof PoseChallenge.Outcome.Asked(var prompt, var _, var _)) {
      if (prompt instanceof Prompt.Credential(var _, var options)) {
        return options;
      }
      if (prompt instanceof Prompt.Approval(var number, var _, var _)) {
        return number;
      }
      if (prompt instanceof Prompt.Elsewhere(var address, var _, var _)) {
        return address.orElse("");
      }
    }
    throw new IllegalStateException("asked otherwise: " + posed);
  }

  /** Answers the challenge with what a browser would send. */
  public AnswerChallenge.Outcome answersAt(Node node, String factor, Answer answer) {
    var outcome =
        node.wiring()
            .answers
            .answerChallenge
            .answer(
                who.company().id(), id, browser(), new FactorId(factor), answer, node.occasion());
    if (outcome instanceof AnswerChallenge.Outcome.Passed(var moved)) {
      follow(moved);
    }
    return outcome;
  }

  /** What the first server makes of a message from a phone. */
  public HearDevice.Outcome hears(Phone phone, String question, Answer said) {
    return hears(who.company().world().node(), phone, question, said);
  }

  /** What a server makes of it. */
  public HearDevice.Outcome hears(Node node, Phone phone, String question, Answer said) {
    var here = node.occasion();
    return node.wiring()
        .answers
        .hearDevice
        .answer(
            who.company().id(),
            new EnrolmentId(phone.device()),
            Optional.of(new ChallengeId(question)),
            said,
            new Occasion(
                here.at(),
                here.address(),
                here.userAgent(),
                here.requestId(),
                who.company().origin(),
                here.languages(),
                here.page(),
                here.device(),
                null));
  }

  private void follow(Progress.Moved moved) {
    moved.browser().ifPresent(fresh -> browser = fresh);
    moved
        .arrived()
        .ifPresent(arrived -> who.company().world().canaries().cookie(arrived.cookie().reveal()));
  }

  /** Where it stands, for the browser that it belongs to. */
  public SignIns.Finding finding() {
    var node = who.company().world().node();
    return node.wiring()
        .ground
        .database
        .read(tx ->
            node.wiring()
                .course
                .signIns
                .find(tx, who.company().id(), id, browser(), false, node.now()));
  }

  /** The state, while it goes on. */
  public LoginSession state() {
    return finding() instanceof SignIns.Finding.Found(var signIn) ? signIn.state() : failed();
  }

  private LoginSession failed() {
    throw new AssertionError("the sign-in is over or lost: " + finding());
  }

  public boolean isCompleted() {
    return finding() instanceof SignIns.Finding.Over(var _, var who, var _) && who.isPresent();
  }
}
