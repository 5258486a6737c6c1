package dev.countersign.factor.backupcodes;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import dev.countersign.proof.Spendables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Ten codes of 14 characters, 70 random bits each, or one of 24 that an admin hands out. What is kept is their Argon2id hash under the set's own salt, and of
 * that only a keyed digest: below 112 bits a plain hash would not do (SP 800-63B-4 section 3.1.2.2).
 */
public final class BackupCodes implements RecoveryCodes {
  private static final int HOW_MANY = 10;
  private static final int LENGTH = 14;

  /** Of a code that an admin hands out by the Management API. */
  private static final int LONG = 24;

  /** Crockford's base 32: no i, l, o, u; those typed by mistake are read as the digits they look like. */
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  /** As dear as a password's: see the decision record on the password hash. */
  private static final Argon2id.Cost COST = new Argon2id.Cost(7168, 5);

  private static final FactorProfile PROFILE =
      new FactorProfile(
          new FactorId("recovery-code"),
          "recovery-code",
          "recovery-code",
          FactorProfile.Audience.RECOVERY,
          Evidence.of(ProofKind.HAS, "otp"),
          FactorProfile.Memory.NONE,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          1,
          Duration.ofMinutes(10),
          900,
          new FactorProfile.Look("codes", "sheet", 0));

  private final Entropy entropy;

  public BackupCodes(Entropy entropy) {
    this.entropy = entropy;
  }

  /** What is kept of a set: its salt, in base64url. */
  record Document(String salt) {
    byte[] bytes() {
      return Base64.getUrlDecoder().decode(salt);
    }
  }

  @Override
  public FactorProfile profile() {
    return PROFILE;
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.recovery();
  }

  @Override
  public Issue issue() {
    var salt = entropy.bytes(16);
    var shown = new ArrayList<Secret>(HOW_MANY);
    var values = new ArrayList<Secret>(HOW_MANY);
    for (int i = 0; i < HOW_MANY; i++) {
      var piece = piece(salt);
      shown.add(piece.shown());
      values.add(piece.value());
    }
    return new Issue(document(salt), List.copyOf(shown), List.copyOf(values));
  }

  @Override
  public Issue issueOne() {
    var salt = entropy.bytes(16);
    var code = entropy.text(LONG, ALPHABET);
    return new Issue(
        document(salt),
        List.of(Secret.of(code.toUpperCase(Locale.ROOT))),
        List.of(value(Secret.of(code), salt)));
  }

  private static Secret document(byte[] salt) {
    return Secret.of(
        Json.write(new Document(Base64.getUrlEncoder().withoutPadding().encodeToString(salt))));
  }

  @Override
  public Piece another(Secret document) {
    return piece(Json.read(document.reveal(), Document.class).bytes());
  }

  private Piece piece(byte[] salt) {
    var code = entropy.text(LENGTH, ALPHABET);
    return new Piece(
        Secret.of(code.substring(0, 4) + "-" + code.substring(4, 9) + "-" + code.substring(9)),
        value(Secret.of(code), salt));
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    return Posed.plainly(Prompt.Code.of(Prompt.Shape.ANY));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    var typed = typed(answer);
    if (typed.isEmpty() || mine.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    var set = mine.getFirst();
    var salt = Json.read(set.document().reveal(), Document.class).bytes();
    var claim = new Claim.Spends(Spendables.Kind.BACKUP_CODE, set.id().value(), value(typed, salt));
    return new Verdict.Accepted(set, claim, PROFILE.evidence());
  }

  /** Sets are issued, not set up step by step. */
  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    throw new IllegalStateException("backup codes are issued");
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    throw new IllegalStateException("backup codes are issued");
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    throw new IllegalStateException("backup codes are issued");
  }

  private static Secret value(Secret code, byte[] salt) {
    return Secret.of(
        Base64.getEncoder().encodeToString(Argon2id.best().hash(code.bytes(), salt, COST, 32)));
  }

  /** The code in the alphabet it was made of; empty when what was typed cannot be one. */
  private static Secret typed(Answer answer) {
    var text =
        answer
            .field("code")
            .reveal()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[\\s-]", "")
            .replace('o', '0')
            .replace('i', '1')
            .replace('l', '1');
    return (text.length() == LENGTH || text.length() == LONG)
            && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)
        ? Secret.of(text)
        : Secret.of("");
  }
}
