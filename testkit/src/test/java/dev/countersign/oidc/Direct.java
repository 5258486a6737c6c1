package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.web.Method;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An application that asks its people by itself, by Auth0's MFA API, as a program speaks it. */
final class Direct {
  static final String MFA = "http://auth0.com/oauth/grant-type/mfa-";

  private final World world;
  private final Company company;
  private final Client client;

  private Direct(World world, Company company, Client client) {
    this.world = world;
    this.company = company;
    this.client = client;
  }

  static Direct of(World world, Company company) {
    return new Direct(
        world,
        company,
        Client.of(
            world,
            company,
            Application.Type.REGULAR_WEB,
            it -> {
              var grants = new HashSet<>(it.grantTypes());
              grants.addAll(Application.DIRECT);
              return it.with(draft -> draft.grantTypes = grants);
            }));
  }

  /** The same application as other protocols see it. */
  Client client() {
    return client;
  }

  // The token endpoint

  Wire.Received password(Someone who) {
    return password(who.name(), who.password(), Map.of());
  }

  Wire.Received password(String name, String password, Map<String, String> more) {
    var params = new HashMap<String, String>();
    params.put("grant_type", "password");
    params.put("username", name);
    params.put("password", password);
    params.put("scope", "openid profile offline_access");
    params.putAll(more);
    return noted(client.token(params));
  }

  /** The handle that comes with the demand for a second proof. */
  String begun(Someone who) {
    return handle(password(who));
  }

  static String handle(Wire.Received received) {
    assertThat(received.status()).as(received.text()).isEqualTo(403);
    assertThat(Client.error(received)).isEqualTo("mfa_required");
    assertThat(Client.json(received).path("error_description").asString())
        .isEqualTo("Multifactor authentication required");
    assertThat(received.header("www-authenticate")).isEmpty();
    return Client.json(received).path("mfa_token").asString();
  }

  Wire.Received otp(String token, String code) {
    return mfa("otp", Map.of("mfa_token", token, "otp", code));
  }

  Wire.Received oob(String token, String oobCode) {
    return mfa("oob", Map.of("mfa_token", token, "oob_code", oobCode));
  }

  Wire.Received oob(String token, String oobCode, String bindingCode) {
    return mfa("oob", Map.of("mfa_token", token, "oob_code", oobCode, "binding_code", bindingCode));
  }

  Wire.Received recovery(String token, String code) {
    return mfa("recovery-code", Map.of("mfa_token", token, "recovery_code", code));
  }

  Wire.Received mfa(String grant, Map<String, String> params) {
    var all = new HashMap<>(params);
    all.put("grant_type", MFA + grant);
    return noted(client.token(all));
  }

  private Wire.Received noted(Wire.Received received) {
    var body = Client.json(received);
    for (var kind : List.of("access_token", "id_token", "refresh_token")) {
      var token = body.path(kind).asString("");
      if (!token.isEmpty()) {
        world.canaries().token(token);
      }
    }
    var handle = body.path("mfa_token").asString("");
    if (!handle.isEmpty()) {
      world.canaries().cookie(handle.substring(handle.indexOf('.') + 1));
    }
    return received;
  }

  // The MFA API

  Wire.Received associate(String bearer, String body) {
    var received =
        send(Method.POST, "/mfa/associate", Map.of("authorization", bearer(bearer)), body);
    Client.json(received)
        .path("recovery_codes")
        .forEach(code -> world.canaries().backupCode(code.asString()));
    return received;
  }

  Wire.Received challenge(String token, Map<String, String> more) {
    var params = new HashMap<String, String>();
    params.put("mfa_token", token);
    params.put("client_id", client.id());
    params.put("client_secret", client.secret());
    params.putAll(more);
    return send(Method.POST, "/mfa/challenge", Map.of(), dev.countersign.kernel.Json.write(params));
  }

  Wire.Received authenticators(String bearer) {
    return client.get(
        "/mfa/authenticators",
        Map.of("authorization", bearer(bearer), "content-type", "application/json"));
  }

  /** The one authenticator of a type. */
  JsonNode authenticator(String bearer, String type) {
    JsonNode found = null;
    for (var each : Client.json(authenticators(bearer))) {
      if (each.path("type").asString().equals(type)) {
        assertThat(found).as("one of " + type).isNull();
        found = each;
      }
    }
    if (found == null) {
      throw new AssertionError("no " + type + " among " + authenticators(bearer).text());
    }
    return found;
  }

  Wire.Received delete(String bearer, String id) {
    return send(
        Method.DELETE,
        "/mfa/authenticators/" + URLEncoder.encode(id, StandardCharsets.UTF_8),
        Map.of("authorization", bearer(bearer)),
        "");
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private Wire.Received send(Method method, String path, Map<String, String> headers, String body) {
    var all = new HashMap<String, List<String>>();
    all.put("content-type", List.of("application/json"));
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return world
        .node()
        .send(
            new Wire.Sent(
                method, URI.create(company.url(path)), all, body.getBytes(StandardCharsets.UTF_8)));
  }
}
