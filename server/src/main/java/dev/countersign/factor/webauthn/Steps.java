package dev.countersign.factor.webauthn;

import static dev.countersign.factor.Refusal.Reason.BACKUP_STATE_INCONSISTENT;
import static dev.countersign.factor.Refusal.Reason.CHALLENGE_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.CROSS_ORIGIN;
import static dev.countersign.factor.Refusal.Reason.ORIGIN_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.RESPONSE_MALFORMED;
import static dev.countersign.factor.Refusal.Reason.RP_ID_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.TOP_ORIGIN_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.TYPE_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.USER_NOT_PRESENT;
import static dev.countersign.factor.Refusal.Reason.USER_NOT_VERIFIED;

import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import dev.countersign.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The steps that registering and answering share (WebAuthn Level 3 sections 7.1 and 7.2). */
final class Steps {
  private Steps() {}

  /** What the browser says it was asked, and by whom (7.1 steps 5 to 12, 7.2 steps 9 to 15). */
  static void clientData(byte[] json, String type, Question question, List<String> origins)
      throws Refused {
    try {
      var it = Json.parse(json);
      Refused.unless(it.path("type").asString("").equals(type), TYPE_MISMATCH);
      Refused.unless(
          MessageDigest.isEqual(
              it.path("challenge").asString("").getBytes(StandardCharsets.UTF_8),
              question.challenge().getBytes(StandardCharsets.UTF_8)),
          CHALLENGE_MISMATCH);
      // Whole, letter by letter (13.4.9): no part of an origin means anything by itself.
      Refused.unless(origins.contains(it.path("origin").asString("")), ORIGIN_MISMATCH);
      // Our pages are in no frame of others, so neither is any ceremony of ours.
      var cross = it.path("crossOrigin");
      Refused.unless(
          cross.isMissingNode() || (cross.isBoolean() && !cross.booleanValue()), CROSS_ORIGIN);
      Refused.unless(it.path("topOrigin").isMissingNode(), TOP_ORIGIN_MISMATCH);
    } catch (Json.Malformed _) {
      throw new Refused(RESPONSE_MALFORMED);
    }
  }

  /** What the authenticator says (7.1 steps 14 to 18, 7.2 steps 16 to 19). */
  static void authenticator(AuthenticatorData<?> data, Question question) throws Refused {
    Refused.unless(
        MessageDigest.isEqual(
            data.getRpIdHash(), sha256(question.relyingParty().getBytes(StandardCharsets.UTF_8))),
        RP_ID_MISMATCH);
    Refused.unless(data.isFlagUP(), USER_NOT_PRESENT);
    Refused.unless(data.isFlagUV() || !question.verified(), USER_NOT_VERIFIED);
    Refused.unless(data.isFlagBE() || !data.isFlagBS(), BACKUP_STATE_INCONSISTENT);
  }

  static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
