package dev.countersign.factor.push;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import dev.countersign.factor.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * What a phone says. One signature (ECDSA on P-256 with SHA-256, in the form of IEEE P1363, as WebCrypto makes it) covers
 * all of it and the tenant's origin, so that no part can be carried elsewhere.
 *
 * @param what the verb
 * @param device which device speaks
 * @param question to which question; empty when to none
 * @param answer the number typed, or the ticket of a pairing; empty where none is wanted
 * @param at the phone's clock, in milliseconds
 * @param attachment a JSON document, or empty
 * @param signature base64url
 */
record Said(
    String what,
    String device,
    String question,
    String answer,
    long at,
    String attachment,
    String signature) {
  private static final int LONGEST = 4096;

  static Optional<Said> read(Answer said) {
    var at = text(said, "at");
    if (!at.matches("[0-9]{1,15}")
        || said.fields().values().stream().anyMatch(it -> it.reveal().length() > LONGEST)) {
      return Optional.empty();
    }
    return Optional.of(
        new Said(
            text(said, "what"),
            text(said, "device"),
            text(said, "question"),
            text(said, "answer"),
            Long.parseLong(at),
            text(said, "attachment"),
            text(said, "signature")));
  }

  private static String text(Answer said, String name) {
    return said.field(name).reveal();
  }

  /** Whether the holder of this key said it, to this site. */
  boolean isSignedBy(String spki, String origin) {
    var key = key(spki);
    if (key.isEmpty() || origin.isEmpty()) {
      return false;
    }
    try {
      var check = Signature.getInstance("SHA256withECDSAinP1363Format");
      check.initVerify(key.get());
      check.update(signed(origin).getBytes(StandardCharsets.UTF_8));
      return check.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }

  private String signed(String origin) {
    return String.join(
        "\n",
        "countersign-approver-1",
        origin,
        what,
        device,
        question,
        answer,
        String.valueOf(at),
        digest(attachment));
  }

  /** A public key on P-256 in the form of SubjectPublicKeyInfo, base64url; nothing when it is anything else. */
  static Optional<ECPublicKey> key(String spki) {
    try {
      var spec = new X509EncodedKeySpec(Base64.getUrlDecoder().decode(spki));
      var curve = Curve.P_256.toECParameterSpec();
      return KeyFactory.getInstance("EC").generatePublic(spec) instanceof ECPublicKey key
              && key.getParams().getOrder().equals(curve.getOrder())
              && ECChecks.isPointOnCurve(key, curve)
          ? Optional.of(key)
          : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String digest(String text) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
