package dev.countersign.factor.webauthn;

import static dev.countersign.factor.Refusal.Reason.ALGORITHM_NOT_OFFERED;
import static dev.countersign.factor.Refusal.Reason.CREDENTIAL_ID_MISMATCH;
import static dev.countersign.factor.Refusal.Reason.CREDENTIAL_ID_TOO_LONG;
import static dev.countersign.factor.Refusal.Reason.MODEL_NOT_ALLOWED;
import static dev.countersign.factor.Refusal.Reason.RESPONSE_MALFORMED;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Scene;
import java.util.Arrays;
import java.util.List;

/**
 * A new credential that was found good (WebAuthn Level 3 section 7.1). That its id is nobody's yet (step 27) is seen to
 * where it is kept.
 *
 * @param verified whether the authenticator verified its user
 * @param counter the signature counter to begin with
 */
record Registration(Credential credential, boolean verified, long counter) {
  /** ES256, EdDSA, RS256, as we ask for them (RFC 9053 section 2, RFC 8812 section 2). */
  static final List<Integer> ALGORITHMS = List.of(-7, -8, -257);

  private static final int LONGEST_ID = 1023;

  static Registration verified(
      Scene scene, Settings settings, String handle, Question question, Answer answer)
      throws Refused {
    var response = Response.of(answer);
    var id = response.id();
    var clientData = response.clientData();
    Steps.clientData(clientData, "webauthn.create", question, scene.site().origins());
    var attestationObject = response.attestationObject();
    var data = Response.made(attestationObject);
    Steps.authenticator(data, question);
    var made = data.getAttestedCredentialData();
    if (made == null) {
      throw new Refused(RESPONSE_MALFORMED);
    }
    // Step 19.
    var algorithm = made.getCOSEKey().getAlgorithm();
    Refused.unless(
        algorithm != null && ALGORITHMS.contains(Math.toIntExact(algorithm.getValue())),
        ALGORITHM_NOT_OFFERED);
    // Step 26; and it is the one that the browser speaks of.
    Refused.unless(made.getCredentialId().length <= LONGEST_ID, CREDENTIAL_ID_TOO_LONG);
    Refused.unless(Arrays.equals(made.getCredentialId(), id), CREDENTIAL_ID_MISMATCH);
    var key = Response.written(made.getCOSEKey());
    Response.key(key);
    var aaguid = String.valueOf(made.getAaguid().getValue());
    Refused.unless(settings.allows(aaguid), MODEL_NOT_ALLOWED);
    // Steps 21 to 25. Where none is wanted, none is looked at, let alone trusted.
    if (settings.wantsAttestation()) {
      Attestation.verify(attestationObject, clientData, question, scene, settings);
    }
    return new Registration(
        new Credential(
            Credential.text(id),
            Credential.text(key),
            aaguid,
            data.isFlagBE(),
            data.isFlagBS(),
            response.transports(),
            handle,
            question.relyingParty()),
        data.isFlagUV(),
        data.getSignCount());
  }
}
