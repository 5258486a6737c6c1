package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.AuthenticatorApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import tools.jackson.databind.JsonNode;

/** Somebody who walks through the pages of a server elsewhere on this machine, and their application, without any browser. */
final class Walker {
  static final String CALLBACK = "https://bank.example/callback";
  private static final String VERIFIER = "a-verifier-of-at-least-43-characters-0123456789";

  private final HttpClient http;
  private final String origin;
  private final Client client;
  private final Map<String, String> cookies = new ConcurrentHashMap<>();
  private final List<Duration> took = new ArrayList<>();
  private Document page = Document.createShell("about:blank");
  private URI at = URI.create("about:blank");
  private int status;

  /** An application as it knows itself. */
  record Client(String id, String secret) {}

  /** Tokens, as an application was given them. */
  record Tokens(int status, JsonNode body) {
    String text(String name) {
      return body.path(name).asString("");
    }
  }

  Walker(HttpClient http, String origin, Client client) {
    this.http = http;
    this.origin = origin;
    this.client = client;
  }

  int status() {
    return status;
  }

  boolean has(String css) {
    return page.selectFirst(css) != null;
  }

  String text(String css) {
    return Optional.ofNullable(page.selectFirst(css)).map(it -> it.text()).orElse("");
  }

  /** How long each answer took, in their order. */
  List<Duration> took() {
    return List.copyOf(took);
  }

  Map<String, String> cookies() {
    return Map.copyOf(cookies);
  }

  /** The code with which they have come back to the application, if they have. */
  Optional<String> code() {
    if (!at.toString().startsWith(CALLBACK)) {
      return Optional.empty();
    }
    for (var pair : at.getRawQuery().split("&", -1)) {
      if (pair.startsWith("code=")) {
        return Optional.of(pair.substring(5));
      }
    }
    return Optional.empty();
  }

  /** Comes from the application and gives name and password. */
  Walker comes(String name, String password) {
    return comes(Map.of())
        .submits(Map.of("identifier", name))
        .submits(Map.of("password", password));
  }

  /** Comes from the application again, which wants to know without a page whether they are still signed in. */
  Walker comesAgain() {
    return comes(Map.of("prompt", "none"));
  }

  private Walker comes(Map<String, String> more) {
    var asked = new LinkedHashMap<String, String>();
    asked.put("client_id", client.id());
    asked.put("redirect_uri", CALLBACK);
    asked.put("response_type", "code");
    asked.put("scope", "openid offline_access");
    asked.put("state", "state");
    asked.put("code_challenge", challenge());
    asked.put("code_challenge_method", "S256");
    asked.putAll(more);
    return go(URI.create(origin + "/authorize?" + encoded(asked)), Optional.empty());
  }

  /** Sets an authenticator app up, from wherever a sign-in asks for it up to the first code. */
  AuthenticatorApp setsUp() {
    if (has("button[name=factor]")) {
      submits(Map.of("factor", "otp"));
    }
    if (!has("#key")) {
      throw new AssertionError("no key to copy\n" + this);
    }
    return AuthenticatorApp.typed(text("#key"));
  }

  /** Keeps the sheet of backup codes where one is shown; its codes. */
  List<String> keepsCodes() {
    var codes = page.select("ol.codes code").eachText();
    if (!codes.isEmpty()) {
      submits(Map.of("saved", "true"));
    }
    return codes;
  }

  /** Opens a page. */
  Walker opens(String path) {
    return go(URI.create(origin + path), Optional.empty());
  }

  /** Fills in the form that has these fields. */
  Walker submits(Map<String, String> values) {
    var form =
        page.select("form").stream()
            .filter(it ->
                values.keySet().stream()
                    .allMatch(name -> it.selectFirst("[name=" + name + "]") != null))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no form with " + values.keySet() + "\n" + this));
    var fields = new LinkedHashMap<String, String>();
    for (var input : form.select("input[name]")) {
      fields.put(input.attr("name"), input.val());
    }
    fields.putAll(values);
    var action = form.attr("action");
    return go(action.isEmpty() ? at : at.resolve(action), Optional.of(encoded(fields)));
  }

  private Walker go(URI uri, Optional<String> form) {
    var body = form;
    var target = uri;
    for (int hops = 0; hops < 12; hops++) {
      at = target;
      if (target.toString().startsWith(CALLBACK)) {
        return this;
      }
      var received = send(target, body);
      received
          .headers()
          .allValues("set-cookie")
          .forEach(line -> {
            var pair = line.split(";", 2)[0].split("=", 2);
            if (line.contains("Max-Age=0")) {
              cookies.remove(pair[0]);
            } else {
              cookies.put(pair[0], pair[1]);
            }
          });
      status = received.statusCode();
      var location = received.headers().firstValue("location");
      if (status / 100 != 3 || location.isEmpty()) {
        page = Jsoup.parse(received.body(), target.toString());
        return this;
      }
      target = target.resolve(location.get());
      body = Optional.empty();
    }
    throw new AssertionError("redirected in a circle, last to " + target);
  }

  /** Somebody signs in by password and app; what their application is given. */
  Tokens signsIn(String name, AuthenticatorApp app) {
    comes(name, Village.PASSWORD).submits(Map.of("code", app.codeAt(Instant.now())));
    var tokens = redeems(code().orElseThrow(() -> new AssertionError(name + " is not let in\n" + this)));
    assertThat(tokens.status()).as("%s", tokens).isEqualTo(200);
    return tokens;
  }

  /** The application brings a code. */
  Tokens redeems(String code) {
    return tokens(
        Map.of(
            "grant_type",
            "authorization_code",
            "code",
            code,
            "redirect_uri",
            CALLBACK,
            "code_verifier",
            VERIFIER));
  }

  Tokens refreshes(String token) {
    return tokens(Map.of("grant_type", "refresh_token", "refresh_token", token));
  }

  private Tokens tokens(Map<String, String> asked) {
    var all = new LinkedHashMap<>(asked);
    all.put("client_id", client.id());
    all.put("client_secret", client.secret());
    var received = send(URI.create(origin + "/oauth/token"), Optional.of(encoded(all)));
    return new Tokens(received.statusCode(), Json.tree(received.body()));
  }

  private HttpResponse<String> send(URI uri, Optional<String> form) {
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(it -> it.getKey() + "=" + it.getValue())
              .collect(Collectors.joining("; ")));
    }
    form.ifPresent(it ->
        request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(it)));
    long asked = System.nanoTime();
    try {
      var received = http.send(request.build(), BodyHandlers.ofString());
      took.add(Duration.ofNanos(System.nanoTime() - asked));
      return received;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it ->
            URLEncoder.encode(it.getKey(), StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static String challenge() {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return status + " at " + at.getPath() + "\n" + page.text();
  }
}
