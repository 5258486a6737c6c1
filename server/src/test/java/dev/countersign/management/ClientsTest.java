package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Applications by the Management API. */
class ClientsTest {
  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String created(String name) {
    return api.call(Method.POST, "/clients", Map.of("name", name)).text("client_id");
  }

  private boolean opens(String id, String secret) {
    return api.wiring.ground.applications.isSecretOf(
        api.acme.id(), new ClientId(id), Secret.of(secret));
  }

  @Test
  void one_is_created_read_changed_and_removed() {
    var created =
        api.call(
            Method.POST,
            "/clients",
            Map.of(
                "name",
                "Bank",
                "app_type",
                "spa",
                "callbacks",
                List.of("https://bank.example/callback"),
                "description",
                "What people bank with",
                "client_metadata",
                Map.of("team", "blue", "old", "x"),
                "refresh_token",
                Map.of("rotation_type", "rotating", "token_lifetime", 86_400, "leeway", 0),
                "organization_usage",
                "deny",
                "oidc_logout",
                Map.of()));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("token_endpoint_auth_method")).isEqualTo("none");
    var id = created.text("client_id");
    assertThat(opens(id, created.text("client_secret"))).isTrue();

    var changed =
        api.call(
            Method.PATCH,
            "/clients/" + id,
            Map.of(
                "allowed_logout_urls", List.of("https://bank.example/bye"),
                "client_metadata", Map.of("old", "", "tone", "kind"),
                "jwt_configuration", Map.of("alg", "ES256"),
                "initiate_login_uri", "https://bank.example/start"));

    assertThat(changed.status()).isEqualTo(200);
    var read = api.call(Method.GET, "/clients/" + id).json();
    assertThat(read).isEqualTo(changed.json());
    assertThat(read.path("name").stringValue("")).isEqualTo("Bank");
    assertThat(read.path("description").stringValue("")).isEqualTo("What people bank with");
    assertThat(read.path("organization_usage").stringValue("")).isEqualTo("deny");
    assertThat(read.path("client_metadata").propertyNames()).containsExactly("team", "tone");
    assertThat(read.path("jwt_configuration").path("alg").stringValue("")).isEqualTo("ES256");
    assertThat(read.path("refresh_token").path("token_lifetime").longValue()).isEqualTo(86_400);
    var kept = api.wiring.ground.applications.find(api.acme.id(), new ClientId(id)).orElseThrow();
    assertThat(kept.refresh().lifetimeSeconds()).isEqualTo(86_400);
    assertThat(kept.startUrl()).isEqualTo("https://bank.example/start");
    assertThat(api.call(Method.PATCH, "/clients/" + id, Map.of("name", "Bank")).status())
        .isEqualTo(200);
    assertThat(api.call(Method.DELETE, "/clients/" + id).status()).isEqualTo(204);
    assertThat(api.call(Method.GET, "/clients/" + id).error())
        .isEqualTo("404 inexistent_client The client does not exist.");
    assertThat(api.told(api.acme)).containsExactly("api.changed", "api.changed", "api.changed");
  }

  @Test
  void API_05_a_secret_is_shown_when_it_is_made_to_who_may_read_secrets_and_never_again() {
    var id = created("Bank");
    var without =
        api.call(
            api.acme,
            Method.POST,
            "/clients",
            Optional.of("create:clients"),
            Map.of("name", "Shop"));
    assertThat(without.json().has("client_secret")).isFalse();
    assertThat(api.call(Method.GET, "/clients/" + id).json().has("client_secret")).isFalse();
    assertThat(api.call(Method.GET, "/clients").json().findValue("client_secret")).isNull();

    var first = api.call(Method.POST, "/clients/" + id + "/rotate-secret");
    var second = api.call(Method.POST, "/clients/" + id + "/rotate-secret");

    assertThat(opens(id, first.text("client_secret"))).isFalse();
    assertThat(opens(id, second.text("client_secret"))).isTrue();
    assertThat(
            api.call(
                    api.acme,
                    Method.POST,
                    "/clients/" + id + "/rotate-secret",
                    Optional.of("update:client_keys"))
                .json()
                .has("client_secret"))
        .isFalse();
  }

  @Test
  void lists_are_read_by_page_and_from_a_checkpoint_and_end() {
    var all = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      all.add(created("app " + i));
    }
    all.sort(String::compareTo);
    var page =
        api.call(Method.GET, "/clients?page=1&per_page=2&include_totals=true&is_global=false");
    assertThat(page.text("total")).isEqualTo("5");
    assertThat(page.json().path("clients").findValuesAsString("client_id"))
        .isEqualTo(all.subList(2, 4));
    assertThat(api.call(Method.GET, "/clients?page=9").json()).isEmpty();

    var seen = new ArrayList<String>();
    var from = "";
    do {
      var next = api.call(Method.GET, "/clients?is_global=false&take=2&from=" + from).json();
      seen.addAll(next.path("clients").findValuesAsString("client_id"));
      from = next.path("next").stringValue("");
    } while (!from.isEmpty());
    assertThat(seen).isEqualTo(all);
    assertThat(api.call(Method.GET, "/clients?app_type=spa,native&is_global=false").json())
        .isEmpty();
    assertThat(
            api.call(Method.GET, "/clients?fields=name&include_fields=true&is_global=false")
                .json()
                .get(0)
                .propertyNames())
        .containsExactly("name");
  }

  @Test
  void one_client_stands_for_all_and_cannot_be_touched() {
    created("Bank");
    var global = api.call(Method.GET, "/clients?is_global=true").json();
    assertThat(global).hasSize(1);
    assertThat(global.get(0).path("global").booleanValue()).isTrue();
    var id = global.get(0).path("client_id").stringValue("");
    assertThat(api.call(Method.GET, "/clients/" + id).status()).isEqualTo(200);
    assertThat(api.call(Method.GET, "/clients").json()).hasSize(2);
    for (var touched :
        List.of(
            api.call(Method.PATCH, "/clients/" + id, Map.of("name", "x")),
            api.call(Method.DELETE, "/clients/" + id),
            api.call(Method.POST, "/clients/" + id + "/rotate-secret"))) {
      assertThat(touched.error()).startsWith("403 operation_not_supported");
    }
    assertThat(api.wiring.ground.applications.find(api.acme.id(), new ClientId(id))).isEmpty();
  }

  @Test
  void what_promises_something_that_is_not_there_is_refused_by_its_name() {
    var id = created("Bank");
    Map<String, Object> promises =
        Map.ofEntries(
            Map.entry("is_first_party", false),
            Map.entry("require_proof_of_possession", true),
            Map.entry("signed_request_object", Map.of("required", true)),
            Map.entry(
                "client_authentication_methods.tls_client_auth",
                Map.of("tls_client_auth", Map.of("credentials", List.of(Map.of("id", "x"))))),
            Map.entry("cross_origin_authentication", true),
            Map.entry("organization_usage", "require"),
            Map.entry("addons", Map.of("samlp", Map.of("audience", "x"))),
            Map.entry("jwt_configuration.alg", Map.of("alg", "HS256")),
            Map.entry("jwt_configuration.lifetime_in_seconds", Map.of("lifetime_in_seconds", 60)),
            Map.entry("refresh_token.rotation_type", Map.of("rotation_type", "non-rotating")),
            Map.entry("refresh_token", Map.of("infinite_token_lifetime", true)),
            Map.entry("refresh_token.leeway", Map.of("leeway", 30)));
    promises.forEach((field, value) -> {
      var refused =
          api.call(
              Method.PATCH,
              "/clients/" + id,
              Map.of(field.replaceAll("\\..*", ""), value, "name", "other"));
      assertThat(refused.error()).startsWith("403 operation_not_supported " + field + ": ");
    });
    assertThat(api.call(Method.GET, "/clients/" + id).text("name")).isEqualTo("Bank");
  }

  @Test
  void bad_input_is_refused() {
    var id = created("Bank");
    for (var url :
        List.of("javascript:alert(1)", "https://*.bank.example/", "/here", "https://b/#x")) {
      assertThat(
              api.call(Method.PATCH, "/clients/" + id, Map.of("callbacks", List.of(url))).error())
          .isEqualTo(
              "400 invalid_body Payload validation error: 'Object didn't pass validation for format absolute-uri' on property callbacks.");
    }
    for (var body :
        List.of(
            Map.of(),
            Map.of("name", ""),
            Map.of("name", "x", "client_id", "mine"),
            Map.of("name", "x", "client_secret", "mine"),
            Map.of("name", "x", "app_type", "worm"),
            Map.of("name", "x", "grant_types", List.of("magic")),
            Map.of("name", "x", "client_metadata", Map.of("a", 1)))) {
      assertThat(api.call(Method.POST, "/clients", body).error()).startsWith("400 invalid_body");
    }
    assertThat(api.call(Method.GET, "/clients?from=%21&take=2").error())
        .startsWith("400 invalid_query_string");
  }

  @Test
  void API_02_TEN_02_another_tenants_clients_are_not_there() {
    var bank = created("Bank");
    for (var answer :
        List.of(
            api.call(api.other, Method.GET, "/clients/" + bank, api.everyScope()),
            api.call(api.other, Method.PATCH, "/clients/" + bank, api.everyScope(), Map.of()),
            api.call(api.other, Method.DELETE, "/clients/" + bank, api.everyScope()),
            api.call(
                api.other, Method.POST, "/clients/" + bank + "/rotate-secret", api.everyScope()),
            api.call(
                api.other,
                Method.POST,
                "/client-grants",
                api.everyScope(),
                Map.of(
                    "client_id",
                    bank,
                    "audience",
                    "https://other.example/api/v2/",
                    "scope",
                    List.of())),
            api.call(
                api.other,
                Method.PATCH,
                "/connections/con_passwords/clients",
                api.everyScope(),
                List.of(Map.of("client_id", bank, "status", false))))) {
      assertThat(answer.error()).isEqualTo("404 inexistent_client The client does not exist.");
    }
    assertThat(api.call(api.other, Method.GET, "/clients?is_global=false", api.everyScope()).json())
        .isEmpty();
    assertThat(api.told(api.other)).isEmpty();
  }
}
