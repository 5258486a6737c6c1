package dev.countersign.hosted;

import dev.countersign.enrolment.SetUp;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Refusal;
import dev.countersign.hosted.view.BackupCodesPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.TotpSetupPage;
import dev.countersign.kernel.Secret;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What pages of a sign-in and the person's own page share: a factor being set up, backup codes, a new password. */
public final class SharedPages {
  private SharedPages() {}

  /**
   * The page on which a factor is set up.
   *
   * @param phone whether the page is open on a phone
   * @param otherUrl where to choose another method; null where there is none
   */
  public static Page setUp(
      FactorProfile profile,
      Frame frame,
      SetUp.UnderWay underWay,
      String name,
      boolean phone,
      @Nullable String otherUrl) {
    return switch (FactorLook.of(profile)) {
      case AUTHENTICATOR -> authenticator(frame, underWay, name, phone, otherUrl);
      case CODES -> throw new IllegalStateException("backup codes are issued");
    };
  }

  private static TotpSetupPage authenticator(
      Frame frame, SetUp.UnderWay underWay, String name, boolean phone, @Nullable String otherUrl) {
    var exhibit = underWay.exhibit();
    var uri = shown(exhibit, "uri");
    return new TotpSetupPage(
        frame,
        QrDrawing.of(uri),
        inFours(shown(exhibit, "key")),
        uri,
        shown(exhibit, "issuer") + ": " + shown(exhibit, "label"),
        name,
        phone,
        underWay.renewed(),
        otherUrl);
  }

  private static String shown(Map<String, String> exhibit, String name) {
    return Objects.requireNonNull(exhibit.get(name), name);
  }

  private static String inFours(String key) {
    return key.replaceAll("(.{4})(?=.)", "$1 ");
  }

  /** Marks the code as wrong. While setting up nobody guesses, so what is wrong is told exactly. */
  public static Frame wrong(Frame frame, String typed, Refusal why) {
    return switch (why.reason()) {
      case CODE_MALFORMED ->
          frame.wrong("code", typed.isBlank() ? "code.missing" : "code.malformed");
      case CODE_REUSED -> frame.wrong("code", "code.used");
      case CODE_INVALID, CODE_EXPIRED -> frame.wrong("code", "code.wrong");
      case CLOCK_DRIFT -> {
        long ahead = Long.parseLong(why.hints().getOrDefault("seconds", "0"));
        yield frame.wrong(
            "code", ahead < 0 ? "code.clock_slow" : "code.clock_fast", Math.abs(ahead));
      }
    };
  }

  /** The page that shows new backup codes, once. */
  public static BackupCodesPage codes(
      Frame frame,
      BackupCodesPage.Occasion occasion,
      List<Secret> codes,
      String account,
      Reader reader) {
    return new BackupCodesPage(
        frame,
        occasion,
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
