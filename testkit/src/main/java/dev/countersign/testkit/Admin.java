package dev.countersign.testkit;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Endpoint;
import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A script of a company's, at the Management API over HTTP with a token that was issued for it. What the API answers has
 * to be what it declares.
 */
public final class Admin {
  private final Company company;
  private final Node node;
  private final String bearer;

  private Admin(Company company, Node node, String bearer) {
    this.company = company;
    this.node = node;
    this.bearer = bearer;
  }

  /** An answer. */
  public record Answered(int status, String text) {
    public JsonNode json() {
      return Json.tree(text);
    }
  }

  /** One that may do everything. */
  static Admin of(Company company) {
    return of(company, Apis.managementScopes());
  }

  /** One that may do this much. */
  static Admin of(Company company, Set<String> scopes) {
    var world = company.world();
    var wiring = world.wiring();
    var created =
        wiring.ground.database.write(tx -> {
          var it =
              wiring.ground.applications.create(
                  tx,
                  company.id(),
                  Application.of("Script", Application.Type.NON_INTERACTIVE, List.of()),
                  world.clock().now());
          wiring.ground.apis.allow(
              tx, company.id(), it.application().id(), ClientGrant.MANAGEMENT, scopes);
          return it;
        });
    var asked = Json.object();
    asked
        .put("grant_type", "client_credentials")
        .put("client_id", created.application().id().value())
        .put("client_secret", created.secret().reveal())
        .put("audience", Api.managementAudience(company.origin() + "/"));
    var answer = send(company, world.node(), Method.POST, "/oauth/token", Json.write(asked), "");
    return new Admin(company, world.node(), answer.json().path("access_token").asString(""));
  }

  /** The same, talking to that server. */
  public Admin at(Node other) {
    return new Admin(company, other, bearer);
  }

  /** The token that it calls with. */
  public String bearer() {
    return bearer;
  }

  public Answered get(String path) {
    return call(Method.GET, path, "");
  }

  public Answered post(String path, String json) {
    return call(Method.POST, path, json);
  }

  public Answered call(Method method, String path, String json) {
    var answered = send(company, node, method, Endpoint.BASE + path, json, bearer);
    described(method, path)
        .flatMap(it -> it.untold(answered.status(), answered.text()))
        .ifPresent(what -> {
          throw new AssertionError(
              method + " " + path + " answered what it does not declare: " + what);
        });
    return answered;
  }

  /** The declaration of what answers there: whichever has the fewest braces. */
  private Optional<Endpoint> described(Method method, String path) {
    var named = path.replaceFirst("\\?.*", "");
    return company.world().wiring().administration.management.endpoints().stream()
        .filter(it -> it.method() == method)
        .filter(it -> named.matches(it.path().replaceAll("\\{[^}]+}", "[^/]+")))
        .min(Comparator.comparingLong(it -> it.path().chars().filter(c -> c == '{').count()));
  }

  private static Answered send(
      Company company, Node node, Method method, String path, String json, String bearer) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("content-type", List.of("application/json"));
    if (!bearer.isEmpty()) {
      headers.put("authorization", List.of("Bearer " + bearer));
    }
    var received =
        node.send(
            new Wire.Sent(
                method,
                URI.create(company.url(path)),
                headers,
                json.getBytes(StandardCharsets.UTF_8)));
    return new Answered(received.status(), received.text());
  }
}
