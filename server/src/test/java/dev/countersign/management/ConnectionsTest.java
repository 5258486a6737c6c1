package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.ClientId;
import dev.countersign.web.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The database connection by the Management API. */
class ConnectionsTest {
  private static final String NAME = "Username-Password-Authentication";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String id() {
    return api.call(Method.GET, "/connections?include_totals=true&take=50&strategy=auth0")
        .json()
        .path("connections")
        .get(0)
        .path("id")
        .stringValue("");
  }

  private String client() {
    return api.call(Method.POST, "/clients", Map.of("name", "Shop")).text("client_id");
  }

  private boolean connected(String client) {
    return api.wiring
        .ground
        .applications
        .find(api.acme.id(), new ClientId(client))
        .orElseThrow()
        .connected();
  }

  @Test
  void there_is_one_and_it_is_found_by_name_and_strategy() {
    assertThat(api.call(Method.GET, "/connections").json()).hasSize(1);
    assertThat(api.call(Method.GET, "/connections?name=" + NAME).json()).hasSize(1);
    assertThat(api.call(Method.GET, "/connections?strategy=auth0&strategy=email").json())
        .hasSize(1);
    assertThat(api.call(Method.GET, "/connections?strategy=email").json()).isEmpty();
    assertThat(api.call(Method.GET, "/connections?name=other").json()).isEmpty();
    assertThat(api.call(Method.GET, "/connections?page=1").json()).isEmpty();
    assertThat(api.call(Method.GET, "/connections/con_other").error())
        .isEqualTo("404 inexistent_connection The connection does not exist.");
    assertThat(
            api.call(Method.POST, "/connections", Map.of("name", NAME, "strategy", "auth0"))
                .error())
        .startsWith("409 conflict");
    assertThat(
            api.call(Method.POST, "/connections", Map.of("name", "x", "strategy", "google-oauth2"))
                .error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(Method.DELETE, "/connections/" + id()).error())
        .startsWith("403 operation_not_supported");
  }

  @Test
  void applications_are_enabled_and_disabled_all_or_none() {
    var one = client();
    var two = client();
    var path = "/connections/" + id() + "/clients";
    assertThat(api.call(Method.GET, path + "?take=1").json().path("clients")).hasSize(1);
    assertThat(
            api.call(
                    Method.PATCH,
                    path,
                    List.of(
                        Map.of("client_id", one, "status", false),
                        Map.of("client_id", "nobody", "status", false)))
                .error())
        .startsWith("404 inexistent_client");
    assertThat(connected(one)).isTrue();

    var done = api.call(Method.PATCH, path, List.of(Map.of("client_id", one, "status", false)));

    assertThat(done.status()).isEqualTo(204);
    assertThat(connected(one)).isFalse();
    assertThat(api.call(Method.GET, path).json().path("clients").findValuesAsString("client_id"))
        .containsExactly(two);
    assertThat(
            api.call(Method.PATCH, "/connections/" + id(), Map.of("enabled_clients", List.of(one)))
                .json()
                .path("enabled_clients")
                .toString())
        .isEqualTo("[\"" + one + "\"]");
    assertThat(connected(two)).isFalse();
    assertThat(api.call(Method.PATCH, "/clients/" + two, Map.of("name", "Other")).status())
        .isEqualTo(200);
    assertThat(connected(two)).isFalse();
    assertThat(api.call(Method.PATCH, path, List.of(Map.of("client_id", one))).error())
        .startsWith("400 invalid_body");
  }

  @Test
  void its_options_are_shown_as_they_are_and_taken_only_so() {
    var path = "/connections/" + id();
    var options = api.call(Method.GET, path).json().path("options");
    assertThat(api.call(Method.PATCH, path, Map.of("options", options)).json().path("options"))
        .isEqualTo(options);
    assertThat(options.path("password_complexity_options").path("min_length").intValue())
        .isEqualTo(8);
    for (Map<String, Object> promise :
        List.<Map<String, Object>>of(
            Map.of("passwordPolicy", "excellent"),
            Map.of("password_complexity_options", Map.of("min_length", 20)),
            Map.of("password_history", Map.of("enable", true, "size", 5)),
            Map.of("password_dictionary", Map.of("enable", true, "dictionary", List.of("acme"))),
            Map.of("brute_force_protection", false),
            Map.of("disable_signup", false),
            Map.of("mfa", Map.of("active", false)),
            Map.of("requires_username", true),
            Map.of("enabledDatabaseCustomization", true))) {
      assertThat(api.call(Method.PATCH, path, Map.of("options", promise)).error())
          .startsWith("403 operation_not_supported options.");
    }
    assertThat(api.call(Method.PATCH, path, Map.of("options", Map.of("magic", 1))).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.PATCH, path, Map.of("display_name", "People")).text("display_name"))
        .isEqualTo("People");
    assertThat(api.told(api.acme)).containsExactly("api.changed");
  }
}
