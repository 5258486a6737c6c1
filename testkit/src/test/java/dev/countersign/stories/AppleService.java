package dev.countersign.stories;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import tools.jackson.databind.JsonNode;

/**
 * Apple's push service on a loopback port: TLS, HTTP/2 and nothing older, and as strict as the real one about tokens, headers
 * and the size and form of what is sent.
 */
final class AppleService implements AutoCloseable {
  static final String TEAM = "DEF123GHIJ";
  static final String KEY_ID = "ABC123DEFG";
  static final String TOPIC = "com.example.acme";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Server server = new Server();
  private final ServerConnector connector;
  private final KeyStore identity;
  private final KeyStore provider;
  private final KeyPair keys;
  private final InstantSource clock;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger certified = new AtomicInteger();
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  /** What it took for a phone. */
  record Taken(String device, String body, String expiration) {}

  AppleService(InstantSource clock, Path folder) {
    this.clock = clock;
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.keys = generator.generateKeyPair();
      this.identity = made(folder, "apple", "CN=localhost", "san=dns:localhost,ip:127.0.0.1");
      this.provider =
          made(
              folder,
              "provider",
              "UID=" + TOPIC + ",CN=Apple Push Services: " + TOPIC,
              "eku=clientAuth");
      this.connector = listening();
      server.setHandler(
          new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
              answer(request, response, callback);
              return true;
            }
          });
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("no push service", e);
    }
  }

  /** A certificate by the JDK's own tool. */
  private static KeyStore made(Path folder, String alias, String name, String extension)
      throws Exception {
    var file = folder.resolve(alias + ".p12");
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                tool,
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                name,
                "-ext",
                extension)
            .redirectErrorStream(true)
            .start();
    made.getInputStream().readAllBytes();
    made.waitFor();
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store;
  }

  private ServerConnector listening() {
    var tls = new SslContextFactory.Server();
    tls.setKeyStore(identity);
    tls.setKeyStorePassword(new String(PASSWORD));
    tls.setTrustStore(provider);
    tls.setWantClientAuth(true);
    tls.setEndpointIdentificationAlgorithm(null);
    var http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    var alpn = new ALPNServerConnectionFactory("h2");
    alpn.setDefaultProtocol("h2");
    var made =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(http));
    made.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(made);
    return made;
  }

  String url() {
    return "https://localhost:" + connector.getLocalPort();
  }

  /** What trusts it. */
  TrustManager[] trust() {
    try {
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(identity);
      return managers.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key that its owner downloads, in PEM. */
  String key() {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(keys.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----";
  }

  /** The certificate that its owner downloads, with its key and without a password, in base 64. */
  String certificate() {
    return withoutPassword(provider, "provider");
  }

  /** Another one, that Apple never gave out. */
  String strangeCertificate() {
    return withoutPassword(identity, "apple");
  }

  private static String withoutPassword(KeyStore from, String alias) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          alias, from.getKey(alias, PASSWORD), new char[0], from.getCertificateChain(alias));
      var out = new ByteArrayOutputStream();
      store.store(out, new char[0]);
      return Base64.getEncoder().encodeToString(out.toByteArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many requests came with its certificate and without a token. */
  int certified() {
    return certified.get();
  }

  List<Taken> taken() {
    return List.copyOf(taken);
  }

  List<String> refused() {
    return List.copyOf(refused);
  }

  /** How many different provider tokens it has seen. */
  int tokens() {
    return tokens.size();
  }

  /** The app was removed from that phone. */
  void uninstalls(String device) {
    gone.add(device);
  }

  private void answer(Request request, Response response, Callback callback) throws Exception {
    var body = Content.Source.asString(request, StandardCharsets.UTF_8);
    var refusal = refusal(request, body);
    if (refusal == null) {
      response.setStatus(200);
      callback.succeeded();
      return;
    }
    refused.add(refusal.reason());
    response.setStatus(refusal.status());
    Content.Sink.write(
        response, true, Json.write(Json.object().put("reason", refusal.reason())), callback);
  }

  private record Refusal(int status, String reason) {}

  private @org.jspecify.annotations.Nullable Refusal refusal(Request request, String body)
      throws GeneralSecurityException {
    var headers = request.getHeaders();
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
      return new Refusal(505, "HTTP/2 is needed");
    }
    var path = request.getHttpURI().getPath();
    if (!request.getMethod().equals("POST")) {
      return new Refusal(405, "MethodNotAllowed");
    }
    if (!path.startsWith("/3/device/")) {
      return new Refusal(404, "BadPath");
    }
    var device = path.substring("/3/device/".length());
    if (!device.matches("[0-9a-f]{64}")) {
      return new Refusal(400, "BadDeviceToken");
    }
    var authorization = String.valueOf(headers.get("authorization"));
    if (authorization.startsWith("bearer ")) {
      var token = judged(authorization.substring(7));
      if (token != null) {
        return token;
      }
      tokens.add(authorization);
    } else if (isCertified(request)) {
      certified.incrementAndGet();
    } else {
      return new Refusal(403, "MissingProviderToken");
    }
    if (!TOPIC.equals(headers.get("apns-topic"))) {
      return new Refusal(400, "TopicDisallowed");
    }
    if (!Set.of("alert", "background").contains(String.valueOf(headers.get("apns-push-type")))) {
      return new Refusal(400, "InvalidPushType");
    }
    if (!Set.of("1", "5", "10").contains(String.valueOf(headers.get("apns-priority")))) {
      return new Refusal(400, "BadPriority");
    }
    var expiration = String.valueOf(headers.get("apns-expiration"));
    if (!expiration.matches("[0-9]{1,12}")) {
      return new Refusal(400, "BadExpirationDate");
    }
    if (String.valueOf(headers.get("apns-collapse-id")).length() > 64) {
      return new Refusal(400, "BadCollapseId");
    }
    if (body.length() > 4096 || !Json.tree(body).path("aps").isObject()) {
      return new Refusal(400, "PayloadEmpty");
    }
    if ("alert".equals(headers.get("apns-push-type")) && !isShown(Json.tree(body))) {
      return new Refusal(400, "nothing to show");
    }
    if (gone.contains(device)) {
      return new Refusal(410, "Unregistered");
    }
    taken.add(new Taken(device, body, expiration));
    return null;
  }

  /** Whether there is a text, or the name of one that the app has. */
  private static boolean isShown(JsonNode body) {
    var alert = body.at("/aps/alert");
    return !alert.path("body").asString("").isEmpty()
        || !alert.path("loc-key").asString("").isEmpty();
  }

  /** Whether the connection showed the certificate that was given out for this app. */
  private boolean isCertified(Request request) throws GeneralSecurityException {
    return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
            instanceof EndPoint.SslSessionData session
        && session.peerCertificates() != null
        && session.peerCertificates().length > 0
        && session.peerCertificates()[0].equals(provider.getCertificate("provider"));
  }

  private @org.jspecify.annotations.Nullable Refusal judged(String token) {
    try {
      var jwt = SignedJWT.parse(token);
      var claims = jwt.getJWTClaimsSet();
      if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256)
          || !KEY_ID.equals(jwt.getHeader().getKeyID())
          || !TEAM.equals(claims.getIssuer())
          || !jwt.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic()))) {
        return new Refusal(403, "InvalidProviderToken");
      }
      var age = Duration.between(claims.getIssueTime().toInstant(), clock.instant());
      return age.isNegative() || age.compareTo(Duration.ofHours(1)) > 0
          ? new Refusal(403, "ExpiredProviderToken")
          : null;
    } catch (ParseException | JOSEException e) {
      return new Refusal(403, "InvalidProviderToken");
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
