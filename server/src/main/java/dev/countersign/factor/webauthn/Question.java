package dev.countersign.factor.webauthn;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.Transaction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the server keeps of a ceremony: nothing that an answer says of itself is taken in its place.
 *
 * @param challenge 32 bytes in base64url: random, or where a transaction is to be approved the hash of random bytes and that
 * @param relyingParty the RP ID
 * @param verified whether the user has to be verified
 * @param named whether the answer has to say whose it is, since nobody was known when it was put
 * @param drawn the random bytes of a challenge that commits to a transaction; null of any other
 */
record Question(
    String challenge,
    String relyingParty,
    boolean verified,
    boolean named,
    @Nullable String drawn) {
  static Question fresh(Entropy entropy, String relyingParty, boolean verified) {
    return new Question(Credential.text(entropy.bytes(32)), relyingParty, verified, false, null);
  }

  /** To whoever is there. */
  static Question toAnybody(Entropy entropy, String relyingParty) {
    return new Question(Credential.text(entropy.bytes(32)), relyingParty, false, true, null);
  }

  /** Whose answer is a signature over this transaction, too. */
  static Question approving(
      Entropy entropy, String relyingParty, boolean verified, Transaction transaction) {
    var drawn = Credential.text(entropy.bytes(32));
    return new Question(commitment(drawn, transaction), relyingParty, verified, false, drawn);
  }

  /** Whether an answer approves this transaction and nothing else; null for an answer that approves none. */
  boolean commitsTo(@Nullable Transaction transaction) {
    return transaction == null
        ? drawn == null
        : drawn != null && challenge.equals(commitment(drawn, transaction));
  }

  /** The hash of 32 random bytes followed by the 32 bytes of the transaction's own hash. */
  private static String commitment(String drawn, Transaction transaction) {
    var random = Credential.bytes(drawn);
    var what = Credential.bytes(transaction.hash());
    var both = Arrays.copyOf(random, random.length + what.length);
    System.arraycopy(what, 0, both, random.length, what.length);
    return Credential.text(Steps.sha256(both));
  }

  static Question read(Secret memo) {
    return Json.read(memo.reveal(), Question.class);
  }

  Secret write() {
    return Secret.of(Json.write(this));
  }
}
