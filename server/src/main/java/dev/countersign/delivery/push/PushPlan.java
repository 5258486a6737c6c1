package dev.countersign.delivery.push;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * By which services a tenant's own app is woken, and with which accounts; the document is the push factor's settings.
 * Prints nothing of it, for it holds keys. Immutable as long as nobody changes the document.
 */
public final class PushPlan {
  private final ObjectNode document;

  public PushPlan(ObjectNode document) {
    this.document = document;
  }

  /** Who wakes native apps. */
  public enum Sender {
    /** Nobody: there is only the approver, which browsers' own services wake. */
    GUARDIAN,
    /** Amazon SNS, for both kinds of phones. */
    SNS,
    /** Google and Apple, each for theirs. */
    DIRECT
  }

  /**
   * An account of Google's (the file of a service account).
   *
   * @param keyId by which Google finds the public half
   */
  record Google(String project, String email, String keyId, Secret key) {}

  /**
   * An account of Apple's: a key for provider tokens, or a certificate.
   *
   * @param topic the app's bundle id
   * @param key empty where the certificate is shown instead
   * @param certificate PKCS #12 in base 64; empty where there is none
   */
  record Apple(
      String topic, boolean sandbox, String team, String keyId, Secret key, Secret certificate) {
    Optional<Identity> identity() {
      return key.isEmpty() ? Identity.ofPkcs12(certificate) : Optional.empty();
    }
  }

  /**
   * An account of Amazon's, and the applications made there; either may be empty.
   *
   * @param apple the ARN of the one for Apple's phones
   * @param google the ARN of the one for Google's
   */
  record Amazon(String region, String accessKeyId, Secret secret, String apple, String google) {}

  Sender sender() {
    return switch (document.path("provider").asString("")) {
      case "sns" -> Sender.SNS;
      case "direct" -> Sender.DIRECT;
      default -> Sender.GUARDIAN;
    };
  }

  Optional<Google> google() {
    return google(text("fcmv1", "server_credentials"));
  }

  /** What a service account's file says; nothing when it is none. */
  static Optional<Google> google(String file) {
    try {
      var it = Json.parse(file.getBytes(StandardCharsets.UTF_8));
      var key = Secret.of(it.path("private_key").asString(""));
      var google =
          new Google(
              it.path("project_id").asString(""),
              it.path("client_email").asString(""),
              it.path("private_key_id").asString(""),
              key);
      boolean whole =
          it.path("type").asString("").equals("service_account")
              && google.project().matches("[a-z0-9:.-]{1,100}")
              && !google.email().isEmpty()
              && rsa(key).isPresent();
      return whole ? Optional.of(google) : Optional.empty();
    } catch (Json.Malformed _) {
      return Optional.empty();
    }
  }

  /** Whether that is the file of a service account, with a key that can be used. */
  public static boolean isServiceAccount(String file) {
    return google(file).isPresent();
  }

  /** Whether that is a key of Apple's: P-256, in PEM. */
  public static boolean isAppleKey(String pem) {
    return ec(Secret.of(pem)).isPresent();
  }

  /** Whether that is a certificate with its key, in PKCS #12 without a password. */
  public static boolean isCertificate(String p12) {
    return Identity.ofPkcs12(Secret.of(p12)).isPresent();
  }

  /** By the key where there is a whole one, else by the certificate. */
  Optional<Apple> apple() {
    var key = Secret.of(text("apns", "auth_key"));
    boolean token =
        !text("apns", "team_id").isEmpty()
            && !text("apns", "key_id").isEmpty()
            && ec(key).isPresent();
    var apple =
        new Apple(
            text("apns", "bundle_id"),
            document.path("apns").path("sandbox").asBoolean(false),
            text("apns", "team_id"),
            text("apns", "key_id"),
            token ? key : Secret.of(""),
            Secret.of(text("apns", "p12")));
    return !apple.topic().isEmpty() && (token || apple.identity().isPresent())
        ? Optional.of(apple)
        : Optional.empty();
  }

  /** Whether there is nothing but a key of the interface that Google turned off in 2024. */
  public boolean hasOnlyLegacyKey() {
    return hasLegacyKey() && google().isEmpty() && apple().isEmpty();
  }

  boolean hasLegacyKey() {
    return !text("fcm", "server_key").isEmpty();
  }

  /** Whether Apple's phones could be woken by it. */
  public boolean reachesApple() {
    return apple().isPresent();
  }

  Optional<Amazon> amazon() {
    var amazon =
        new Amazon(
            text("sns", "aws_region"),
            text("sns", "aws_access_key_id"),
            Secret.of(text("sns", "aws_secret_access_key")),
            text("sns", "sns_apns_platform_application_arn"),
            text("sns", "sns_gcm_platform_application_arn"));
    return amazon.region().isEmpty() || amazon.accessKeyId().isEmpty() || amazon.secret().isEmpty()
        ? Optional.empty()
        : Optional.of(amazon);
  }

  private String text(String provider, String name) {
    return document.path(provider).path(name).asString("");
  }

  static Optional<RSAPrivateKey> rsa(Secret pem) {
    return key(pem, "RSA").filter(RSAPrivateKey.class::isInstance).map(RSAPrivateKey.class::cast);
  }

  static Optional<ECPrivateKey> ec(Secret pem) {
    return key(pem, "EC")
        .filter(ECPrivateKey.class::isInstance)
        .map(ECPrivateKey.class::cast)
        .filter(it -> it.getParams().getOrder().bitLength() == 256);
  }

  /** PKCS #8 in PEM (RFC 7468 section 10). */
  private static Optional<PrivateKey> key(Secret pem, String algorithm) {
    try {
      var lines =
          pem.reveal()
              .replace("-----BEGIN PRIVATE KEY-----", "")
              .replace("-----END PRIVATE KEY-----", "")
              .replaceAll("\\s", "");
      var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines));
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "PushPlan";
  }
}
