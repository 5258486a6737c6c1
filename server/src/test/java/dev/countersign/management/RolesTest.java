package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roles by the Management API: one list, whether they are written by themselves or with people. */
class RolesTest {
  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String role(String name) {
    var made = api.call(Method.POST, "/roles", Map.of("name", name, "description", "Some"));
    assertThat(made.status()).isEqualTo(200);
    return made.text("id");
  }

  private static String path(UserId user) {
    return "/users/" + ManagementApi.encoded(user);
  }

  private Set<String> roles(UserId user) {
    return api.wiring
        .ground
        .database
        .read(tx -> api.wiring.ground.people.find(tx, api.acme.id(), user))
        .orElseThrow()
        .roles();
  }

  @Test
  void a_role_is_created_listed_changed_and_removed() {
    var id = role("admins");
    role("auditors");
    assertThat(api.call(Method.POST, "/roles", Map.of("name", "admins")).error())
        .startsWith("409 conflict");
    assertThat(
            api.call(Method.GET, "/roles?per_page=100&page=0&include_totals=true&type=tenant")
                .json()
                .path("roles")
                .findValuesAsString("name"))
        .containsExactly("admins", "auditors");
    assertThat(api.call(Method.GET, "/roles?name_filter=AUD").json()).hasSize(1);
    assertThat(api.call(Method.GET, "/roles?page=3").json()).isEmpty();
    assertThat(api.call(Method.PATCH, "/roles/" + id, Map.of("name", "auditors")).error())
        .startsWith("409 conflict");
    var changed = api.call(Method.PATCH, "/roles/" + id, Map.of("description", "All"));
    assertThat(api.call(Method.GET, "/roles/" + id).json()).isEqualTo(changed.json());
    assertThat(api.call(api.other, Method.GET, "/roles/" + id, api.everyScope()).error())
        .isEqualTo("404 inexistent_role The role does not exist.");
    assertThat(api.call(Method.DELETE, "/roles/" + id).status()).isEqualTo(204);
    assertThat(api.call(Method.DELETE, "/roles/" + id).error()).startsWith("404 inexistent_role");
  }

  @Test
  void people_get_roles_from_either_side_and_a_name_that_is_new_becomes_a_role() {
    var ana = api.person(api.acme, "ana");
    var ben = api.person(api.acme, "ben");
    var admins = role("admins");
    assertThat(
            api.call(Method.POST, path(ana) + "/roles", Map.of("roles", List.of(admins))).status())
        .isEqualTo(204);
    api.call(
        Method.PATCH,
        path(ben),
        Map.of("app_metadata", Map.of("roles", List.of("admins", "night"))));

    assertThat(roles(ana)).containsExactly("admins");
    assertThat(roles(ben)).containsExactlyInAnyOrder("admins", "night");
    assertThat(api.call(Method.GET, path(ana)).text("app_metadata", "roles"))
        .isEqualTo("[\"admins\"]");
    assertThat(api.call(Method.GET, "/roles").json().findValuesAsString("name"))
        .containsExactly("admins", "night");
    assertThat(api.call(Method.GET, path(ben) + "/roles").json().findValuesAsString("name"))
        .containsExactly("admins", "night");
    var holders = api.call(Method.GET, "/roles/" + admins + "/users?include_totals=true");
    assertThat(holders.text("total")).isEqualTo("2");
    assertThat(holders.json().path("users").findValuesAsString("email"))
        .containsExactlyInAnyOrder("ana@example.com", "ben@example.com");
    assertThat(api.call(Method.GET, "/roles/" + admins + "/users?take=1").json().has("next"))
        .isTrue();
    var night =
        api.call(Method.GET, "/roles?name_filter=night").json().get(0).path("id").stringValue("");
    assertThat(
            api.call(
                    Method.POST,
                    "/roles/" + night + "/users",
                    Map.of("users", List.of(ana.value())))
                .status())
        .isEqualTo(200);
    assertThat(
            api.call(Method.DELETE, path(ana) + "/roles", Map.of("roles", List.of(admins)))
                .status())
        .isEqualTo(204);
    assertThat(roles(ana)).containsExactly("night");
    assertThat(api.call(Method.DELETE, "/roles/" + night).status()).isEqualTo(204);
    assertThat(roles(ana)).isEmpty();
    assertThat(roles(ben)).containsExactly("admins");
  }

  @Test
  void a_role_that_a_rule_names_keeps_its_name_and_stays() {
    var id = role("admins");
    var ana = api.person(api.acme, "ana");
    api.call(Method.POST, path(ana) + "/roles", Map.of("roles", List.of(id)));
    api.call(
        Method.PUT,
        "/enforcement",
        Map.of(
            "mode",
            "optional",
            "rules",
            List.of(Map.of("name", "Admins", "roles", List.of("admins"), "mode", "required"))));
    assertThat(api.call(Method.DELETE, "/roles/" + id).error())
        .startsWith("409 operation_not_supported The enforcement rule ");
    assertThat(api.call(Method.PATCH, "/roles/" + id, Map.of("name", "chiefs")).error())
        .startsWith("409 operation_not_supported");
    assertThat(api.call(Method.PATCH, "/roles/" + id, Map.of("description", "x")).status())
        .isEqualTo(200);
    api.call(Method.PUT, "/enforcement", Map.of("mode", "optional", "rules", List.of()));
    assertThat(api.call(Method.PATCH, "/roles/" + id, Map.of("name", "chiefs")).status())
        .isEqualTo(200);
    assertThat(roles(ana)).containsExactly("chiefs");
  }

  @Test
  void permissions_are_those_of_APIs_that_there_are() {
    var id = role("admins");
    api.call(
        Method.POST,
        "/resource-servers",
        Map.of(
            "identifier",
            "urn:orders",
            "name",
            "Orders",
            "scopes",
            List.of(Map.of("value", "read:orders", "description", "See orders"))));
    var permission =
        Map.of(
            "permissions",
            List.of(
                Map.of(
                    "resource_server_identifier", "urn:orders", "permission_name", "read:orders")));
    var path = "/roles/" + id + "/permissions";
    assertThat(api.call(Method.POST, path, permission).status()).isEqualTo(201);
    assertThat(api.call(Method.POST, path, permission).status()).isEqualTo(201);
    var listed = api.call(Method.GET, path + "?include_totals=true").json();
    assertThat(listed.path("total").intValue()).isEqualTo(1);
    assertThat(listed.path("permissions").get(0).path("description").stringValue(""))
        .isEqualTo("See orders");
    assertThat(
            api.call(
                    Method.POST,
                    path,
                    Map.of(
                        "permissions",
                        List.of(
                            Map.of(
                                "resource_server_identifier",
                                "urn:orders",
                                "permission_name",
                                "burn:orders"))))
                .error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.DELETE, path, permission).status()).isEqualTo(204);
    assertThat(api.call(Method.GET, path).json()).isEmpty();
  }

  @Test
  void API_02_API_06_bad_names_and_other_tenants_people_are_refused() {
    var ana = api.person(api.acme, "ana");
    var bea = api.person(api.other, "bea");
    var id = role("admins");
    assertThat(
            api.call(Method.POST, "/roles/" + id + "/users", Map.of("users", List.of(bea.value())))
                .error())
        .startsWith("404 inexistent_user");
    assertThat(api.call(Method.POST, path(bea) + "/roles", Map.of("roles", List.of(id))).error())
        .startsWith("404 inexistent_user");
    assertThat(
            api.call(Method.POST, path(ana) + "/roles", Map.of("roles", List.of("rol_x"))).error())
        .startsWith("404 inexistent_role");
    assertThat(api.call(Method.POST, path(ana) + "/roles", Map.of("roles", "admins")).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.POST, "/roles", Map.of("name", "two\nlines")).error())
        .startsWith("400 invalid_body");
    assertThat(roles(ana)).isEmpty();
  }
}
