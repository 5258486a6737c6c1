package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.signin.password.Passwords;
import dev.countersign.web.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static final String GOOD = "violet harbour 42 lantern";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private ManagementApi.Answer create(Object... more) {
    Map<String, Object> body = new HashMap<>(Map.of("connection", Person.PASSWORD_CONNECTION));
    for (int i = 0; i < more.length; i += 2) {
      body.put((String) more[i], more[i + 1]);
    }
    return api.call(Method.POST, "/users", body);
  }

  private Optional<Passwords.Kept> kept(String id) {
    return api.wiring.ground.database.read(
        tx -> api.wiring.proofs.passwords.find(tx, api.acme.id(), new UserId(id)));
  }

  private Passwords.Check check(String id, String typed) {
    return api.wiring.proofs.passwords.check(Secret.of(typed), kept(id));
  }

  @Test
  void a_person_is_created_shown_found_and_removed() {
    var made =
        create(
            "email",
            "Ana@Example.com",
            "username",
            "ana",
            "password",
            GOOD,
            "name",
            "Ana",
            "app_metadata",
            Map.of("groups", List.of("staff"), "plan", "gold"));

    assertThat(made.status()).isEqualTo(201);
    var id = made.text("user_id");
    assertThat(id).startsWith("auth0|");
    assertThat(made.json().at("/identities/0").toString())
        .isEqualTo(
            "{\"connection\":\"Username-Password-Authentication\",\"provider\":\"auth0\",\"user_id\":\""
                + id.substring(6)
                + "\",\"isSocial\":false}");
    assertThat(made.json().get("app_metadata").toString())
        .isEqualTo("{\"plan\":\"gold\",\"groups\":[\"staff\"]}");
    assertThat(api.call(Method.GET, "/users/" + ManagementApi.encoded(id)).json())
        .isEqualTo(made.json());
    assertThat(api.call(Method.GET, "/users/" + id).json()).isEqualTo(made.json());
    assertThat(
            api.call(Method.GET, "/users/" + ManagementApi.encoded(id) + "?fields=email,name")
                .reply()
                .bodyText())
        .isEqualTo("{\"email\":\"Ana@Example.com\",\"name\":\"Ana\"}");
    assertThat(api.call(Method.GET, "/users-by-email?email=ana%40EXAMPLE.com").json()).hasSize(1);
    assertThat(
            api.call(Method.GET, "/users?q=email%3A%22ana%40example.com%22&search_engine=v3")
                .json())
        .hasSize(1);
    assertThat(api.call(Method.GET, "/users?q=username:ana&include_totals=true").text("total"))
        .isEqualTo("1");
    assertThat(check(id, GOOD)).isInstanceOf(Passwords.Check.Right.class);
    assertThat(api.call(Method.DELETE, "/users/" + ManagementApi.encoded(id)).status())
        .isEqualTo(204);
    assertThat(api.call(Method.DELETE, "/users/" + ManagementApi.encoded(id)).status())
        .isEqualTo(204);
    assertThat(api.call(Method.GET, "/users/" + ManagementApi.encoded(id)).error())
        .isEqualTo("404 inexistent_user The user does not exist.");
    assertThat(api.told(api.acme)).containsExactly("user.created", "user.deleted");
  }

  @Test
  void a_name_that_is_taken_is_a_conflict_and_an_unknown_connection_an_error() {
    create("email", "ana@example.com");

    assertThat(create("email", "ANA@example.com").error())
        .isEqualTo("409 auth0_idp_error The user already exists.");
    assertThat(create("email", "b@example.com", "connection", "elsewhere").error())
        .startsWith("400 inexistent_connection");
    assertThat(create().error()).startsWith("400 invalid_body").endsWith("on property email.");
    assertThat(create("username", "a@b").error()).endsWith("on property username.");
    assertThat(create("email", "nonsense").error()).endsWith("on property email.");
    assertThat(create("username", "ana", "phone_number", "0151").error())
        .endsWith("on property phone_number.");
  }

  @Test
  void passwords_are_judged_and_hashes_from_elsewhere_taken_as_they_are() {
    assertThat(create("username", "ana", "password", "short").error())
        .startsWith("400 invalid_body PasswordStrengthError: ");
    assertThat(create("username", "ana", "password", GOOD, "password_hash", "x").error())
        .endsWith("on property password.");
    assertThat(create("username", "ana", "password_hash", "md5:abc").error())
        .endsWith("on property password_hash.");
    // The bcrypt hash of "U*U" among the test vectors of its authors.
    var bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    var id =
        create(
                "username",
                "ana",
                "custom_password_hash",
                Map.of("algorithm", "bcrypt", "hash", Map.of("value", bcrypt, "encoding", "utf8")))
            .text("user_id");
    assertThat(check(id, "U*U")).isInstanceOf(Passwords.Check.Right.class);
  }

  @Test
  void API_05_no_answer_shows_a_password_a_hash_a_seed_or_a_whole_number() {
    var id =
        create("username", "ana", "password", GOOD, "phone_number", "+491701234567")
            .text("user_id");
    api.app(api.acme, new UserId(id));
    var hash = kept(id).orElseThrow().hash().reveal();
    for (var path :
        List.of(
            "/users",
            "/users/" + id,
            "/users/" + id + "/authentication-methods",
            "/users/" + id + "/enrollments",
            "/users/" + id + "/logs",
            "/logs",
            "/users/" + id + "/sessions",
            "/guardian/factors")) {
      assertThat(api.call(Method.GET, path).reply().bodyText())
          .isNotEmpty()
          .doesNotContain(GOOD, hash, "JBSWY3DP", "+49170", "1701234567", "argon2");
    }
    assertThat(api.call(Method.GET, "/users/" + id).text("phone_number"))
        .isEqualTo("XXXXXXXXX4567");
  }

  @Test
  void API_05_a_mask_sent_back_keeps_the_number() {
    var id = create("username", "ana", "phone_number", "+491701234567").text("user_id");

    assertThat(
            api.call(
                    Method.PATCH,
                    "/users/" + id,
                    Map.of("phone_number", "XXXXXXXXX4567", "name", "Ana"))
                .status())
        .isEqualTo(200);
    assertThat(
            api.call(Method.PATCH, "/users/" + id, Map.of("phone_number", "XXXXXXXXX9999")).error())
        .endsWith("on property phone_number.");

    var person =
        api.wiring
            .ground
            .database
            .read(tx -> api.wiring.ground.people.find(tx, api.acme.id(), new UserId(id)))
            .orElseThrow();
    assertThat(person.phone()).isEqualTo("+491701234567");
    assertThat(person.name()).isEqualTo("Ana");
  }

  @Test
  void a_change_merges_metadata_and_leaves_the_rest() {
    var id =
        create(
                "email",
                "ana@example.com",
                "email_verified",
                true,
                "user_metadata",
                Map.of("a", 1, "b", Map.of("c", 2)),
                "app_metadata",
                Map.of("roles", List.of("admin")))
            .text("user_id");
    Map<String, Object> merged = new HashMap<>();
    merged.put("a", null);
    merged.put("d", List.of(3));

    var changed =
        api.call(
            Method.PATCH,
            "/users/" + id,
            Map.of("user_metadata", merged, "app_metadata", Map.of("plan", "gold")));

    assertThat(changed.json().get("user_metadata").toString())
        .isEqualTo("{\"b\":{\"c\":2},\"d\":[3]}");
    assertThat(changed.json().get("app_metadata").toString())
        .isEqualTo("{\"plan\":\"gold\",\"roles\":[\"admin\"]}");
    assertThat(changed.text("email_verified")).isEqualTo("true");
    assertThat(
            api.call(Method.PATCH, "/users/" + id, Map.of("email", "new@example.com"))
                .text("email_verified"))
        .isEqualTo("false");
    assertThat(
            api.call(Method.PATCH, "/users/" + id, Map.of("app_metadata", Map.of("roles", "admin")))
                .error())
        .endsWith("on property app_metadata.roles.");
    var nobody = new HashMap<String, Object>();
    nobody.put("email", null);
    assertThat(api.call(Method.PATCH, "/users/" + id, nobody).status()).isEqualTo(400);
  }

  @Test
  void blocking_and_a_new_password_are_recorded_and_change_what_counts() {
    var id = create("username", "ana", "password", GOOD).text("user_id");

    assertThat(api.call(Method.PATCH, "/users/" + id, Map.of("blocked", true)).text("blocked"))
        .isEqualTo("true");
    assertThat(api.call(Method.PATCH, "/users/" + id, Map.of("password", GOOD + " more")).status())
        .isEqualTo(200);

    assertThat(check(id, GOOD)).isInstanceOf(Passwords.Check.Wrong.class);
    assertThat(check(id, GOOD + " more")).isInstanceOf(Passwords.Check.Right.class);
    assertThat(api.told(api.acme))
        .containsExactly("user.created", "user.changed", "user.password_changed");
    assertThat(api.call(Method.DELETE, "/users/" + id + "/sessions").status()).isEqualTo(204);
    assertThat(api.call(Method.GET, "/users/" + id + "/sessions").reply().bodyText())
        .isEqualTo("{\"sessions\":[]}");
  }

  @Test
  void lists_come_in_pages_in_either_order() {
    for (var name : List.of("ana", "bea", "cid")) {
      create("username", name);
      api.later(Duration.ofSeconds(1));
    }

    var first = api.call(Method.GET, "/users?per_page=2&include_totals=true");
    assertThat(
            List.of(
                first.text("start"),
                first.text("limit"),
                first.text("length"),
                first.text("total")))
        .containsExactly("0", "2", "2", "3");
    assertThat(first.json().get("users"))
        .extracting(it -> it.get("username").stringValue())
        .containsExactly("ana", "bea");
    assertThat(api.call(Method.GET, "/users?per_page=2&page=1&sort=created_at:-1").json())
        .extracting(it -> it.get("username").stringValue())
        .containsExactly("ana");
    assertThat(api.call(Method.GET, "/users?per_page=0").json()).isEmpty();
  }

  @Test
  void a_list_is_read_on_from_a_checkpoint_and_meets_everybody_once() {
    for (int i = 0; i < 7; i++) {
      api.person(api.acme, "p" + i); // All of one millisecond.
    }
    api.later(Duration.ofMillis(1));
    for (int i = 7; i < 12; i++) {
      api.person(api.acme, "p" + i);
    }
    api.person(api.other, "stranger");
    List<String> met = new ArrayList<>();
    var next = "";
    int pages = 0;
    do {
      var page =
          api.call(
              Method.GET,
              "/users?take=5&include_totals=true" + (next.isEmpty() ? "" : "&from=" + next));
      page.json().get("users").forEach(user -> met.add(user.get("name").stringValue()));
      next = page.json().path("next").asString("");
      pages++;
    } while (!next.isEmpty());

    assertThat(pages).isEqualTo(3);
    assertThat(met).hasSize(12).doesNotHaveDuplicates().doesNotContain("stranger");
    for (var wrong : List.of("x", "AAAA", "%2B%2B", "MTIzNA")) {
      assertThat(api.call(Method.GET, "/users?take=5&from=" + wrong).error())
          .startsWith("400 invalid_query_string");
    }
    assertThat(api.call(Method.GET, "/users?take=101").error())
        .startsWith("400 invalid_query_string");
  }

  @Test
  void API_08_pages_by_number_and_totals_reach_a_thousand() {
    api.wiring.ground.database.run(tx -> {
      for (int i = 0; i < 1001; i++) {
        api.wiring.ground.people.add(
            tx, api.acme.id(), People.Newcomer.named("p" + i, null), api.now());
      }
    });

    var last = api.call(Method.GET, "/users?page=9&per_page=100&include_totals=true");

    assertThat(last.json().get("users")).hasSize(100);
    assertThat(last.text("total")).isEqualTo("1000");
    assertThat(api.call(Method.GET, "/users?page=10&per_page=100").error())
        .isEqualTo(
            "400 invalid_query_string Query validation error: 'Pages reach the first 1000; read on with take and from' on property page.");
  }

  @Test
  void a_search_names_one_person_and_says_what_else_they_are() {
    var made =
        create(
            "email",
            "ana@example.com",
            "username",
            "ana",
            "name",
            "Ana Lima",
            "app_metadata",
            Map.of("plan", "gold", "groups", List.of("staff"), "org", Map.of("unit", "x1")));
    var id = made.text("user_id");
    for (var q :
        List.of(
            "email:\"ANA@example.com\"",
            "username:ana",
            "user_id:\"" + id + "\"",
            "email:\"ana@example.com\" AND identities.connection:\"Username-Password-Authentication\"",
            "app_metadata.plan:\"gold\" AND email:\"ana@example.com\"",
            "username:ana AND app_metadata.groups:staff AND app_metadata.org.unit:x1",
            "username:ana AND name:\"ana lima\" AND blocked:false AND email_verified:false")) {
      assertThat(found(q).json()).as(q).hasSize(1);
    }
    for (var q :
        List.of(
            "username:ana AND app_metadata.plan:silver",
            "username:ana AND blocked:true",
            "username:ana AND user_metadata.plan:gold",
            "email:\"ben@example.com\"")) {
      assertThat(found(q).json()).as(q).isEmpty();
    }
    for (var q :
        List.of(
            "name:\"Ana Lima\"",
            "email:ana*",
            "blocked:true",
            "email:\"a@b.cd\" OR email:\"c@d.ef\"",
            "document:x",
            "ana",
            "username:ana AND")) {
      assertThat(found(q).error()).as(q).startsWith("400 invalid_query_string");
    }
    assertThat(found("name:\"Ana Lima\"").error()).contains("Nobody is found by name alone.");
    assertThat(api.call(Method.GET, "/users?take=5&q=username:ana").error())
        .startsWith("400 invalid_query_string");
  }

  private ManagementApi.Answer found(String q) {
    return api.call(
        Method.GET, "/users?search_engine=v3&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8));
  }
}
