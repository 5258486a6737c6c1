package dev.countersign.factor.custom;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Callout;
import dev.countersign.outbound.Outcome;
import dev.countersign.outbound.StandardWebhooks;
import dev.countersign.proof.Claim;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service of the tenant's that reaches the person and judges what they answer. It is called twice: to start, after the
 * question was kept, and to check. Nothing but {@code "verified": true} in a JSON object with status 200 lets anybody in.
 */
final class Webhook implements Factor {
  private static final Duration NOT_YET = Duration.ofSeconds(3);
  private static final String ANY_CODE = "[\\x21-\\x7e]{1,64}";

  private final FactorProfile profile;
  private final Definition definition;
  private final Callout callout;
  private final Entropy entropy;

  Webhook(FactorProfile profile, Definition definition, Callout callout, Entropy entropy) {
    this.profile = profile;
    this.definition = definition;
    this.callout = callout;
    this.entropy = entropy;
  }

  /**
   * What is kept of a question.
   *
   * @param question by which the service knows it
   */
  private record Memo(String question) {
    static Memo read(Secret memo) {
      return Json.read(memo.reveal(), Memo.class);
    }
  }

  /** What a question is put for. */
  private enum Purpose {
    SIGN_IN("sign-in"),
    SET_UP("set-up");

    private final String word;

    Purpose(String word) {
      this.word = word;
    }
  }

  @Override
  public FactorProfile profile() {
    return profile;
  }

  @Override
  public Optional<Secret> forEverybody() {
    return definition.enrolment() ? Optional.empty() : Optional.of(Secret.of("{}"));
  }

  @Override
  public Optional<Brought.Unfit> unfit(String settings, List<String> origins) {
    boolean fits;
    try {
      fits = callout.mayName(URI.create(Service.read(settings).url()));
    } catch (IllegalArgumentException _) {
      fits = false;
    }
    return fits
        ? Optional.empty()
        : Optional.of(
            new Brought.Unfit(
                "webhook.url",
                "Has to be an HTTPS URL at a public address, or one that the operator allows (outbound.allow)"));
  }

  // Setting up

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    return new Opening.Begun(Secret.of("{}"), ask(scene, Purpose.SET_UP));
  }

  @Override
  public Posed poseEnrolment(Scene scene, Enrolment pending) {
    return ask(scene, Purpose.SET_UP);
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return prompt();
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    return switch (judged(scene, memo, answer, Purpose.SET_UP)) {
      case Judgement.Right _ ->
          new Finish.Confirmed(pending.document(), new Claim.Repeatable(), profile.evidence(), "");
      case Judgement.Pending _ -> new Finish.NotYet(NOT_YET);
      case Judgement.Refused(var why) -> new Finish.Refused(why);
    };
  }

  /** An admin says that the service knows the person. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    return new Brought.Ready(Secret.of("{}"));
  }

  // Answering

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    return ask(scene, Purpose.SIGN_IN);
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    return prompt();
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    return switch (judged(scene, memo, answer, Purpose.SIGN_IN)) {
      case Judgement.Right _ when !mine.isEmpty() ->
          new Verdict.Accepted(mine.getFirst(), new Claim.Repeatable(), profile.evidence());
      case Judgement.Right _ -> new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
      case Judgement.Pending _ -> new Verdict.NotYet(NOT_YET);
      case Judgement.Refused(var why) -> new Verdict.Refused(why);
    };
  }

  private boolean byCode() {
    return definition.answer() == Definition.AnsweredBy.CODE;
  }

  private Prompt prompt() {
    return byCode()
        ? new Prompt.Code(new Prompt.Shape(definition.codeLength()), Optional.empty(), true)
        : Prompt.Elsewhere.onAnotherDevice();
  }

  private Posed ask(Scene scene, Purpose purpose) {
    var question = "cq_" + entropy.token(128);
    var service = Service.read(scene.settings());
    var lasts = Duration.ofSeconds(definition.lastsSeconds());
    var about =
        about(scene, question, purpose).put("expires_at", scene.moment().plus(lasts).toString());
    return new Posed(
        Secret.of(Json.write(new Memo(question))),
        lasts,
        Optional.of(
            new Dispatch.Hook(
                service.uri(),
                "start_" + question,
                service.good(scene.moment()),
                Secret.of(event("factor.challenge.start", scene, about)),
                timeout())),
        prompt());
  }

  private Duration timeout() {
    return Duration.ofSeconds(definition.timeoutSeconds());
  }

  private ObjectNode about(Scene scene, String question, Purpose purpose) {
    ObjectNode about =
        Json.object()
            .put("challenge", question)
            .put("factor", profile.id().value())
            .put("purpose", purpose.word)
            .put("user_id", scene.holder().user().value())
            .put("user_name", scene.holder().label());
    return about
        .put("application", scene.asking().application())
        .put("address", scene.asking().address())
        .put("user_agent", scene.asking().userAgent());
  }

  private static String event(String type, Scene scene, ObjectNode about) {
    ObjectNode event = Json.object().put("type", type).put("timestamp", scene.moment().toString());
    event.set("data", about);
    return Json.write(event);
  }

  /** What a service says of an answer. */
  private sealed interface Judgement {
    record Right() implements Judgement {}

    record Pending() implements Judgement {}

    record Refused(Refusal why) implements Judgement {}
  }

  private Judgement judged(Scene scene, Optional<Secret> memo, Answer answer, Purpose purpose) {
    if (memo.isEmpty()) {
      return refused(Refusal.Reason.CODE_EXPIRED);
    }
    var code = byCode() ? code(answer) : Secret.of("");
    if (byCode() && code.isEmpty()) {
      return refused(Refusal.Reason.CODE_MALFORMED);
    }
    var question = Memo.read(memo.get()).question();
    var about = about(scene, question, purpose);
    if (byCode()) {
      about.put("code", code.reveal());
    }
    var service = Service.read(scene.settings());
    var call =
        Call.json(service.uri(), event("factor.challenge.check", scene, about))
            .with(Call.IDEMPOTENCY_KEY, key(question, code));
    return switch (callout.send(
        StandardWebhooks.signed(
            call, key(question, code), scene.moment(), service.good(scene.moment())),
        timeout())) {
      case Outcome.Answered(var status, var text) when status == 200 -> read(text);
      case Outcome.Answered(var status, var _) -> failed("status_" + status);
      case Outcome.Unanswered(var why) -> failed(why.word());
    };
  }

  private Secret code(Answer answer) {
    if (definition.codeLength() > 0) {
      return answer.digits(definition.codeLength());
    }
    var typed = answer.field("code").reveal().strip();
    return Secret.of(typed.matches(ANY_CODE) ? typed : "");
  }

  /**
   * The same for the same answer to the same question, so that a service may answer a message that comes twice as it did the
   * first time; where there is no code every look is another one.
   */
  private String key(String question, Secret code) {
    return "check_"
        + (code.isEmpty() ? entropy.token(128) : digest(question + " " + code.reveal()));
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails closed: whatever is not the agreed word is no word at all. */
  private Judgement read(String text) {
    JsonNode said;
    try {
      said = Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (Json.Malformed _) {
      return failed("malformed");
    }
    var verified = said.isObject() ? said.get("verified") : null;
    if (verified == null || !verified.isBoolean()) {
      return failed("malformed");
    }
    if (verified.booleanValue()) {
      return new Judgement.Right();
    }
    if (isTrue(said, "denied")) {
      return refused(Refusal.Reason.DECLINED);
    }
    return isTrue(said, "pending") && !byCode()
        ? new Judgement.Pending()
        : refused(Refusal.Reason.CODE_INVALID);
  }

  private static boolean isTrue(JsonNode said, String name) {
    var value = said.get(name);
    return value != null && value.isBoolean() && value.booleanValue();
  }

  private static Judgement refused(Refusal.Reason reason) {
    return new Judgement.Refused(Refusal.of(reason));
  }

  private static Judgement failed(String cause) {
    return new Judgement.Refused(
        new Refusal(Refusal.Reason.SERVICE_FAILED, Map.of("cause", cause)));
  }
}
