package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Node;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.web.Method;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** An application in a World, speaking OpenID Connect with the provider as any library would. */
final class Client {
  static final String CALLBACK = "https://bank.example/callback";
  static final String VERIFIER = "a-verifier-of-at-least-43-characters-0123456789";

  private final World world;
  private final Company company;
  private final Application application;
  private final Secret secret;

  private Client(World world, Company company, Application application, Secret secret) {
    this.world = world;
    this.company = company;
    this.application = application;
    this.secret = secret;
  }

  static Client of(
      World world, Company company, Application.Type type, UnaryOperator<Application> edit) {
    var settings =
        edit.apply(
            Application.of("Bank", type, List.of(CALLBACK))
                .with(it -> it.logoutUrls = List.of("https://bank.example/bye")));
    var created =
        world
            .wiring()
            .ground
            .database
            .write(tx ->
                world
                    .wiring()
                    .ground
                    .applications
                    .create(tx, company.id(), settings, world.clock().now()));
    return new Client(world, company, created.application(), created.secret());
  }

  static Client web(World world, Company company) {
    return of(world, company, Application.Type.REGULAR_WEB, it -> it);
  }

  static Client spa(World world, Company company) {
    return of(world, company, Application.Type.SPA, it -> it);
  }

  String id() {
    return application.id().value();
  }

  Application application() {
    return application;
  }

  String secret() {
    return secret.reveal();
  }

  String issuer() {
    return company.origin() + "/";
  }

  /** The usual request, changed. A null value leaves a parameter out. */
  Map<String, String> usual() {
    var params = new LinkedHashMap<String, String>();
    params.put("client_id", id());
    params.put("redirect_uri", CALLBACK);
    params.put("response_type", "code");
    params.put("scope", "openid profile email offline_access");
    params.put("state", "state-1");
    params.put("nonce", "nonce-1");
    params.put("code_challenge", challenge(VERIFIER));
    params.put("code_challenge_method", "S256");
    return params;
  }

  String authorizeUrl(Map<String, String> changes) {
    var params = usual();
    changes.forEach((name, value) -> {
      params.remove(name);
      if (!value.equals("-")) {
        params.put(name, value);
      }
    });
    return company.url("/authorize?") + encoded(params);
  }

  Page opens(Browser browser, Map<String, String> changes) {
    return browser.open(authorizeUrl(changes));
  }

  /** Signs somebody in with password and, where asked, their app; returns the parameters of the answer. */
  Map<String, String> signsIn(Someone who, Browser browser, Map<String, String> changes) {
    opens(browser, changes);
    browser.submit(Map.of("identifier", who.name()));
    browser.submit(Map.of("password", who.password()));
    if (!browser.page().isElsewhere()) {
      if (browser.page().has("button[name=action][value=skip]")) {
        browser.press("action", "skip");
      } else {
        browser.submit(Map.of("code", who.codeNow()));
      }
    }
    return browser.page().parameters();
  }

  Wire.Received redeem(String code) {
    return token(
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

  Wire.Received refresh(String value) {
    return token(Map.of("grant_type", "refresh_token", "refresh_token", value));
  }

  /** Asks the token endpoint, as itself. */
  Wire.Received token(Map<String, String> params) {
    return token(world.node(), params);
  }

  Wire.Received token(Node node, Map<String, String> params) {
    var all = new HashMap<>(params);
    all.putIfAbsent("client_id", id());
    if (!application.isPublic()) {
      all.putIfAbsent("client_secret", secret());
    }
    return post(node, "/oauth/token", "application/x-www-form-urlencoded", encoded(all), Map.of());
  }

  /** Pushes the usual request, changed, as itself (RFC 9126). */
  Wire.Received pushes(Map<String, String> changes) {
    return pushes(changes, "192.0.2.7");
  }

  /** The same from that network address. */
  Wire.Received pushes(Map<String, String> changes, String address) {
    var params = usual();
    changes.forEach((name, value) -> {
      params.remove(name);
      if (!value.equals("-")) {
        params.put(name, value);
      }
    });
    if (!application.isPublic()) {
      params.putIfAbsent("client_secret", secret());
    }
    return world
        .node()
        .send(
            new Wire.Sent(
                Method.POST,
                URI.create(company.url("/oauth/par")),
                Map.of("content-type", List.of("application/x-www-form-urlencoded")),
                encoded(params).getBytes(StandardCharsets.UTF_8),
                address));
  }

  /** Sends a browser with what was pushed. */
  Page opensPushed(Browser browser, Wire.Received pushed) {
    return browser.open(pushedUrl(json(pushed).path("request_uri").asString("")));
  }

  String pushedUrl(String name) {
    return company.url("/authorize?") + encoded(Map.of("client_id", id(), "request_uri", name));
  }

  Wire.Received post(
      Node node, String path, String type, String body, Map<String, String> headers) {
    var all = new HashMap<String, List<String>>();
    all.put("content-type", List.of(type));
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return node.send(
        new Wire.Sent(
            Method.POST,
            URI.create(company.url(path)),
            all,
            body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Posts a form that stands as it is to be sent. */
  Wire.Received postForm(String path, String body) {
    return post(world.node(), path, "application/x-www-form-urlencoded", body, Map.of());
  }

  Wire.Received get(String path, Map<String, String> headers) {
    var all = new HashMap<String, List<String>>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return world
        .node()
        .send(new Wire.Sent(Method.GET, URI.create(company.url(path)), all, new byte[0]));
  }

  Wire.Received userinfo(String token) {
    return get("/userinfo", Map.of("authorization", "Bearer " + token));
  }

  static JsonNode json(Wire.Received received) {
    return Json.tree(received.text());
  }

  static String error(Wire.Received received) {
    return json(received).path("error").asString("");
  }

  static JsonNode claims(String token) {
    return part(token, 1);
  }

  static JsonNode header(String token) {
    return part(token, 0);
  }

  private static JsonNode part(String token, int index) {
    return Json.tree(
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]), StandardCharsets.UTF_8));
  }

  static List<String> texts(JsonNode array) {
    var all = new ArrayList<String>();
    array.forEach(each -> all.add(each.asString("")));
    return all;
  }

  static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it ->
            URLEncoder.encode(it.getKey(), StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
