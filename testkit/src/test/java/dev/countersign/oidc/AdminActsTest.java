package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.StepUp;
import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** People who administer by the Management API: what they may do, and what they prove before they do the worst of it. */
@WorldTest
class AdminActsTest {
  private static final Duration STEP = Duration.ofSeconds(31);

  /** A company with a console, and somebody in it who may do this much by it. */
  private record Office(World world, Company acme, Client console, Someone olga) {
    static Office of(World world, String... permissions) {
      var acme = world.tenant("acme").demandingNothing();
      var console = Client.web(world, acme);
      done(
          acme.admin()
              .post(
                  "/client-grants",
                  "{\"client_id\":\"%s\",\"audience\":\"%s\",\"subject_type\":\"user\",\"scope\":[%s]}"
                      .formatted(
                          console.id(),
                          Api.managementAudience(console.issuer()),
                          Apis.managementScopes().stream()
                              .map(it -> "\"" + it + "\"")
                              .collect(Collectors.joining(",")))),
          201);
      var role =
          done(acme.admin().post("/roles", "{\"name\":\"operator\"}"), 200).path("id").asString("");
      done(
          acme.admin()
              .post(
                  "/roles/" + role + "/permissions",
                  "{\"permissions\":[%s]}"
                      .formatted(
                          List.of(permissions).stream()
                              .map(it ->
                                  "{\"resource_server_identifier\":\"%s\",\"permission_name\":\"%s\"}"
                                      .formatted(Api.managementAudience(console.issuer()), it))
                              .collect(Collectors.joining(",")))),
          201);
      return new Office(
          world,
          acme,
          console,
          acme.person("olga").withRole("operator").enrolledIn("otp", "recovery-code"));
    }

    private static JsonNode done(Admin.Answered answered, int status) {
      assertThat(answered.status()).as(answered.text()).isEqualTo(status);
      return answered.json();
    }

    Map<String, String> asking(String scopes) {
      return Map.of(
          "audience", Api.managementAudience(console.issuer()), "scope", "openid " + scopes);
    }

    String signsIn(Browser browser) {
      return token(console.signsIn(olga, browser, asking(all())));
    }

    String token(Map<String, String> answer) {
      var redeemed = console.redeem(answer.get("code"));
      assertThat(redeemed.status()).as(redeemed.text()).isEqualTo(200);
      return Client.json(redeemed).path("access_token").asString("");
    }

    static String all() {
      return String.join(" ", Apis.managementScopes());
    }

    Wire.Received call(String token, Method method, String path, String body) {
      return world
          .node()
          .send(
              new Wire.Sent(
                  method,
                  URI.create(acme.url("/api/v2" + path.replace("|", "%7C"))),
                  Map.of(
                      "content-type",
                      List.of("application/json"),
                      "authorization",
                      List.of("Bearer " + token)),
                  body.getBytes(StandardCharsets.UTF_8)));
    }

    /** The three that are on by default. */
    Map<String, Wire.Received> acts(String token) {
      var victim = acme.person("ben").enrolledIn("otp", "recovery-code");
      var doomed = Client.web(world, acme);
      return Map.of(
          "admin:delete_client",
          call(token, Method.DELETE, "/clients/" + doomed.id(), ""),
          "admin:reset_mfa",
          call(token, Method.DELETE, "/users/" + victim.id().value() + "/authenticators", ""),
          "admin:export_users",
          call(token, Method.POST, "/jobs/users-exports", "{\"format\":\"csv\"}"));
    }

    String raised(Browser browser, String header) {
      var values = header.replaceAll(".*acr_values=\"([^\"]*)\".*", "$1");
      var age = header.replaceAll(".*max_age=\"([^\"]*)\".*", "$1");
      var params = new HashMap<>(asking(all()));
      params.put("acr_values", values);
      params.put("max_age", age);
      return token(console.signsIn(olga, browser, params));
    }
  }

  private static String challenge(Wire.Received answered) {
    assertThat(answered.status()).as(answered.text()).isEqualTo(401);
    var body = Client.json(answered);
    assertThat(body.path("error").asString("")).isEqualTo("Unauthorized");
    assertThat(body.path("attributes").path("error").asString(""))
        .isEqualTo("insufficient_user_authentication");
    return answered.header("www-authenticate").orElseThrow();
  }

  // What a person may do

  @Test
  void a_person_may_do_what_both_the_application_and_their_roles_permit(World world) {
    var office = Office.of(world, "read:clients", "read:users");
    var token = office.signsIn(world.browser());
    var claims = Client.claims(token);

    assertThat(Set.of(claims.path("scope").asString("").split(" ")))
        .containsExactlyInAnyOrder("openid", "read:clients", "read:users");
    assertThat(claims.path("acr").asString(""))
        .as("although nothing is demanded")
        .isEqualTo("aal2");
    assertThat(claims.path("sub").asString("")).isEqualTo(office.olga().id().value());
    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(200);
    assertThat(office.call(token, Method.DELETE, "/clients/x", "").status()).isEqualTo(403);

    var without = office.acme().person("ben").enrolledIn("otp", "recovery-code");
    var nothing =
        office.token(
            office.console().signsIn(without, world.browser(), office.asking(Office.all())));
    assertThat(office.call(nothing, Method.GET, "/clients", "").status()).isEqualTo(403);

    var other = Client.web(world, office.acme());
    var elsewhere =
        Client.json(
                other.redeem(
                    other
                        .signsIn(
                            office.olga(), world.later(STEP).browser(), office.asking(Office.all()))
                        .get("code")))
            .path("access_token")
            .asString("");
    assertThat(office.call(elsewhere, Method.GET, "/clients", "").status()).isEqualTo(403);
    var itself =
        office
            .console()
            .token(
                Map.of(
                    "grant_type",
                    "client_credentials",
                    "audience",
                    Api.managementAudience(office.console().issuer())));
    assertThat(itself.status()).as("for itself it may do nothing").isNotEqualTo(200);
  }

  @Test
  void what_is_taken_from_a_person_is_gone_at_once(World world) {
    var office = Office.of(world, "read:clients");
    var token = office.signsIn(world.browser());
    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(200);
    office.olga().withRole();
    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(403);
    office.olga().withRole("operator");
    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(200);
    office
        .acme()
        .admin()
        .call(
            Method.DELETE,
            "/users/" + office.olga().id().value().replace("|", "%7C") + "/sessions",
            "");
    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(401);

    var again = office.signsIn(world.later(STEP).browser());
    assertThat(office.call(again, Method.GET, "/clients", "").status()).isEqualTo(200);
    office.olga().blocked();
    assertThat(office.call(again, Method.GET, "/clients", "").status()).isEqualTo(401);
  }

  @Test
  void whoever_has_no_second_factor_sets_one_up_before_they_administer(World world) {
    var office = Office.of(world, "read:clients");
    office.acme().person("eva").withRole("operator");
    var browser = world.browser();
    office.console().opens(browser, office.asking("read:clients"));
    browser.submit(Map.of("identifier", "eva"));
    browser.submit(Map.of("password", office.acme().person("eva").password()));
    assertThat(browser.page().isElsewhere()).isFalse();
    assertThat(browser.page().has("button[value=skip]")).isFalse();
  }

  @Test
  void a_password_that_an_application_sends_administers_nothing(World world) {
    var office = Office.of(world, "read:clients");
    var direct =
        Client.of(
            world,
            office.acme(),
            Application.Type.REGULAR_WEB,
            it -> it.with(draft -> draft.grantTypes = Set.of(Application.PASSWORD)));
    assertThat(
            office
                .acme()
                .admin()
                .post(
                    "/client-grants",
                    "{\"client_id\":\"%s\",\"audience\":\"%s\",\"subject_type\":\"user\",\"scope\":[\"read:clients\"]}"
                        .formatted(direct.id(), Api.managementAudience(office.console().issuer())))
                .status())
        .isEqualTo(201);
    var eva = office.acme().person("eva").withRole("operator");
    var answered =
        direct.token(
            Map.of(
                "grant_type",
                "password",
                "username",
                eva.name(),
                "password",
                eva.password(),
                "audience",
                Api.managementAudience(office.console().issuer()),
                "scope",
                "openid read:clients"));
    assertThat(Client.json(answered).path("scope").asString("")).doesNotContain("read:clients");
  }

  // What they prove first

  @Test
  void STEP_02_admin_operations_ask_for_a_recent_proof_and_no_others_do(World world) {
    var office =
        Office.of(world, "read:clients", "delete:clients", "remove:authenticators", "read:users");
    var browser = world.browser();
    var token = office.signsIn(browser);
    world.later(Duration.ofMinutes(16));

    assertThat(office.call(token, Method.GET, "/clients", "").status()).isEqualTo(200);
    var refused = office.acts(token);
    refused.forEach((act, answered) ->
        assertThat(challenge(answered))
            .isEqualTo(
                "Bearer error=\"insufficient_user_authentication\", acr_values=\"aal2 act:%s\", max_age=\"900\""
                    .formatted(act.replace(":", "%3A"))));
    assertThat(office.acme().audit().last("api.denied").details().get("act"))
        .isIn(refused.keySet());

    world.later(STEP);
    var raised = office.raised(browser, challenge(refused.get("admin:reset_mfa")));
    office
        .acts(raised)
        .forEach((act, answered) -> assertThat(answered.status()).as(act).isLessThan(300));
    challenge(office.acts(token).get("admin:delete_client"));
    world.later(Duration.ofMinutes(16));
    office.acts(raised).values().forEach(AdminActsTest::challenge);

    office
        .acme()
        .policy(it ->
            it.steppingUp(
                List.of(
                    new StepUp(
                        "daily",
                        "Once a day",
                        Set.of("admin:*"),
                        Level.AAL2,
                        StepUp.Kind.ANY,
                        86_400))));
    office
        .acts(raised)
        .forEach((act, answered) -> assertThat(answered.status()).as(act).isLessThan(300));
  }

  @Test
  void STEP_02_a_policy_that_does_not_name_the_acts_of_admins_does_not_open_them(World world) {
    var office = Office.of(world, "delete:clients", "read:users");
    var token = office.signsIn(world.browser());
    // Whoever writes down their own rules has not thought of these, and a policy of before them
    // knew none.
    var saved =
        office
            .acme()
            .admin()
            .call(
                Method.PUT,
                "/enforcement",
                "{\"mode\":\"off\",\"step_ups\":[{\"name\":\"Payouts\",\"acts\":[\"operation:payout\",\"admin:export_users\"],\"lasts_seconds\":86400}]}");
    assertThat(saved.status()).as(saved.text()).isEqualTo(200);
    assertThat(Client.texts(saved.json().path("step_ups").path(1).path("acts")))
        .as("what holds is shown")
        .containsExactly("admin:delete_client", "admin:reset_mfa");

    world.later(Duration.ofMinutes(16));
    var acts = office.acts(token);
    assertThat(challenge(acts.get("admin:delete_client"))).contains("max_age=\"900\"");
    assertThat(acts.get("admin:export_users").status())
        .as("the one that is named goes by its own rule")
        .isEqualTo(200);
  }

  @Test
  void the_rule_is_one_of_the_policy_and_a_sign_in_of_just_now_is_enough(World world) {
    var office = Office.of(world, "delete:clients");
    var token = office.signsIn(world.browser());
    var shown = office.acme().admin().get("/enforcement").json().path("step_ups");
    assertThat(Client.texts(shown.path(1).path("acts")))
        .as("what the export shows")
        .containsExactly("admin:delete_client", "admin:export_users", "admin:reset_mfa");
    assertThat(office.acts(token).get("admin:delete_client").status())
        .as("right after signing in")
        .isEqualTo(204);
  }

  @Test
  void a_client_that_acts_for_itself_is_not_asked(World world) {
    var office = Office.of(world, "delete:clients");
    var token = office.acme().admin().bearer();
    world.later(Duration.ofHours(1));
    office
        .acts(token)
        .forEach((act, answered) -> assertThat(answered.status()).as(act).isLessThan(300));
  }

  @Test
  void the_log_names_the_person(World world) {
    var office = Office.of(world, "delete:clients");
    var token = office.signsIn(world.browser());
    assertThat(office.acts(token).get("admin:delete_client").status()).isEqualTo(204);
    assertThat(office.acme().audit().last("api.changed").actor())
        .isEqualTo(office.olga().id().value());
  }

  // How far they reach

  private static String one(Wire.Received answered) {
    assertThat(answered.status()).as(answered.text()).isEqualTo(403);
    assertThat(Client.json(answered).path("errorCode").asString(""))
        .isEqualTo("beyond_own_permissions");
    return Client.json(answered).path("message").asString("");
  }

  private static void fine(Wire.Received answered) {
    assertThat(answered.status()).as(answered.text()).isLessThan(300);
  }

  /** A role that permits this, as the tenant's own client makes it. */
  private static String role(Office office, String name, String permission) {
    var id =
        Office.done(office.acme().admin().post("/roles", "{\"name\":\"%s\"}".formatted(name)), 200)
            .path("id")
            .asString("");
    Office.done(
        office.acme().admin().post("/roles/" + id + "/permissions", permitting(office, permission)),
        201);
    return id;
  }

  private static String permitting(Office office, String permission) {
    return "{\"permissions\":[{\"resource_server_identifier\":\"%s\",\"permission_name\":\"%s\"}]}"
        .formatted(Api.managementAudience(office.console().issuer()), permission);
  }

  private static String path(Someone who) {
    return "/users/" + who.id().value();
  }

  @Test
  void nobody_hands_on_by_roles_what_they_may_not_do_themselves(World world) {
    var office =
        Office.of(
            world,
            "read:users",
            "update:users",
            "create:users",
            "create:role_members",
            "update:roles");
    var token = office.signsIn(world.browser());
    var narrow = role(office, "reader", "read:users");
    var wide = role(office, "keeper", "delete:clients");
    var ben = office.acme().person("ben");
    var roles = "{\"roles\":[\"%s\"]}";
    var users = "{\"users\":[\"%s\"]}";
    var named = "{\"app_metadata\":{\"roles\":[\"%s\"]}}";

    assertThat(one(office.call(token, Method.POST, path(ben) + "/roles", roles.formatted(wide))))
        .isEqualTo("Nobody hands on what their own token does not permit: delete:clients.");
    one(
        office.call(
            token, Method.POST, "/roles/" + wide + "/users", users.formatted(ben.id().value())));
    one(office.call(token, Method.PATCH, path(ben), named.formatted("keeper")));
    one(
        office.call(
            token,
            Method.POST,
            "/users",
            "{\"connection\":\"Username-Password-Authentication\",\"username\":\"eva\",\"app_metadata\":{\"roles\":[\"keeper\"]}}"));
    one(
        office.call(
            token,
            Method.POST,
            "/roles/" + narrow + "/permissions",
            permitting(office, "delete:clients")));
    assertThat(office.acme().audit().last("api.denied").details())
        .containsEntry("reason", "beyond_own_permissions");
    assertThat(office.acme().audit().last("api.denied").actor())
        .isEqualTo(office.olga().id().value());
    assertThat(office.acme().admin().get(path(ben).replace("|", "%7C")).text())
        .doesNotContain("keeper");

    fine(office.call(token, Method.POST, path(ben) + "/roles", roles.formatted(narrow)));
    fine(office.call(token, Method.PATCH, path(ben), named.formatted("of no permission")));
    fine(
        office.call(
            token,
            Method.POST,
            "/roles/" + narrow + "/permissions",
            permitting(office, "update:users")));
  }

  @Test
  void nobody_changes_their_own_roles(World world) {
    var office = Office.of(world, "update:users", "create:role_members");
    var token = office.signsIn(world.browser());
    var empty =
        Office.done(office.acme().admin().post("/roles", "{\"name\":\"empty\"}"), 200)
            .path("id")
            .asString("");
    var olga = office.olga();
    var roles = "{\"roles\":[\"%s\"]}".formatted(empty);

    assertThat(one(office.call(token, Method.POST, path(olga) + "/roles", roles)))
        .contains("their own roles");
    one(office.call(token, Method.DELETE, path(olga) + "/roles", roles));
    one(
        office.call(
            token,
            Method.POST,
            "/roles/" + empty + "/users",
            "{\"users\":[\"%s\"]}".formatted(olga.id().value())));
    one(office.call(token, Method.PATCH, path(olga), "{\"app_metadata\":{\"roles\":[]}}"));
    fine(
        office.call(
            token,
            Method.PATCH,
            path(olga),
            "{\"name\":\"Olga\",\"app_metadata\":{\"roles\":[\"operator\"]}}"));
  }

  @Test
  void nobody_takes_over_a_person_who_may_do_more(World world) {
    var office =
        Office.of(
            world,
            "read:users",
            "update:users",
            "remove:authenticators",
            "delete:guardian_enrollments",
            "create:authentication_methods");
    var token = office.signsIn(world.browser());
    role(office, "keeper", "delete:clients");
    var kim = office.acme().person("kim").withRole("keeper").enrolledIn("otp", "recovery-code");
    var ben = office.acme().person("ben").enrolledIn("otp", "recovery-code");
    var password = "{\"password\":\"a long and winding road\"}";

    assertThat(one(office.call(token, Method.PATCH, path(kim), password)))
        .contains("delete:clients");
    one(office.call(token, Method.DELETE, path(kim) + "/authenticators", ""));
    one(
        office.call(
            token,
            Method.POST,
            path(kim) + "/authentication-methods",
            "{\"type\":\"totp\",\"totp_secret\":\"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\"}"));
    var enrolment =
        office
            .acme()
            .admin()
            .get(path(kim).replace("|", "%7C") + "/enrollments")
            .json()
            .path(0)
            .path("id")
            .asString("");
    one(office.call(token, Method.DELETE, "/guardian/enrollments/" + enrolment, ""));

    fine(office.call(token, Method.GET, path(kim), ""));
    fine(office.call(token, Method.PATCH, path(ben), password));
    fine(office.call(token, Method.DELETE, path(ben) + "/authenticators", ""));
    fine(office.call(token, Method.PATCH, path(office.olga()), "{\"name\":\"Olga\"}"));
  }

  @Test
  void nobody_raises_an_application_or_takes_one_over_that_may_do_more(World world) {
    var office =
        Office.of(
            world,
            "read:clients",
            "create:client_grants",
            "update:client_grants",
            "update:client_keys",
            "update:clients");
    var token = office.signsIn(world.browser());
    var other = Client.web(world, office.acme());
    var audience = Api.managementAudience(office.console().issuer());
    var grant =
        "{\"client_id\":\"%s\",\"audience\":\"%s\",\"subject_type\":\"%s\",\"scope\":[\"%s\"]}";

    for (var subject : List.of("client", "user")) {
      one(
          office.call(
              token,
              Method.POST,
              "/client-grants",
              grant.formatted(other.id(), audience, subject, "delete:clients")));
    }
    var made =
        office.call(
            token,
            Method.POST,
            "/client-grants",
            grant.formatted(other.id(), audience, "client", "read:clients"));
    fine(made);
    one(
        office.call(
            token,
            Method.PATCH,
            "/client-grants/" + Client.json(made).path("id").asString(""),
            "{\"scope\":[\"read:clients\",\"delete:clients\"]}"));

    // The console may do everything in people's names.
    var console = "/clients/" + office.console().id();
    assertThat(one(office.call(token, Method.POST, console + "/rotate-secret", "")))
        .contains("delete:clients");
    one(
        office.call(
            token, Method.PATCH, console, "{\"callbacks\":[\"https://elsewhere.example/\"]}"));
    fine(office.call(token, Method.POST, "/clients/" + other.id() + "/rotate-secret", ""));
  }

  @Test
  void an_import_brings_in_nobody_who_may_do_more_than_who_ordered_it(World world) {
    var office = Office.of(world, "create:users", "read:users");
    var token = office.signsIn(world.browser());
    role(office, "keeper", "delete:clients");

    one(
        ordered(
            office,
            token,
            "[{\"username\":\"eva\",\"app_metadata\":{\"roles\":[\"keeper\"]}}]",
            false));
    assertThat(one(ordered(office, token, "[{\"username\":\"ben\"}]", true)))
        .contains("delete:clients");
    fine(
        ordered(
            office,
            token,
            "[{\"username\":\"eva\",\"app_metadata\":{\"roles\":[\"none\"]}}]",
            false));
  }

  private static Wire.Received ordered(Office office, String token, String file, boolean upsert) {
    var form =
        """
        --edge\r
        Content-Disposition: form-data; name="connection_id"\r
        \r
        con_passwords\r
        --edge\r
        Content-Disposition: form-data; name="upsert"\r
        \r
        %s\r
        --edge\r
        Content-Disposition: form-data; name="users"; filename="users.json"\r
        Content-Type: application/json\r
        \r
        %s\r
        --edge--\r
        """
            .formatted(upsert, file);
    return office
        .world()
        .node()
        .send(
            new Wire.Sent(
                Method.POST,
                URI.create(office.acme().url("/api/v2/jobs/users-imports")),
                Map.of(
                    "content-type",
                    List.of("multipart/form-data; boundary=edge"),
                    "authorization",
                    List.of("Bearer " + token)),
                form.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_client_that_acts_for_itself_is_not_bound(World world) {
    var office = Office.of(world, "read:users");
    var ben = office.acme().person("ben");
    var wide = role(office, "keeper", "delete:clients");
    fine(
        office.call(
            office.acme().admin().bearer(),
            Method.POST,
            path(ben) + "/roles",
            "{\"roles\":[\"%s\"]}".formatted(wide)));
  }
}
