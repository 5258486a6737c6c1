package dev.countersign.factor.webauthn;

import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionAuthenticatorOutput;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Scriptable;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Authenticator and browser in one, for the keys that a sandbox made: signs as WebAuthn Level 3 sections 5.1.4 and 6.3.3 have them do. ES256
 * only.
 */
final class ScriptedKey {
  private static final int ID = 32;

  private ScriptedKey() {}

  /** A new one that knows the person by this handle. */
  static Credential make(Entropy entropy, String relyingParty, String handle, boolean synced) {
    var pair = pair();
    var key = EC2COSEKey.create((ECPublicKey) pair.getPublic(), COSEAlgorithmIdentifier.ES256);
    return new Credential(
        Credential.text(entropy.bytes(ID)),
        Credential.text(Response.written(key)),
        "00000000-0000-0000-0000-000000000000",
        synced,
        synced,
        List.of("internal"),
        handle,
        relyingParty,
        Credential.text(pair.getPrivate().getEncoded()));
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is part of every JDK", e);
    }
  }

  /**
   * The answer of this one.
   *
   * @param pkcs8 its private key, in base64url
   */
  static Scriptable.Signing sign(
      Enrolment enrolment, Credential credential, String pkcs8, Scriptable.Asked asked) {
    var options = Json.tree(asked.options());
    var challenge = options.path("challenge").asString("");
    if (challenge.isEmpty()) {
      return new Scriptable.Signing.Unfit("publicKey.challenge", "A challenge is needed");
    }
    var party = options.path("rpId").asString(credential.relyingParty());
    if (!party.equals(credential.relyingParty())) {
      return new Scriptable.Signing.Unfit(
          "publicKey.rpId", "This key is for " + credential.relyingParty());
    }
    if (!allows(options.path("allowCredentials"), credential)) {
      return new Scriptable.Signing.Unfit(
          "publicKey.allowCredentials", "This key is not among those that are asked for");
    }
    // One that never counted goes on so; one that a virtual authenticator counted with has to go
    // on.
    long counter = enrolment.highWater() > 0 ? enrolment.highWater() + 1 : 0;
    var data =
        Response.written(
            new AuthenticatorData<AuthenticationExtensionAuthenticatorOutput>(
                Steps.sha256(party.getBytes(StandardCharsets.UTF_8)),
                flags(credential, asked.verified()),
                counter));
    var client =
        Json.writeBytes(
            Json.object()
                .put("type", "webauthn.get")
                .put("challenge", challenge)
                .put("origin", asked.origin())
                .put("crossOrigin", false));
    var hash = Steps.sha256(client);
    var signed = Arrays.copyOf(data, data.length + hash.length);
    System.arraycopy(hash, 0, signed, data.length, hash.length);
    ObjectNode out =
        Json.object()
            .put("id", credential.id())
            .put("rawId", credential.id())
            .put("type", "public-key")
            .put("authenticatorAttachment", "platform");
    out.set(
        "response",
        Json.object()
            .put("clientDataJSON", Credential.text(client))
            .put("authenticatorData", Credential.text(data))
            .put("signature", Credential.text(signature(pkcs8, signed)))
            .put("userHandle", credential.handle()));
    out.set("clientExtensionResults", Json.object());
    return new Scriptable.Signing.Signed(Secret.of(Json.write(out)));
  }

  private static boolean allows(JsonNode asked, Credential credential) {
    if (!asked.isArray() || asked.isEmpty()) {
      return true;
    }
    for (var each : asked) {
      if (each.path("id").asString("").equals(credential.id())) {
        return true;
      }
    }
    return false;
  }

  private static byte flags(Credential credential, boolean verified) {
    int flags = AuthenticatorData.BIT_UP;
    flags |= verified ? AuthenticatorData.BIT_UV : 0;
    flags |= credential.eligible() ? AuthenticatorData.BIT_BE : 0;
    flags |= credential.backedUp() ? AuthenticatorData.BIT_BS : 0;
    return (byte) flags;
  }

  private static byte[] signature(String pkcs8, byte[] what) {
    try {
      var key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Credential.bytes(pkcs8)));
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(what);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of a sandbox cannot sign", e);
    }
  }
}
