package dev.countersign.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * Google on a loopback port, as far as phones are woken by it: it gives tokens to service accounts (RFC 7523) and takes
 * messages (Firebase Cloud Messaging, HTTP v1). As strict as the real one about signatures, times, names and forms.
 * Thread-safe.
 */
public final class GoogleSink implements AutoCloseable {
  private static final AtomicLong ACCOUNTS = new AtomicLong();
  private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

  private final HttpServer server;
  private final KeyPair keys;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final Map<String, Given> tokens = new ConcurrentHashMap<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  private record Given(Account to, Instant until) {}

  /** A project with a service account. */
  public final class Account {
    private final String project;
    private final String email;
    private final InstantSource clock;
    private final AtomicInteger asked = new AtomicInteger();
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    private Account(String project, InstantSource clock) {
      this.project = project;
      this.email = "push@" + project + ".iam.gserviceaccount.com";
      this.clock = clock;
    }

    /** The file that its owner downloads. */
    public String file() {
      var pem =
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'})
                  .encodeToString(keys.getPrivate().getEncoded())
              + "\n-----END PRIVATE KEY-----\n";
      return Json.write(
          Json.object()
              .put("type", "service_account")
              .put("project_id", project)
              .put("private_key_id", "key-of-" + project)
              .put("private_key", pem)
              .put("client_email", email)
              .put("token_uri", "https://oauth2.googleapis.com/token"));
    }

    /** How many tokens it was given. */
    public int asked() {
      return asked.get();
    }

    /** What was taken for its phones, oldest first. */
    public List<JsonNode> messages() {
      return List.copyOf(messages);
    }

    /** The app was removed from that phone. */
    public void uninstalls(String registration) {
      gone.add(registration);
    }
  }

  /** Something about a request that Google would not stand. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    Unfit(int status, String code) {
      super(code);
      this.status = status;
      this.code = code;
    }
  }

  @FunctionalInterface
  private interface Desk {
    JsonNode hear(HttpExchange exchange, String body) throws Unfit;
  }

  private GoogleSink(HttpServer server, KeyPair keys) {
    this.server = server;
    this.keys = keys;
    server.createContext("/token", it -> answer(it, this::token));
    server.createContext("/v1/projects/", it -> answer(it, this::message));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Listens on a free port. */
  public static GoogleSink open() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new GoogleSink(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50),
          generator.generateKeyPair());
    } catch (IOException e) {
      throw new UncheckedIOException("no port for pushes", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * A new project.
   *
   * @param clock by which its assertions are judged
   */
  public Account account(InstantSource clock) {
    var account = new Account("project-" + ACCOUNTS.incrementAndGet(), clock);
    accounts.put(account.email, account);
    return account;
  }

  /** Why requests were refused, oldest first. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  private void answer(HttpExchange exchange, Desk desk) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      int status = 200;
      String text;
      try {
        must(exchange.getRequestMethod().equals("POST"), 405, "METHOD");
        text = Json.write(desk.hear(exchange, body));
      } catch (Unfit unfit) {
        refused.add(unfit.code);
        status = unfit.status;
        var detail =
            Json.object()
                .put("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError")
                .put("errorCode", unfit.code);
        var error = Json.object().put("code", status);
        error.putArray("details").add(detail);
        var said = Json.object();
        said.set("error", error);
        text = Json.write(said);
      }
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void must(boolean fits, int status, String code) throws Unfit {
    if (!fits) {
      throw new Unfit(status, code);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  private JsonNode token(HttpExchange exchange, String body) throws Unfit {
    must(
        header(exchange, "Content-Type").startsWith("application/x-www-form-urlencoded"),
        400,
        "invalid_request");
    Map<String, String> form = new HashMap<>();
    for (var field : body.split("&", -1)) {
      var pair = field.split("=", 2);
      form.put(
          URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
          URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    must(
        form.getOrDefault("grant_type", "").equals("urn:ietf:params:oauth:grant-type:jwt-bearer"),
        400,
        "unsupported_grant_type");
    try {
      var jwt = SignedJWT.parse(form.getOrDefault("assertion", ""));
      var claims = jwt.getJWTClaimsSet();
      var account = accounts.get(String.valueOf(claims.getIssuer()));
      if (account == null) {
        throw new Unfit(400, "invalid_grant: account not found");
      }
      var now = account.clock.instant();
      must(
          jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.RS256)
              && ("key-of-" + account.project).equals(jwt.getHeader().getKeyID())
              && jwt.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic())),
          400,
          "invalid_grant: Invalid JWT Signature.");
      must(claims.getAudience().equals(List.of(url() + "/token")), 400, "invalid_grant: audience");
      must(SCOPE.equals(claims.getStringClaim("scope")), 400, "invalid_scope");
      var issued = claims.getIssueTime().toInstant();
      var ends = claims.getExpirationTime().toInstant();
      must(
          !issued.isAfter(now.plusSeconds(60))
              && ends.isAfter(now)
              && !ends.isAfter(issued.plus(Duration.ofHours(1))),
          400,
          "invalid_grant: not a short-lived token");
      int number = account.asked.incrementAndGet();
      var value = "ya29." + account.project + "." + number;
      tokens.put(value, new Given(account, now.plusSeconds(3_599)));
      return Json.object()
          .put("access_token", value)
          .put("expires_in", 3_599)
          .put("token_type", "Bearer");
    } catch (ParseException | JOSEException e) {
      throw new Unfit(400, "invalid_grant: " + e.getMessage());
    }
  }

  private JsonNode message(HttpExchange exchange, String body) throws Unfit {
    var given = tokens.get(header(exchange, "Authorization").replaceFirst("^Bearer ", ""));
    if (given == null) {
      throw new Unfit(401, "THIRD_PARTY_AUTH_ERROR");
    }
    var account = given.to();
    must(account.clock.instant().isBefore(given.until()), 401, "THIRD_PARTY_AUTH_ERROR");
    must(
        exchange
            .getRequestURI()
            .getPath()
            .equals("/v1/projects/" + account.project + "/messages:send"),
        403,
        "SENDER_ID_MISMATCH");
    must(header(exchange, "Content-Type").startsWith("application/json"), 400, "INVALID_ARGUMENT");
    JsonNode sent;
    try {
      sent = Json.parse(body.getBytes(StandardCharsets.UTF_8));
    } catch (Json.Malformed e) {
      throw new Unfit(400, "INVALID_ARGUMENT");
    }
    onlyHas(sent, "message", "validate_only");
    var message = sent.path("message");
    onlyHas(message, "token", "data", "android", "notification", "apns", "webpush");
    for (var value : message.path("data")) {
      must(value.isString(), 400, "INVALID_ARGUMENT: data holds texts");
    }
    onlyHas(message.path("notification"), "title", "body", "image");
    for (var value : message.path("notification")) {
      must(value.isString(), 400, "INVALID_ARGUMENT: a notification holds texts");
    }
    var android = message.path("android");
    onlyHas(android, "priority", "ttl", "collapse_key", "data", "notification");
    must(
        Set.of("NORMAL", "HIGH").contains(android.path("priority").asString("NORMAL"))
            && android.path("ttl").asString("0s").matches("\\d+(\\.\\d+)?s"),
        400,
        "INVALID_ARGUMENT");
    var registration = message.path("token").asString("");
    must(!registration.isEmpty(), 400, "INVALID_ARGUMENT");
    must(!account.gone.contains(registration), 404, "UNREGISTERED");
    account.messages.add(message);
    return Json.object().put("name", "projects/" + account.project + "/messages/0");
  }

  private static void onlyHas(JsonNode node, String... names) throws Unfit {
    var others = new ArrayList<>(node.propertyNames());
    others.removeAll(Set.of(names));
    must(others.isEmpty(), 400, "INVALID_ARGUMENT: unknown " + others);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
