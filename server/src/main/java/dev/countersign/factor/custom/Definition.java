package dev.countersign.factor.custom;

import dev.countersign.factor.Factor.Brought;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.factor.FactorProfile.Memory;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant says of a factor of its own; addresses, keys and measures lie among the factor's settings, sealed. An
 * immutable value, kept as JSON.
 *
 * @param name what people read; {@code names} has it in other languages
 * @param line one line of explanation; {@code lines} has it in other languages
 * @param icon one of {@link #ICONS}
 * @param enrolment whether people set it up; otherwise everybody of the tenant has it
 * @param answer how a service is answered; of the other kinds it means nothing
 * @param codeLength how many digits a code has; 0 when it may be any text
 * @param timeoutSeconds how long a service may take for each call
 * @param lastsSeconds how long a question can be answered
 * @param givenUp whether nobody can use it any more: it is kept so that its name stays known and is never given again
 */
public record Definition(
    Kind kind,
    String name,
    Map<String, String> names,
    String line,
    Map<String, String> lines,
    String icon,
    Appearance appearance,
    Satisfies satisfies,
    boolean enrolment,
    AnsweredBy answer,
    int codeLength,
    int timeoutSeconds,
    int lastsSeconds,
    boolean givenUp) {

  /** What its name in ids and addresses looks like. */
  public static final String SLUG = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?";

  /** Those of the pages' drawings that can stand for a factor. */
  public static final List<String> ICONS =
      List.of(
          "phone",
          "fingerprint",
          "key",
          "chat",
          "sheet",
          "shield",
          "mail",
          "user",
          "globe",
          "laptop",
          "lock",
          "clock");

  private static final GuessLimits LIMITS =
      new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100);

  public Definition {
    names = Map.copyOf(names);
    lines = Map.copyOf(lines);
  }

  /** Who judges answers, and how they come. */
  public enum Kind {
    WEBHOOK,
    REDIRECT,
    TOTP,
    WEBAUTHN
  }

  /** Whether people find it by themselves. */
  public enum Appearance {
    PICKER,
    ADMIN_ONLY
  }

  /** What sort of proof it is. */
  public enum Satisfies {
    HAVE(ProofKind.HAS),
    ARE(ProofKind.IS),
    KNOW(ProofKind.KNOWS);

    private final ProofKind kind;

    Satisfies(ProofKind kind) {
      this.kind = kind;
    }
  }

  /** How a service is answered. */
  public enum AnsweredBy {
    /** By typing what it sent or shows. */
    CODE,
    /** By doing there what it asks for, and going on here. */
    CONFIRMATION
  }

  static Definition read(String document) {
    return Json.read(document, Definition.class);
  }

  public String write() {
    return Json.write(this);
  }

  /** The same when nobody can use it any more. */
  public Definition thatIsGivenUp() {
    return new Definition(
        kind,
        name,
        names,
        "",
        Map.of(),
        icon,
        Appearance.ADMIN_ONLY,
        satisfies,
        true,
        answer,
        codeLength,
        timeoutSeconds,
        lastsSeconds,
        true);
  }

  /** What does not go together. */
  public Optional<Brought.Unfit> unfit() {
    boolean ours = kind == Kind.TOTP || kind == Kind.WEBAUTHN;
    if (ours && satisfies != Satisfies.HAVE) {
      return unfit("satisfies", "Keys and codes made from keys are something that a person has");
    }
    if (ours && !enrolment) {
      return unfit("enrolment", "Without setting it up nobody would have a key");
    }
    if (!enrolment && appearance == Appearance.ADMIN_ONLY) {
      return unfit(
          "enrolment", "Everybody has it, so it cannot be for those whom an admin chooses");
    }
    return Optional.empty();
  }

  private static Optional<Brought.Unfit> unfit(String field, String why) {
    return Optional.of(new Brought.Unfit(field, why));
  }

  FactorProfile profile(FactorId id) {
    return new FactorProfile(
        id,
        id.value(),
        id.value(),
        appearance == Appearance.PICKER && enrolment ? Audience.EVERYONE : Audience.ADMIN_DRIVEN,
        evidence(id),
        switch (kind) {
          case TOTP -> Memory.NONE;
          case WEBAUTHN -> Memory.ONE_ANSWER;
          case WEBHOOK, REDIRECT -> Memory.UNTIL_RIGHT;
        },
        LIMITS,
        kind == Kind.TOTP || kind == Kind.WEBAUTHN ? 5 : 1,
        Duration.ofMinutes(10),
        kind == Kind.WEBAUTHN ? 12 : satisfies == Satisfies.KNOW ? 650 : 40,
        new FactorProfile.Look(id.value(), icon, kind == Kind.TOTP ? 2 : 1)
            .called(
                new FactorProfile.Called(like(), withUsual(names, name), withUsual(lines, line))));
  }

  /** Where no registered reference says it, the factor's own id does (RFC 8176 section 2). */
  private Evidence evidence(FactorId id) {
    return switch (kind) {
      case TOTP -> Evidence.of(ProofKind.HAS, "otp");
      case WEBAUTHN -> new Evidence(ProofKind.HAS, List.of("hwk", "user"), true, false);
      case WEBHOOK, REDIRECT -> Evidence.of(satisfies.kind, id.value());
    };
  }

  private String like() {
    return switch (kind) {
      case WEBHOOK -> answer == AnsweredBy.CODE ? "custom-code" : "custom-confirm";
      case REDIRECT -> "custom-redirect";
      case TOTP -> "custom-totp";
      case WEBAUTHN -> "custom-key";
    };
  }

  private static Map<String, String> withUsual(Map<String, String> byLanguage, String usual) {
    var all = new HashMap<>(byLanguage);
    all.put("", usual);
    return all;
  }
}
