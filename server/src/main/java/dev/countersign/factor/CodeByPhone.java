package dev.countersign.factor;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A code that reaches a phone, for the sign-in and the purpose it was asked for, on the tenant's {@link CodeTerms}. Whoever is asked anew gets another code; the one before is worthless then. The factors that are so
 * differ in how the phone is reached, in their words and in what they are worth.
 */
public abstract class CodeByPhone implements Factor {
  private static final String PHONE = "phone";

  private final FactorProfile profile;
  private final Dispatch.Via via;
  private final Entropy entropy;

  protected CodeByPhone(FactorProfile profile, Dispatch.Via via, Entropy entropy) {
    this.profile = profile;
    this.via = via;
    this.entropy = entropy;
  }

  /**
   * What is kept of an enrolment.
   *
   * @param number in E.164
   */
  private record Document(String number) {
    static Document read(Secret document) {
      return Json.read(document.reveal(), Document.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }
  }

  /** What is kept of a code that was sent, both in one line; it is good only for the number that it went to. */
  private record Memo(Secret code, String number) {
    static Memo read(Secret memo) {
      var line = memo.reveal();
      int end = line.indexOf(' ');
      return new Memo(Secret.of(line.substring(0, end)), line.substring(end + 1));
    }

    Secret write() {
      return Secret.of(code.reveal() + " " + number);
    }
  }

  @Override
  public final FactorProfile profile() {
    return profile;
  }

  @Override
  public Map<String, Object> inForce(String document) {
    return CodeTerms.read(document).inForce();
  }

  /** Only where the tenant knows its people's phones and can reach them so. */
  @Override
  public boolean suits(Holder holder) {
    return holder.traits().containsKey(Holder.reached(via));
  }

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    if (given.isEmpty()) {
      return new Opening.Asks(
          details(shown(scene.holder().traits().getOrDefault(Holder.reached(via), ""))));
    }
    var typed = given.field(PHONE).reveal().strip();
    if (typed.isEmpty()) {
      return unfit(typed, Refusal.Reason.NUMBER_MISSING);
    }
    return switch (PhoneNumbers.read(typed, scene.site().locale(), via)) {
      case PhoneNumbers.Read.Invalid _ -> unfit(typed, Refusal.Reason.NUMBER_INVALID);
      case PhoneNumbers.Read.Unreachable _ -> unfit(typed, Refusal.Reason.NUMBER_UNREACHABLE);
      case PhoneNumbers.Read.Good(var number) ->
          new Opening.Begun(
              new Document(number).write(), posed(scene, number, PhoneNumbers.shown(number)));
    };
  }

  private static Opening unfit(String typed, Refusal.Reason why) {
    return new Opening.Unfit(
        details(typed.substring(0, Math.min(40, typed.length()))), PHONE, Refusal.of(why));
  }

  private static Prompt.Details details(String number) {
    return new Prompt.Details(List.of(new Prompt.Details.Field(PHONE, number, "tel")));
  }

  private static String shown(String number) {
    return number.isEmpty() ? "" : PhoneNumbers.shown(number);
  }

  /** All but the last four characters hidden, as Auth0's API masks numbers; and how the phone is reached. */
  @Override
  public Map<String, Object> shown(Enrolment enrolment) {
    var number = Document.read(enrolment.document()).number();
    int hidden = Math.max(0, number.length() - 4);
    return Map.of(
        "phone_number",
        "X".repeat(hidden) + number.substring(hidden),
        "preferred_authentication_method",
        via == Dispatch.Via.SMS ? "sms" : "voice");
  }

  @Override
  public Posed poseEnrolment(Scene scene, Enrolment pending) {
    var number = Document.read(pending.document()).number();
    return posed(scene, number, PhoneNumbers.shown(number));
  }

  /** While setting up, the person has just typed the number: shown whole, so that a slip is seen. */
  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return prompt(
        Memo.read(memo).code(), PhoneNumbers.shown(Document.read(pending.document()).number()));
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    var number = Document.read(pending.document()).number();
    var wrong = wrong(memo, number, answer);
    return wrong.isPresent()
        ? new Finish.Refused(wrong.get())
        : new Finish.Confirmed(
            pending.document(),
            new Claim.Repeatable(),
            profile.evidence(),
            PhoneNumbers.masked(number));
  }

  /** The message with the code says what the code approves. */
  @Override
  public Binding binding() {
    return Binding.TOLD;
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var number = Document.read(mine.getLast().document()).number();
    return posed(scene, number, PhoneNumbers.masked(number));
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    var sent = Memo.read(memo);
    return prompt(sent.code(), PhoneNumbers.masked(sent.number()));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    if (mine.isEmpty()) { // The number was removed while its question stood.
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var enrolment = mine.getLast();
    var wrong = wrong(memo, Document.read(enrolment.document()).number(), answer);
    return wrong.isPresent()
        ? new Verdict.Refused(wrong.get())
        : new Verdict.Accepted(enrolment, new Claim.Repeatable(), profile.evidence());
  }

  @Override
  public Optional<Dispatch> farewell(Enrolment leaving) {
    return via == Dispatch.Via.SMS
        ? Optional.of(new Dispatch.Farewell(Document.read(leaving.document()).number()))
        : Optional.empty();
  }

  /** A call from nobody who asks for nothing would be taken for anything but this. */
  @Override
  public Optional<Dispatch> warning(Enrolment active) {
    return via == Dispatch.Via.SMS
        ? Optional.of(new Dispatch.Warning(Document.read(active.document()).number()))
        : Optional.empty();
  }

  /** An admin brings the number that the person has been reached at: {@code phone_number} in E.164. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    var typed = brought.getOrDefault("phone_number", Secret.of("")).reveal();
    return typed.startsWith("+")
            && PhoneNumbers.read(typed, Locale.ROOT, via)
                instanceof PhoneNumbers.Read.Good(var number)
            && number.equals(typed)
        ? new Brought.Ready(new Document(number).write())
        : new Brought.Unfit("phone_number", "A number in E.164 that can be reached so is needed");
  }

  /** Why an answer is wrong; nothing when it is right. */
  private static Optional<Refusal> wrong(Optional<Secret> memo, String number, Answer answer) {
    if (memo.isEmpty()) {
      return Optional.of(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var sent = Memo.read(memo.get());
    var typed = answer.digits(sent.code().reveal().length());
    if (typed.isEmpty()) {
      return Optional.of(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    return sent.code().equals(typed) && sent.number().equals(number)
        ? Optional.empty()
        : Optional.of(Refusal.of(Refusal.Reason.CODE_INVALID));
  }

  private Posed posed(Scene scene, String number, String shown) {
    var terms = CodeTerms.read(scene.settings());
    var code = terms.draw(entropy);
    return new Posed(
        new Memo(code, number).write(),
        terms.lasts(),
        Optional.of(new Dispatch.Text(number, code, via)),
        prompt(code, shown));
  }

  private static Prompt prompt(Secret code, String shown) {
    return Prompt.Code.sent(new Prompt.Shape(code.reveal().length()), shown);
  }
}
