package dev.countersign.factor.webauthn;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;

/**
 * What the server keeps of a ceremony: nothing that an answer says of itself is taken in its place.
 *
 * @param challenge 32 random bytes, in base64url
 * @param relyingParty the RP ID
 * @param verified whether the user has to be verified
 */
record Question(String challenge, String relyingParty, boolean verified) {
  static Question fresh(Entropy entropy, String relyingParty, boolean verified) {
    return new Question(Credential.text(entropy.bytes(32)), relyingParty, verified);
  }

  static Question read(Secret memo) {
    return Json.read(memo.reveal(), Question.class);
  }

  Secret write() {
    return Secret.of(Json.write(this));
  }
}
