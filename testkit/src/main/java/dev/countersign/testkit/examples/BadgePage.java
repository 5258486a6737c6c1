package dev.countersign.testkit.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks people to hold their badge to a reader: a page for a custom factor of the kind redirect. */
public final class BadgePage implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final InstantSource clock;
  private final HttpServer server;
  private volatile String secret = "";

  public BadgePage(InstantSource clock) throws IOException {
    this.clock = clock;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/badge", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/badge";
  }

  /** The signing secret that Countersign showed once. */
  public void knows(String signingSecret) {
    this.secret = signingSecret;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var query = String.valueOf(exchange.getRequestURI().getRawQuery());
      var request = query.startsWith("request=") ? read(query.substring(8)) : null;
      if (request == null) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      var page =
          """
          <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
          <title>Badge</title><h1>Hold your badge to the reader</h1>
          <p><a id="approve" href="%s">It beeped</a></p>
          <p><a id="deny" href="%s">This is not me</a></p>
          <p><a id="cancel" href="%s">I do not have it here</a></p>
          """
              .formatted(
                  back(request, "approved"), back(request, "denied"), back(request, "cancelled"));
      exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(page.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The claims of a request that Countersign signed and that can still be answered, or null. */
  public @Nullable JsonNode read(String jwt) {
    var parts = jwt.split("\\.", -1);
    if (parts.length != 3
        || !MessageDigest.isEqual(mac(parts[0] + "." + parts[1]), decoded(parts[2]))) {
      return null;
    }
    var header = JSON.readTree(decoded(parts[0]));
    var claims = JSON.readTree(decoded(parts[1]));
    boolean fits =
        header.path("alg").asString("").equals("HS256")
            && header.path("typ").asString("").equals("countersign-request+jwt")
            && claims.path("aud").asString("").equals(url())
            && claims.path("exp").asLong(0) > clock.instant().getEpochSecond();
    return fits ? claims : null;
  }

  /** Where the browser goes back to, with the signed answer. */
  private String back(JsonNode request, String result) {
    var to = request.path("return_to").asString("");
    return to + (to.contains("?") ? "&" : "?") + "answer=" + answer(request, result);
  }

  /** The answer names the challenge, the person, the factor, and who asked. */
  public String answer(JsonNode request, String result) {
    return signed(
        Map.of(
            "jti", request.path("jti").asString(""),
            "sub", request.path("sub").asString(""),
            "factor", request.path("factor").asString(""),
            "aud", request.path("iss").asString(""),
            "iat", clock.instant().getEpochSecond(),
            "result", result));
  }

  private String signed(Map<String, Object> claims) {
    var header = Map.of("alg", "HS256", "typ", "countersign-answer+jwt");
    var content =
        encoded(JSON.writeValueAsBytes(header)) + "." + encoded(JSON.writeValueAsBytes(claims));
    return content + "." + encoded(mac(content));
  }

  private byte[] mac(String content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      var key = Base64.getDecoder().decode(secret.replace("whsec_", ""));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decoded(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
