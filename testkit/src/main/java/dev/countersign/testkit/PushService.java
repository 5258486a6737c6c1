package dev.countersign.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A browser maker's push service (RFC 8030) on this machine, and the browser behind it, in one. As strict as the real ones:
 * it wants a TTL, the coding aes128gcm, and a signature by the key that the subscription was made for (RFC 8292); the
 * browser reads only what was encrypted to it (RFC 8291).
 */
public final class PushService implements AutoCloseable {
  private static final Pattern VAPID = Pattern.compile("vapid t=([^,\\s]+), ?k=([A-Za-z0-9_-]+)");
  private static final byte[] AUTH = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  private final InstantSource clock;
  private final String serverKey;
  private final ECKey browser;
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private volatile boolean forgotten;

  private PushService(InstantSource clock, String serverKey) {
    this.clock = clock;
    this.serverKey = serverKey;
    try {
      this.browser = new ECKeyGenerator(Curve.P_256).generate();
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/push/", this::pushed);
    server.start();
  }

  /**
   * With one subscription.
   *
   * @param serverKey for whom it was made
   */
  public static PushService subscribedFor(String serverKey, InstantSource clock) {
    return new PushService(clock, serverKey);
  }

  /** The subscription's push resource. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/push/subscription";
  }

  public String p256dh() {
    return base64url(point(browser));
  }

  public String auth() {
    return base64url(AUTH);
  }

  /** What the browser has read. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** Why messages were refused. */
  public List<String> refusals() {
    return List.copyOf(refusals);
  }

  /** Its owner has turned notifications off. */
  public void forget() {
    forgotten = true;
  }

  private void pushed(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      int status = forgotten ? 410 : judged(exchange, body);
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private int judged(HttpExchange exchange, byte[] body) {
    var headers = exchange.getRequestHeaders();
    var ttl = headers.getFirst("TTL");
    if (!exchange.getRequestMethod().equals("POST") || ttl == null || !ttl.matches("\\d+")) {
      return refused(400, "no TTL");
    }
    if (!"aes128gcm".equals(headers.getFirst("Content-Encoding")) || body.length > 4096) {
      return refused(400, "coding or size");
    }
    var vapid = VAPID.matcher(String.valueOf(headers.getFirst("Authorization")));
    if (!vapid.matches() || !vapid.group(2).equals(serverKey) || !signed(vapid.group(1))) {
      return refused(403, "not signed by whom the subscription is for");
    }
    try {
      messages.add(decrypted(body));
      return 201;
    } catch (GeneralSecurityException | JOSEException e) {
      return refused(400, "cannot be read: " + e);
    }
  }

  private int refused(int status, String why) {
    refusals.add(why);
    return status;
  }

  private boolean signed(String token) {
    try {
      var jwt = SignedJWT.parse(token);
      var claims = jwt.getJWTClaimsSet();
      var ends = claims.getExpirationTime().toInstant();
      Instant now = clock.instant();
      return jwt.verify(new ECDSAVerifier(key(Base64.getUrlDecoder().decode(serverKey))))
          && claims
              .getAudience()
              .equals(List.of("http://127.0.0.1:" + server.getAddress().getPort()))
          && claims.getSubject().matches("(https|mailto):.+")
          && ends.isAfter(now)
          && !ends.isAfter(now.plusSeconds(86_400));
    } catch (ParseException | JOSEException e) {
      return false;
    }
  }

  private String decrypted(byte[] body) throws GeneralSecurityException, JOSEException {
    var in = ByteBuffer.wrap(body);
    var salt = new byte[16];
    in.get(salt);
    int size = in.getInt();
    var sender = new byte[in.get() & 0xff];
    in.get(sender);
    var sealed = new byte[in.remaining()];
    in.get(sealed);
    if (sealed.length > size) {
      throw new GeneralSecurityException("more than one record");
    }
    var agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(browser.toECPrivateKey());
    agreement.doPhase(key(sender).toECPublicKey(), true);
    var info = new byte[14 + 65 + 65];
    ByteBuffer.wrap(info)
        .put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII))
        .put(point(browser))
        .put(sender);
    var material = derived(agreement.generateSecret(), AUTH, info, 32);
    var contentKey = derived(material, salt, coding("aes128gcm"), 16);
    var nonce = derived(material, salt, coding("nonce"), 12);
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(contentKey, "AES"),
        new GCMParameterSpec(128, nonce));
    var plain = cipher.doFinal(sealed);
    int end = plain.length - 1;
    while (plain[end] == 0) {
      end--;
    }
    if (plain[end] != 2) {
      throw new GeneralSecurityException("no delimiter of a last record");
    }
    return new String(Arrays.copyOf(plain, end), StandardCharsets.UTF_8);
  }

  private static byte[] coding(String name) {
    return ("Content-Encoding: " + name + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] derived(byte[] material, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract().addIKM(material).addSalt(salt).thenExpand(info, length));
  }

  private static ECKey key(byte[] point) {
    return new ECKey.Builder(
            Curve.P_256,
            Base64URL.encode(Arrays.copyOfRange(point, 1, 33)),
            Base64URL.encode(Arrays.copyOfRange(point, 33, 65)))
        .build();
  }

  private static byte[] point(ECKey key) {
    return ByteBuffer.allocate(65)
        .put((byte) 4)
        .put(key.getX().decode())
        .put(key.getY().decode())
        .array();
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
