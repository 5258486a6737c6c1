package dev.countersign.factor.email;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.CodeTerms;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Holder;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A code by mail, to an address that an admin has given, or to the confirmed one that the account has whenever a code is
 * sent. Mail is how accounts are recovered, so it is no second thing that
 * somebody has: it shows that they reach the address, which satisfies no demand for a higher level (SP 800-63B-4 section
 * 3.1.3.1), and nobody is offered it.
 */
public final class EmailCode implements Factor {
  private static final FactorProfile PROFILE =
      new FactorProfile(
          new FactorId("email"),
          "email",
          "email",
          FactorProfile.Audience.ADMIN_DRIVEN,
          Evidence.of(ProofKind.REACHES, "email"),
          FactorProfile.Memory.UNTIL_RIGHT,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          1,
          Duration.ofMinutes(10),
          700,
          new FactorProfile.Look("email", "mail", 0));

  private final Entropy entropy;

  public EmailCode(Entropy entropy) {
    this.entropy = entropy;
  }

  /**
   * What is kept of one.
   *
   * @param address where codes go; null for wherever the account's own address is
   */
  record Document(@Nullable String address) {
    static Document of(Enrolment enrolment) {
      return Json.read(enrolment.document().reveal(), Document.class);
    }

    /** Where codes go now; nowhere while the account has no confirmed address. */
    Optional<String> address(Holder holder) {
      return Optional.ofNullable(
              address == null ? holder.traits().getOrDefault(Holder.ADDRESS, "") : address)
          .filter(it -> !it.isEmpty());
    }
  }

  /**
   * What is kept of a question.
   *
   * @param answer the code
   * @param to where it was sent
   */
  record Memo(String answer, String to) {
    static Memo read(Secret memo) {
      return Json.read(memo.reveal(), Memo.class);
    }

    Prompt prompt() {
      return Prompt.Code.sent(new Prompt.Shape(answer.length()), masked(to));
    }
  }

  @Override
  public FactorProfile profile() {
    return PROFILE;
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.oob("email", "email", "email");
  }

  @Override
  public Map<String, Object> inForce(String document) {
    return CodeTerms.read(document).inForce();
  }

  /** {@code email}: the address. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    var address = brought.getOrDefault("email", Secret.of("")).reveal().strip();
    return address.isEmpty()
        ? new Brought.Unfit("email", "Missing required property: email")
        : new Brought.Ready(Secret.of(Json.write(new Document(address))));
  }

  @Override
  public Optional<Secret> forOwnAddress() {
    return Optional.of(Secret.of(Json.write(new Document(null))));
  }

  @Override
  public boolean isUsable(Holder holder, Enrolment active) {
    return Document.of(active).address(holder).isPresent();
  }

  @Override
  public boolean isSetUpByPeople() {
    return false;
  }

  /** First four of the local part and of the domain, as Auth0's API masks addresses; nothing of the account's own. */
  @Override
  public Map<String, Object> shown(Enrolment enrolment) {
    var address = Document.of(enrolment).address();
    if (address == null) {
      return Map.of();
    }
    int at = address.lastIndexOf('@');
    var name = address.substring(0, at);
    var domain = address.substring(at + 1);
    int seen = Math.min(4, domain.length());
    return Map.of(
        "email",
        (name.length() <= 4 ? "" : name.substring(0, 4))
            + "****@"
            + domain.substring(0, seen)
            + "*".repeat(domain.length() - seen));
  }

  /** The account's own is told anyway. */
  @Override
  public Optional<String> mailAddress(Enrolment enrolment) {
    return Optional.ofNullable(Document.of(enrolment).address());
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var terms = CodeTerms.read(scene.settings());
    var to = Document.of(mine.getFirst()).address(scene.holder()).orElseThrow();
    var memo = new Memo(terms.draw(entropy).reveal(), to);
    return new Posed(
        Secret.of(Json.write(memo)),
        terms.lasts(),
        Optional.of(new Dispatch.Mail(to, Secret.of(memo.answer()), terms.lasts())),
        memo.prompt());
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    return Memo.read(memo).prompt();
  }

  /** The question is what is used up: the server adds that it is answered once. */
  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    if (memo.isEmpty() || mine.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var asked = Memo.read(memo.get());
    if (Document.of(mine.getFirst()).address(scene.holder()).filter(asked.to()::equals).isEmpty()) {
      // It went to an address that was theirs then.
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var typed = answer.digits(asked.answer().length());
    if (typed.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    return typed.equals(Secret.of(asked.answer()))
        ? new Verdict.Accepted(mine.getFirst(), new Claim.Repeatable(), PROFILE.evidence())
        : new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_INVALID));
  }

  /** For people: what is needed to recognise an address of one's own. */
  static String masked(String address) {
    int at = address.lastIndexOf('@');
    return address.substring(0, Math.min(1, at)) + "•••" + address.substring(at);
  }

  // An admin brings the address; nobody sets it up.

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    throw new IllegalStateException("codes by mail are given by an admin");
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    throw new IllegalStateException("codes by mail are given by an admin");
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    throw new IllegalStateException("codes by mail are given by an admin");
  }
}
