package dev.countersign.hosted;

import dev.countersign.enforcement.Because;
import dev.countersign.enrolment.SetUp;
import dev.countersign.factor.Answer;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.hosted.view.BackupCodesPage;
import dev.countersign.hosted.view.CodeSetupPage;
import dev.countersign.hosted.view.CredentialSetupPage;
import dev.countersign.hosted.view.DetailsPage;
import dev.countersign.hosted.view.ElsewherePage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.PairingPage;
import dev.countersign.hosted.view.TotpSetupPage;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.web.Messages;
import dev.countersign.web.Params;
import dev.countersign.web.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What pages of a sign-in and the person's own page share: a factor being set up, backup codes, a new password. */
public final class SharedPages {
  /** Why nothing is sent for as long as nobody changes something. */
  private static final Set<String> HELD_BACK =
      Set.of("push_paused", "country_not_allowed", "pumping");

  private SharedPages() {}

  /** How a page of setting up stands among the others. */
  public record Ways(boolean phone, @Nullable String changeUrl, @Nullable String otherUrl) {}

  /**
   * The page on which a factor is set up.
   *
   * @param name what the person calls it
   */
  public static Page setUp(
      FactorProfile profile, Frame frame, SetUp.UnderWay underWay, String name, Ways ways) {
    return switch (underWay.prompt()) {
      case Prompt.SharedKey(var uri, var key, var issuer, var label, var shape) ->
          new TotpSetupPage(
              frame,
              profile.words(),
              QrDrawing.of(uri),
              inFours(key),
              uri,
              issuer + ": " + label,
              name,
              shape.digits(),
              ways.phone(),
              underWay.renewed(),
              ways.otherUrl());
      case Prompt.Code(var shape, var sentTo, var again) ->
          new CodeSetupPage(
              frame,
              profile.words(),
              sentTo.orElse(null),
              shape.digits(),
              again,
              frame.text().has(profile.words() + ".setup.change") ? ways.changeUrl() : null,
              ways.otherUrl());
      case Prompt.Pairing(var address, var ticket, var answered, var every, var app) -> {
        var uri =
            underWay
                .id()
                .filter(_ -> !ticket.isEmpty())
                .map(id -> address + "#" + id.value() + "." + ticket.reveal())
                .orElse("");
        yield new PairingPage(
            frame,
            profile.words(),
            uri.isEmpty() ? null : QrDrawing.of(uri),
            uri,
            ways.phone(),
            answered,
            Math.toIntExact(every.toSeconds()),
            underWay.renewed(),
            app.map(it -> new PairingPage.App(it.name(), it.apple(), it.google())).orElse(null),
            ways.otherUrl());
      }
      case Prompt.Approval _ ->
          throw new IllegalStateException(
              profile.id() + " asks for what only a challenge asks for");
      case Prompt.Credential credential ->
          new CredentialSetupPage(
              frame, profile.words(), credential.options(), name, ways.otherUrl());
      case Prompt.Elsewhere(var address, var goesOn, var again) ->
          new ElsewherePage(
              frame,
              profile.words() + ".setup",
              null,
              address.orElse(null),
              goesOn,
              again,
              null,
              ways.otherUrl());
      case Prompt.Details(var fields) ->
          new DetailsPage(
              frame,
              profile.words(),
              fields.stream().map(SharedPages::field).toList(),
              ways.otherUrl());
    };
  }

  private static DetailsPage.Field field(Prompt.Details.Field field) {
    return new DetailsPage.Field(
        field.name(),
        field.value(),
        field.type().equals("text") ? "off" : field.type(),
        field.type());
  }

  /** What a person sent, for a factor to pick from. */
  public static Answer answer(Params form) {
    var fields = new HashMap<String, Secret>();
    form.names().forEach(name -> fields.put(name, Secret.of(form.text(name))));
    return new Answer(fields);
  }

  /** Says that nobody has answered yet, where the factor has words for that. */
  public static Frame notYet(Frame frame, String words) {
    var own = words + ".challenge.pending";
    return frame.text().has(own) ? frame.saying(Notice.Tone.WARNING, own) : frame;
  }

  /** What somebody brings along who comes back from elsewhere; nothing when they do not. */
  public static Optional<Answer> broughtBack(Request request) {
    return request
        .query()
        .one("answer")
        .map(answer -> new Answer(Map.of("answer", Secret.of(answer))));
  }

  /** Says that it was sent again, in the factor's words where it has some. */
  static Frame sentAgain(Frame frame, String words) {
    var own = words + ".challenge.sent_again";
    return frame.saying(Notice.Tone.SUCCESS, frame.text().has(own) ? own : "challenge.sent_again");
  }

  /** Why a second proof is asked, in words that give no threshold away. */
  static String reason(Messages text, Because because, @Nullable String application) {
    return switch (because.reason()) {
      case RISK ->
          text.text(
              because.signals().stream()
                  .map(signal -> "reason." + signal)
                  .filter(text::has)
                  .findFirst()
                  .orElse("reason.unusual"));
      case VERIFY_EMAIL_FIRST -> text.text("reason.verify_email");
      case STEP_UP -> text.text("reason.sensitive");
      case POLICY_REQUIRES -> text.text("reason.policy");
      case ENROLLED -> text.text("reason.enrolled");
      default ->
          application == null
              ? text.text("reason.sensitive")
              : text.text("reason.application", application);
    };
  }

  /** Says what stopped the browser; it does not tell a cancelled prompt from one that ran out, and neither do we. */
  public static Frame stopped(Frame frame, String error) {
    var key = "credential.stopped." + error.toLowerCase(Locale.ROOT);
    return frame.saying(
        Notice.Tone.PROBLEM,
        error.matches("[A-Za-z]{1,40}") && frame.text().has(key)
            ? key
            : "credential.stopped.notallowederror");
  }

  /** The same where nobody was known yet: a name can be typed instead, and nothing went wrong. */
  static Frame stoppedFirst(Frame frame, String error) {
    return error.equals("SecurityError")
        ? stopped(frame, error)
        : frame.saying(Notice.Tone.INFORMATION, "identifier.passkey_stopped");
  }

  /** Says that nothing could be sent, and when it can be tried again. */
  public static Frame unsent(Frame frame, String reason, Optional<String> clock) {
    var key = "unsent." + reason;
    if (clock.isPresent()) {
      return frame.saying(Notice.Tone.PROBLEM, "unsent.too_often", clock.get());
    }
    return frame.saying(
        Notice.Tone.PROBLEM, frame.text().has(key) ? key : "unsent.provider_failed");
  }

  /** How that is answered: 429 where it was held back, 503 where somebody should have sent it and did not. */
  public static int unsentStatus(String reason, Optional<Moment> until) {
    return until.isPresent() || HELD_BACK.contains(reason) ? 429 : 503;
  }

  private static String inFours(String key) {
    return key.replaceAll("(.{4})(?=.)", "$1 ");
  }

  /** Marks the code as wrong. While setting up nobody guesses, so what is wrong is told exactly. */
  public static Frame wrong(Frame frame, String words, String typed, Refusal why) {
    var own = words + ".setup." + why.reason().word();
    if (frame.text().has(own)) {
      return frame.wrong("code", own);
    }
    return switch (why.reason()) {
      case CODE_MALFORMED ->
          frame.wrong("code", typed.isBlank() ? "code.missing" : "code.malformed");
      case CODE_REUSED -> frame.wrong("code", "code.used");
      case CREDENTIAL_ALREADY_REGISTERED ->
          frame.saying(Notice.Tone.PROBLEM, "credential.registered");
      case MODEL_NOT_ALLOWED, ATTESTATION_INVALID, ATTESTATION_UNTRUSTED ->
          frame.saying(Notice.Tone.PROBLEM, "credential.model");
      case USER_NOT_VERIFIED -> frame.saying(Notice.Tone.PROBLEM, "credential.unverified");
      case RESPONSE_MALFORMED,
          TYPE_MISMATCH,
          CHALLENGE_MISMATCH,
          ORIGIN_MISMATCH,
          CROSS_ORIGIN,
          TOP_ORIGIN_MISMATCH,
          RP_ID_MISMATCH,
          USER_NOT_PRESENT,
          BACKUP_STATE_INCONSISTENT,
          BACKUP_ELIGIBILITY_CHANGED,
          ALGORITHM_NOT_OFFERED,
          CREDENTIAL_ID_TOO_LONG,
          CREDENTIAL_ID_MISMATCH,
          CREDENTIAL_UNKNOWN,
          USER_HANDLE_MISMATCH,
          SIGNATURE_INVALID,
          COUNTER_REGRESSED,
          DECLINED,
          CANCELLED,
          SERVICE_FAILED ->
          frame.saying(Notice.Tone.PROBLEM, "credential.refused");
      case CODE_INVALID, CODE_EXPIRED, NUMBER_MISSING, NUMBER_INVALID, NUMBER_UNREACHABLE ->
          frame.wrong("code", "code.wrong");
      case CLOCK_DRIFT -> {
        long ahead = Long.parseLong(why.hints().getOrDefault("seconds", "0"));
        yield frame.wrong(
            "code", ahead < 0 ? "code.clock_slow" : "code.clock_fast", Math.abs(ahead));
      }
    };
  }

  /** The set of backup codes that a form of theirs names; nothing when that could not be the name of one. */
  public static Optional<EnrolmentId> set(Request request) {
    return request
        .form()
        .one("set")
        .filter(value -> value.matches("[a-z0-9_]{1,32}"))
        .map(EnrolmentId::new);
  }

  /** The page that shows new backup codes, once. */
  public static BackupCodesPage codes(
      Frame frame,
      BackupCodesPage.Occasion occasion,
      EnrolmentId set,
      List<Secret> codes,
      String account,
      Reader reader) {
    return new BackupCodesPage(
        frame,
        occasion,
        set.value(),
        codes.stream().map(Secret::reveal).toList(),
        account,
        reader.date(reader.now()));
  }

  /** Says what is wrong with a new password. */
  public static Frame unfit(
      Frame frame, String field, Secret typed, PasswordRuling.Reason why, PasswordRules rules) {
    if (typed.isEmpty()) {
      return frame.wrong(field, "new_password.missing");
    }
    return switch (why) {
      case TOO_SHORT -> frame.wrong(field, why.messageKey(), rules.minimum());
      case TOO_LONG -> frame.wrong(field, why.messageKey(), PasswordRules.MAXIMUM);
      case UNUSABLE_CHARACTER, COMMON, ABOUT_YOU, PATTERN -> frame.wrong(field, why.messageKey());
    };
  }
}
