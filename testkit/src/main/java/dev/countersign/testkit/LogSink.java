package dev.countersign.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.kernel.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Somewhere events are sent to: takes what is signed by the key it knows (Standard Webhooks 1.0), and nothing else. Thread-safe. */
public final class LogSink implements AutoCloseable {
  private final InstantSource clock;
  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile byte[] key = {};
  private volatile int status = 204;

  /** A call that it took or turned away. */
  public record Received(String id, Map<String, String> headers, String body, boolean isSigned) {}

  public LogSink(InstantSource clock) throws IOException {
    this.clock = clock;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
  }

  /** The key that Countersign showed once. */
  public void knows(String signingSecret) {
    key = Base64.getDecoder().decode(signingSecret.replace("whsec_", ""));
  }

  /** What it answers to calls that are as they should be, from now on. */
  public void answers(int now) {
    status = now;
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  /** The events of all calls that it took, in the order of their coming, each a line. */
  public List<JsonNode> events() {
    return received.stream()
        .flatMap(it -> it.body().lines())
        .map(Json::tree)
        .collect(Collectors.toList());
  }

  public void forgets() {
    received.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), all.getFirst()));
      boolean signed = isSigned(headers, body);
      if (status < 300) {
        received.add(
            new Received(
                headers.getOrDefault("webhook-id", ""), headers, new String(body, UTF_8), signed));
      }
      exchange.sendResponseHeaders(signed ? status : 401, -1);
    }
  }

  private boolean isSigned(Map<String, String> headers, byte[] body) {
    var id = headers.getOrDefault("webhook-id", "");
    var stamp = headers.getOrDefault("webhook-timestamp", "");
    if (id.isEmpty()
        || !stamp.matches("[0-9]{10}")
        || Math.abs(clock.instant().getEpochSecond() - Long.parseLong(stamp)) > 300) {
      return false;
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      mac.update((id + "." + stamp + ".").getBytes(UTF_8));
      var right = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      return MessageDigest.isEqual(
          right.getBytes(US_ASCII),
          headers.getOrDefault("webhook-signature", "").getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
