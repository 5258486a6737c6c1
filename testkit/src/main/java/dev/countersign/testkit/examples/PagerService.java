package dev.countersign.testkit.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Brings codes to pagers, and judges them: a service for a custom factor of the kind webhook. */
public final class PagerService implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final InstantSource clock;
  private final HttpServer server;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> codes = new ConcurrentHashMap<>(); // by challenge
  private final Map<String, String> pagers = new ConcurrentHashMap<>(); // by user
  private volatile String secret = "";

  public PagerService(InstantSource clock) throws IOException {
    this.clock = clock;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/pager", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/pager";
  }

  /** The signing secret that Countersign showed once. */
  public void knows(String signingSecret) {
    this.secret = signingSecret;
  }

  /** What the pager of a user shows. */
  public Optional<String> pager(String userId) {
    return Optional.ofNullable(pagers.get(userId));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      if (!isSigned(exchange, body)) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      var event = JSON.readTree(body);
      var data = event.path("data");
      switch (event.path("type").asString("")) {
        case "factor.challenge.start" -> {
          start(data);
          exchange.sendResponseHeaders(204, -1);
        }
        case "factor.challenge.check" -> {
          var answer = "{\"verified\": " + check(data) + "}";
          exchange.getResponseHeaders().set("content-type", "application/json");
          exchange.sendResponseHeaders(200, answer.length());
          exchange.getResponseBody().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
        default -> exchange.sendResponseHeaders(400, -1);
      }
    }
  }

  /** The same message may come twice: its challenge keeps its code. */
  private void start(JsonNode data) {
    var code =
        codes.computeIfAbsent(
            data.path("challenge").asString(""), _ -> "%06d".formatted(random.nextInt(1_000_000)));
    pagers.put(data.path("user_id").asString(""), code);
  }

  private boolean check(JsonNode data) {
    var code = codes.get(data.path("challenge").asString(""));
    return code != null && code.equals(data.path("code").asString(""));
  }

  /** Standard Webhooks: whoever knows the secret signed exactly this, and not long ago. */
  private boolean isSigned(HttpExchange exchange, byte[] body) {
    var headers = exchange.getRequestHeaders();
    var id = String.valueOf(headers.getFirst("webhook-id"));
    var stamp = String.valueOf(headers.getFirst("webhook-timestamp"));
    var signatures = String.valueOf(headers.getFirst("webhook-signature"));
    if (!stamp.matches("[0-9]{1,12}")
        || Math.abs(clock.instant().getEpochSecond() - Long.parseLong(stamp)) > 300) {
      return false;
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      var key = Base64.getDecoder().decode(secret.replace("whsec_", ""));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + stamp + ".").getBytes(StandardCharsets.UTF_8));
      var right = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      for (var signature : signatures.split(" ", -1)) {
        if (MessageDigest.isEqual(
            right.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8))) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
