package dev.countersign.factor.totp;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scriptable;
import dev.countersign.kernel.Base32;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Authenticator apps: a code of six digits that changes every 30 seconds (RFC 6238), unless a tenant's settings say
 * otherwise.
 *
 * <p>A code is accepted for its own time step and the one before and after it, so for three periods at most; and each step
 * once, which the ledger sees to (RFC 6238 section 5.2).
 */
public final class Totp implements Factor, Scriptable.Codes {
  private static final int KEY_BYTES = 20; // 160 bits, as RFC 4226 section 4 (R6) recommends.
  private static final int DIGITS = 6;
  private static final int PERIOD = 30;
  private static final int WINDOW = 1;

  /** How far off a clock may be for the set-up page to say so: 10 minutes. */
  private static final int HORIZON = 20;

  private static final FactorProfile PROFILE =
      new FactorProfile(
          new FactorId("otp"),
          "otp",
          "totp",
          FactorProfile.Audience.EVERYONE,
          Evidence.of(ProofKind.HAS, "otp"),
          FactorProfile.Memory.NONE,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          5,
          Duration.ofMinutes(10),
          20,
          new FactorProfile.Look("totp", "phone", 2));

  private final Entropy entropy;
  private final FactorProfile profile;

  public Totp(Entropy entropy) {
    this(entropy, PROFILE);
  }

  /** The same as a factor of another name. */
  public Totp(Entropy entropy, FactorProfile profile) {
    this.entropy = entropy;
    this.profile = profile;
  }

  /** What a tenant has set of the codes of keys made from now on; those made before stay as they are. */
  private record Settings(int digits, int period, OneTimeCodes.Algorithm algorithm) {
    /** Nothing where it does not fit what apps can do. */
    static Optional<Settings> read(String document) {
      var set = Json.tree(document);
      int digits = set.path("digits").asInt(DIGITS);
      int period = set.path("period").asInt(PERIOD);
      var wanted = set.path("algorithm").asString(OneTimeCodes.Algorithm.SHA1.name());
      return Stream.of(OneTimeCodes.Algorithm.values())
          .filter(it -> it.name().equals(wanted))
          .filter(_ -> digits >= 6 && digits <= 8 && period >= 15 && period <= 120)
          .map(algorithm -> new Settings(digits, period, algorithm))
          .findFirst();
    }

    Document document(byte[] key) {
      return new Document(Base32.encode(key), algorithm, digits, period);
    }
  }

  /** What is kept of one: the key in base 32 (RFC 4648 section 6), and how codes are made from it. */
  record Document(String key, OneTimeCodes.Algorithm algorithm, int digits, int period) {
    static Document read(Secret document) {
      return Json.read(document.reveal(), Document.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }
  }

  @Override
  public FactorProfile profile() {
    return profile;
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.otp();
  }

  @Override
  public Optional<Brought.Unfit> unfit(String settings, List<String> origins) {
    return Settings.read(settings).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Brought.Unfit(
                "totp",
                "Codes have 6 to 8 digits and last 15 to 120 seconds; SHA1, SHA256, SHA512"));
  }

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    var document = Settings.read(scene.settings()).orElseThrow().document(entropy.bytes(KEY_BYTES));
    return new Opening.Begun(document.write(), Posed.plainly(key(scene, document)));
  }

  /** {@code totp_secret}: the key in base 32. Apps of the first years have keys of 80 bits; shorter ones were never in use. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    return bring("{}", brought);
  }

  /** For codes as the tenant has set them. */
  @Override
  public Brought bring(String settings, Map<String, Secret> brought) {
    var typed = brought.getOrDefault("totp_secret", Secret.of(""));
    byte[] key;
    try {
      key = Base32.decode(typed.reveal());
    } catch (IllegalArgumentException _) {
      key = new byte[0];
    }
    return key.length >= 10 && key.length <= 64
        ? new Brought.Ready(Settings.read(settings).orElseThrow().document(key).write())
        : new Brought.Unfit("totp_secret", "A key of 80 to 512 bits in base 32 is needed");
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return key(scene, Document.read(pending.document()));
  }

  /** With the key as an otpauth URI, in the form that authenticator apps have agreed on. */
  private static Prompt key(Scene scene, Document it) {
    var issuer = scene.site().name();
    var label = scene.holder().label();
    var uri =
        "otpauth://totp/"
            + encoded(issuer)
            + ":"
            + encoded(label)
            + "?secret="
            + it.key()
            + "&issuer="
            + encoded(issuer)
            + "&algorithm="
            + it.algorithm()
            + "&digits="
            + it.digits()
            + "&period="
            + it.period();
    return new Prompt.SharedKey(uri, it.key(), issuer, label, new Prompt.Shape(it.digits()));
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    var it = Document.read(pending.document());
    var typed = answer.digits(it.digits());
    if (typed.isEmpty()) {
      return new Finish.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    var step = match(it, typed, scene.moment(), WINDOW);
    return step.isPresent()
        ? new Finish.Confirmed(
            pending.document(),
            new Claim.Advances(pending.id(), step.getAsLong()),
            profile.evidence(),
            "")
        : new Finish.Refused(driftOrInvalid(it, typed, scene.moment()));
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var lengths = mine.stream().mapToInt(it -> Document.read(it.document()).digits()).distinct();
    int[] all = lengths.toArray();
    return Posed.plainly(
        Prompt.Code.of(all.length == 1 ? new Prompt.Shape(all[0]) : Prompt.Shape.ANY));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    Verdict last = new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_INVALID));
    for (var enrolment : mine) {
      last = check(enrolment, answer, scene.moment());
      if (last instanceof Verdict.Accepted) {
        return last;
      }
    }
    return last;
  }

  /** A wrong one as well, for which some forty codes of each key are made to say how far off its clock is. */
  @Override
  public boolean judgesAtOnce() {
    return true;
  }

  private Verdict check(Enrolment enrolment, Answer answer, Moment moment) {
    var it = Document.read(enrolment.document());
    var typed = answer.digits(it.digits());
    if (typed.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    var step = match(it, typed, moment, WINDOW);
    return step.isPresent()
        ? new Verdict.Accepted(
            enrolment, new Claim.Advances(enrolment.id(), step.getAsLong()), profile.evidence())
        : new Verdict.Refused(driftOrInvalid(it, typed, moment));
  }

  @Override
  public boolean isScripted(Enrolment enrolment) {
    return true;
  }

  @Override
  public Secret answer(Enrolment enrolment, Moment moment) {
    var it = Document.read(enrolment.document());
    long step = Math.floorDiv(moment.seconds(), it.period());
    return Secret.of(OneTimeCodes.at(Base32.decode(it.key()), step, it.digits(), it.algorithm()));
  }

  @Override
  public Moment changes(Enrolment enrolment, Moment moment) {
    int period = Document.read(enrolment.document()).period();
    return Moment.ofSeconds((Math.floorDiv(moment.seconds(), period) + 1) * period);
  }

  /** The highest time step within the window whose code this is, so that an accepted code also ends those before it. */
  private static OptionalLong match(Document it, Secret typed, Moment moment, int window) {
    long now = Math.floorDiv(moment.seconds(), it.period());
    var key = Base32.decode(it.key());
    for (long step = now + window; step >= now - window; step--) {
      if (step >= 0
          && Secret.of(OneTimeCodes.at(key, step, it.digits(), it.algorithm())).equals(typed)) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  private static Refusal driftOrInvalid(Document it, Secret typed, Moment moment) {
    var far = match(it, typed, moment, HORIZON);
    if (far.isEmpty()) {
      return Refusal.of(Refusal.Reason.CODE_INVALID);
    }
    long seconds = far.getAsLong() * it.period() + it.period() / 2 - moment.seconds();
    return new Refusal(Refusal.Reason.CLOCK_DRIFT, Map.of("seconds", String.valueOf(seconds)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
