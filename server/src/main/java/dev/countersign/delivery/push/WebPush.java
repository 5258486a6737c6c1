package dev.countersign.delivery.push;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.kernel.Moment;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A push message as it goes over the wire: encrypted to the browser (RFC 8291), and signed for the push service (RFC 8292). */
final class WebPush {
  private static final int RECORD = 4096;
  private static final int COORDINATE = 32;

  private WebPush() {}

  /** The point of a key, uncompressed (X9.62): 65 bytes. */
  static byte[] point(ECKey key) {
    var point = ByteBuffer.allocate(1 + 2 * COORDINATE).put((byte) 4);
    return point.put(padded(key.getX())).put(padded(key.getY())).array();
  }

  private static byte[] padded(Base64URL coordinate) {
    var bytes = coordinate.decode();
    var padded = new byte[COORDINATE];
    System.arraycopy(bytes, 0, padded, COORDINATE - bytes.length, bytes.length);
    return padded;
  }

  /** The key of that point; nothing when it lies on another curve or on none. */
  static Optional<ECKey> key(byte[] point) {
    if (point.length != 1 + 2 * COORDINATE || point[0] != 4) {
      return Optional.empty();
    }
    var x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE));
    var y = new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE, point.length));
    return ECChecks.isPointOnCurve(x, y, Curve.P_256.toECParameterSpec())
        ? Optional.of(
            new ECKey.Builder(
                    Curve.P_256,
                    Base64URL.encode(Arrays.copyOfRange(point, 1, 1 + COORDINATE)),
                    Base64URL.encode(Arrays.copyOfRange(point, 1 + COORDINATE, point.length)))
                .build())
        : Optional.empty();
  }

  /**
   * The body, in the content coding aes128gcm (RFC 8188) with the keys of RFC 8291 section 3.4.
   *
   * @param browser the subscription's public key
   * @param auth its authentication value, 16 bytes
   * @param ours a key pair made for this message
   * @param salt 16 random bytes
   */
  static byte[] encrypted(byte[] text, ECKey browser, byte[] auth, ECKey ours, byte[] salt) {
    try {
      var agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(ours.toECPrivateKey());
      PublicKey theirs = browser.toECPublicKey();
      agreement.doPhase(theirs, true);
      var shared = agreement.generateSecret();
      var info = new ByteArrayOutputStream();
      info.writeBytes("WebPush: info\0".getBytes(StandardCharsets.US_ASCII));
      info.writeBytes(point(browser));
      info.writeBytes(point(ours));
      var material = expand(mac(auth, shared), info.toByteArray(), 32);
      var extracted = mac(salt, material);
      var contentKey = expand(extracted, label("aes128gcm"), 16);
      var nonce = expand(extracted, label("nonce"), 12);
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(contentKey, "AES"),
          new GCMParameterSpec(128, nonce));
      var record = Arrays.copyOf(text, text.length + 1);
      record[text.length] = 2; // The delimiter of the last record.
      var sealed = cipher.doFinal(record);
      var point = point(ours);
      return ByteBuffer.allocate(salt.length + 4 + 1 + point.length + sealed.length)
          .put(salt)
          .putInt(RECORD)
          .put((byte) point.length)
          .put(point)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("a push message could not be encrypted", e);
    }
  }

  private static byte[] label(String coding) {
    return ("Content-Encoding: " + coding + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] mac(byte[] key, byte[] text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text);
  }

  /** One block of HKDF-Expand (RFC 5869 section 2.3), which is all that is needed here. */
  private static byte[] expand(byte[] key, byte[] info, int length)
      throws GeneralSecurityException {
    var block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return Arrays.copyOf(mac(key, block), length);
  }

  /** The value of {@code Authorization} (RFC 8292 section 3). */
  static String authorization(
      ServerKeys.ServerKey key, String audience, String subject, Moment now) {
    var claims =
        new JWTClaimsSet.Builder()
            .audience(audience)
            .subject(subject)
            .expirationTime(Date.from(now.plus(Duration.ofHours(12)).instant()))
            .build();
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build(), claims);
    try {
      jwt.sign(new ECDSASigner(key.pair()));
    } catch (JOSEException e) {
      throw new IllegalStateException("a push message could not be signed", e);
    }
    return "vapid t=" + jwt.serialize() + ", k=" + key.publicKey();
  }
}
