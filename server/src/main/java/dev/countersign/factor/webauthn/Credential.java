package dev.countersign.factor.webauthn;

import dev.countersign.factor.Enrolment;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credential record (WebAuthn Level 3 section 4). Its signature counter is the enrolment's high-water mark.
 *
 * @param id of the credential, in base64url
 * @param key the public key in COSE form (RFC 9052 section 7), in base64url
 * @param aaguid the model, as it says of itself
 * @param eligible whether it may be copied to other devices; never changes
 * @param backedUp whether it was, when last seen
 * @param transports how it can be reached
 * @param handle by which it knows the person, in base64url
 * @param relyingParty the RP ID that it was made for
 * @param ours the private key (PKCS #8), in base64url, of one that the server made itself for a sandbox; null of all others
 */
record Credential(
    String id,
    String key,
    String aaguid,
    boolean eligible,
    boolean backedUp,
    List<String> transports,
    String handle,
    String relyingParty,
    @Nullable String ours) {
  Credential {
    transports = List.copyOf(transports);
  }

  /** One whose private key is its authenticator's. */
  Credential(
      String id,
      String key,
      String aaguid,
      boolean eligible,
      boolean backedUp,
      List<String> transports,
      String handle,
      String relyingParty) {
    this(id, key, aaguid, eligible, backedUp, transports, handle, relyingParty, null);
  }

  static Credential of(Enrolment enrolment) {
    return Json.read(enrolment.document().reveal(), Credential.class);
  }

  Secret write() {
    return Secret.of(Json.write(this));
  }

  Credential seen(boolean isBackedUp) {
    return new Credential(
        id, key, aaguid, eligible, isBackedUp, transports, handle, relyingParty, ours);
  }

  /** What nobody may register twice: its id, and its key under any id. */
  List<String> handles() {
    return List.of(handle(id), digest("key", key));
  }

  /** The one of them by which an answer is found. */
  static String handle(String id) {
    return digest("id", id);
  }

  private static String digest(String what, String base64) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(what.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return text(sha.digest(bytes(base64)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  boolean isCalled(byte[] credentialId) {
    return Arrays.equals(bytes(id), credentialId);
  }

  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static byte[] bytes(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }
}
