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
 * @param named whether the answer has to say whose it is, since nobody was known when it was put
 */
record Question(String challenge, String relyingParty, boolean verified, boolean named) {
  static Question fresh(Entropy entropy, String relyingParty, boolean verified) {
    return new Question(Credential.text(entropy.bytes(32)), relyingParty, verified, false);
  }

  /** To whoever is there. */
  static Question toAnybody(Entropy entropy, String relyingParty) {
    return new Question(Credential.text(entropy.bytes(32)), relyingParty, false, true);
  }

  static Question read(Secret memo) {
    return Json.read(memo.reveal(), Question.class);
  }

  Secret write() {
    return Secret.of(Json.write(this));
  }
}
