package dev.countersign.factor.webauthn;

import static dev.countersign.factor.Refusal.Reason.BACKUP_ELIGIBILITY_CHANGED;
import static dev.countersign.factor.Refusal.Reason.COUNTER_REGRESSED;
import static dev.countersign.factor.Refusal.Reason.CREDENTIAL_UNKNOWN;
import static dev.countersign.factor.Refusal.Reason.SIGNATURE_INVALID;
import static dev.countersign.factor.Refusal.Reason.USER_HANDLE_MISMATCH;

import com.webauthn4j.data.attestation.authenticator.COSEKey;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Scene;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.List;
import java.util.Objects;

/**
 * A signature that was found good (WebAuthn Level 3 section 7.2).
 *
 * @param verified whether the authenticator verified its user
 * @param counter the signature counter; 0 where there is none
 */
record Assertion(
    Enrolment enrolment, Credential credential, boolean verified, boolean backedUp, long counter) {

  static Assertion verified(Scene scene, List<Enrolment> mine, Question question, Answer answer)
      throws Refused {
    var response = Response.of(answer);
    var id = response.id();
    // Steps 5 to 7: among those that were asked for, and the person's own.
    Enrolment enrolment = null;
    for (var each : mine) {
      if (Credential.of(each).isCalled(id)) {
        enrolment = each;
      }
    }
    if (enrolment == null) {
      throw new Refused(CREDENTIAL_UNKNOWN);
    }
    var credential = Credential.of(enrolment);
    // Step 6: whoever was not known before is known by this alone.
    var named = response.userHandle();
    Refused.unless(
        named.length == 0
            ? !question.named()
            : MessageDigest.isEqual(named, Credential.bytes(credential.handle())),
        USER_HANDLE_MISMATCH);
    var clientData = response.clientData();
    Steps.clientData(clientData, "webauthn.get", question, scene.site().origins());
    var authenticatorData = response.authenticatorData();
    var data = Response.authenticator(authenticatorData);
    Steps.authenticator(data, question);
    // Step 20: a key that could not leave its device cannot begin to.
    Refused.unless(data.isFlagBE() == credential.eligible(), BACKUP_ELIGIBILITY_CHANGED);
    // Steps 21 and 22.
    var signed = new ByteArrayOutputStream();
    signed.writeBytes(authenticatorData);
    signed.writeBytes(Steps.sha256(clientData));
    Refused.unless(
        isSigned(
            Response.key(Credential.bytes(credential.key())),
            signed.toByteArray(),
            response.signature()),
        SIGNATURE_INVALID);
    // Step 23: a counter that does not grow speaks of a copy (6.1.1).
    long counted = Math.max(0, enrolment.highWater());
    Refused.unless(
        data.getSignCount() > counted || (data.getSignCount() == 0 && counted == 0),
        COUNTER_REGRESSED);
    return new Assertion(
        enrolment, credential, data.isFlagUV(), data.isFlagBS(), data.getSignCount());
  }

  private static boolean isSigned(COSEKey key, byte[] signed, byte[] signature) {
    try {
      var algorithm =
          Signature.getInstance(
              Objects.requireNonNull(key.getAlgorithm()).toSignatureAlgorithm().getJcaName());
      algorithm.initVerify(Objects.requireNonNull(key.getPublicKey()));
      algorithm.update(signed);
      return algorithm.verify(signature);
    } catch (GeneralSecurityException _) {
      return false; // Not even the form of a signature.
    }
  }
}
