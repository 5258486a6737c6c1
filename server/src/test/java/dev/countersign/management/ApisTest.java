package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.web.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** APIs and who may call them, by the Management API. */
class ApisTest {
  private static final String ORDERS = "https://orders.example/v1?a=b";
  private static final String OURS = "https://acme.example/api/v2/";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String created() {
    return api.call(
            Method.POST,
            "/resource-servers",
            Map.of(
                "identifier",
                ORDERS,
                "name",
                "Orders",
                "scopes",
                List.of(Map.of("value", "read:orders", "description", "See orders"))))
        .text("id");
  }

  private String client() {
    return api.call(Method.POST, "/clients", Map.of("name", "Shop")).text("client_id");
  }

  @Test
  void an_API_is_created_read_by_id_and_identifier_changed_and_removed() {
    var id = created();
    var byName = "/resource-servers/" + URLEncoder.encode(ORDERS, StandardCharsets.UTF_8);
    assertThat(api.call(Method.GET, byName).json())
        .isEqualTo(api.call(Method.GET, "/resource-servers/" + id).json());

    var changed =
        api.call(
            Method.PATCH,
            byName,
            Map.of(
                "token_lifetime",
                600,
                "token_lifetime_for_web",
                300,
                "signing_alg",
                "ES256",
                "allow_offline_access",
                true,
                "enforce_policies",
                false,
                "scopes",
                List.of(Map.of("value", "read:orders"), Map.of("value", "write:orders"))));

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text("token_lifetime_for_web")).isEqualTo("300");
    var kept =
        api.wiring
            .ground
            .apis
            .find(api.acme.id(), "https://acme.example/", ORDERS, api.now())
            .orElseThrow();
    assertThat(kept.accessSeconds()).isEqualTo(600);
    assertThat(kept.algorithm()).isEqualTo(SigningAlgorithm.ES256);
    assertThat(kept.offline()).isTrue();
    assertThat(kept.scopeValues()).containsExactly("read:orders", "write:orders");
    assertThat(api.call(Method.DELETE, "/resource-servers/" + id).status()).isEqualTo(204);
    assertThat(api.call(Method.GET, byName).error()).startsWith("404 inexistent_resource_server");
    assertThat(api.told(api.acme)).containsExactly("api.changed", "api.changed", "api.changed");
  }

  @Test
  void the_Management_API_is_listed_first_and_stays() {
    created();
    var all = api.call(Method.GET, "/resource-servers?include_totals=true").json();
    assertThat(all.path("total").intValue()).isEqualTo(2);
    var ours = all.path("resource_servers").get(0);
    assertThat(ours.path("name").stringValue("")).isEqualTo("Auth0 Management API");
    assertThat(ours.path("identifier").stringValue("")).isEqualTo(OURS);
    assertThat(ours.path("is_system").booleanValue()).isTrue();
    var path = "/resource-servers/" + URLEncoder.encode(OURS, StandardCharsets.UTF_8);
    assertThat(api.call(Method.PATCH, path, Map.of("token_lifetime", 60)).error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(Method.DELETE, path).error()).startsWith("403 operation_not_supported");
    assertThat(
            api.call(Method.POST, "/resource-servers", Map.of("identifier", OURS, "name", "x"))
                .error())
        .startsWith("409 conflict");
    assertThat(
            api.call(
                    Method.POST,
                    "/resource-servers",
                    Map.of("identifier", "urn:x", "name", "Auth0 Management API"))
                .error())
        .startsWith("409 conflict");
  }

  @Test
  void what_does_not_fit_an_API_is_refused() {
    var id = created();
    assertThat(api.call(Method.POST, "/resource-servers", Map.of("identifier", ORDERS)).error())
        .startsWith("409 conflict");
    for (var refused :
        List.of(
            Map.of("signing_alg", "HS256"),
            Map.of("enforce_policies", true),
            Map.of("token_dialect", "access_token_authz"),
            Map.of("token_encryption", Map.of("format", "compact-nested-jwe")),
            Map.of("subject_type_authorization", Map.of("user", Map.of("policy", "deny_all"))))) {
      assertThat(api.call(Method.PATCH, "/resource-servers/" + id, refused).error())
          .startsWith("403 operation_not_supported");
    }
    for (var refused :
        List.of(
            Map.of("identifier", "urn:other"),
            Map.of("token_lifetime", 0),
            Map.of("scopes", List.of(Map.of("value", "two words"))),
            Map.of("scopes", List.of(Map.of("value", "a"), Map.of("value", "a"))))) {
      assertThat(api.call(Method.PATCH, "/resource-servers/" + id, refused).error())
          .startsWith("400 invalid_body");
    }
  }

  @Test
  void a_grant_is_created_found_changed_and_removed() {
    var client = client();
    created();
    var grant = Map.of("client_id", client, "audience", ORDERS, "scope", List.of("read:orders"));
    var made = api.call(Method.POST, "/client-grants", grant);
    assertThat(made.status()).isEqualTo(201);
    assertThat(api.call(Method.POST, "/client-grants", grant).error()).startsWith("409 conflict");
    var ours =
        api.call(
            Method.POST,
            "/client-grants",
            Map.of("client_id", client, "audience", OURS, "scope", List.of("read:users")));
    assertThat(ours.text("audience")).isEqualTo(OURS);
    var path = "/client-grants/" + made.text("id");

    assertThat(
            api.call(Method.GET, "/client-grants?take=50&include_totals=true")
                .json()
                .path("client_grants"))
        .hasSize(2);
    assertThat(
            api.call(
                    Method.GET,
                    "/client-grants?audience=" + URLEncoder.encode(OURS, StandardCharsets.UTF_8))
                .json()
                .findValuesAsString("id"))
        .containsExactly(ours.text("id"));
    assertThat(api.call(Method.PATCH, path, Map.of("scope", List.of())).json().path("scope"))
        .isEmpty();
    assertThat(api.call(Method.PATCH, path, Map.of("scope", List.of("drop:tables"))).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.PATCH, path, Map.of("audience", OURS)).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.PATCH, path, Map.of("allow_all_scopes", true)).error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(api.other, Method.DELETE, path, api.everyScope()).error())
        .startsWith("404 inexistent_client_grant");
    assertThat(api.call(Method.DELETE, path).status()).isEqualTo(204);
    assertThat(api.call(Method.GET, path).error()).startsWith("404 inexistent_client_grant");
    assertThat(
            api.call(
                    Method.POST,
                    "/client-grants",
                    Map.of("client_id", client, "audience", "urn:none", "scope", List.of()))
                .error())
        .startsWith("404 inexistent_resource_server");
  }

  @Test
  void the_API_of_requests_that_name_none_stays() {
    var id = created();
    api.call(Method.PATCH, "/tenants/settings", Map.of("default_audience", ORDERS));
    assertThat(api.call(Method.DELETE, "/resource-servers/" + id).error())
        .startsWith("409 operation_not_supported");
    api.call(Method.PATCH, "/tenants/settings", Map.of("default_audience", ""));
    assertThat(api.call(Method.DELETE, "/resource-servers/" + id).status()).isEqualTo(204);
  }

  @Test
  void with_a_client_or_an_API_its_grants_go() {
    var client = client();
    var id = created();
    api.call(
        Method.POST,
        "/client-grants",
        Map.of("client_id", client, "audience", ORDERS, "scope", List.of()));
    api.call(
        Method.POST,
        "/client-grants",
        Map.of("client_id", client, "audience", OURS, "scope", List.of()));
    api.call(Method.DELETE, "/resource-servers/" + id);
    assertThat(api.call(Method.GET, "/client-grants").json()).hasSize(1);
    api.call(Method.DELETE, "/clients/" + client);
    assertThat(api.call(Method.GET, "/client-grants").json()).isEmpty();
  }
}
