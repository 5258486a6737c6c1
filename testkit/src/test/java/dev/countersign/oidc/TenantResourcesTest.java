package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is set by the Management API counts: for sign-ins, tokens, sessions and mails. */
@WorldTest
class TenantResourcesTest {
  private static final String ORDERS = "https://orders.example/api";

  private static Admin.Answered does(Company company, Method method, String path, Object body) {
    var answered = company.admin().call(method, path, Json.write(body));
    assertThat(answered.status()).as(answered.text()).isBetween(200, 204);
    return answered;
  }

  private static void enable(Company company, Client client, boolean status) {
    does(
        company,
        Method.PATCH,
        "/connections/con_passwords/clients",
        List.of(Map.of("client_id", client.id(), "status", status)));
  }

  private static void orders(Company company, boolean offline) {
    does(
        company,
        Method.POST,
        "/resource-servers",
        Map.of(
            "identifier",
            ORDERS,
            "name",
            "Orders",
            "token_lifetime",
            600,
            "allow_offline_access",
            offline,
            "scopes",
            List.of(Map.of("value", "read:orders"), Map.of("value", "write:orders"))));
  }

  @Test
  void nobody_signs_in_to_an_application_for_which_the_connection_is_not_enabled(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var bank = Client.web(world, acme);
    var shop = Client.web(world, acme);
    var browser = world.browser();
    bank.opens(browser, Map.of());
    browser.submit(Map.of("identifier", ana.name()));
    enable(acme, bank, false);

    browser.submit(Map.of("password", ana.password()));
    assertThat(browser.page().parameters())
        .as("a sign-in that was under way")
        .containsEntry("error", "unauthorized_client");
    assertThat(bank.opens(browser, Map.of()).parameters())
        .containsEntry("error", "unauthorized_client");
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .as("in a session of another application")
        .containsEntry("error", "unauthorized_client");
    assertThat(shop.signsIn(ana, world.browser(), Map.of())).containsKey("code");
    enable(acme, bank, true);
    assertThat(bank.signsIn(ana, world.browser(), Map.of())).containsKey("code");
  }

  @Test
  void nor_does_it_sign_anybody_in_by_itself(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var counter =
        Client.of(
            world,
            acme,
            Application.Type.REGULAR_WEB,
            it -> it.with(draft -> draft.grantTypes = Application.DIRECT));
    Map<String, String> asked =
        Map.of("grant_type", "password", "username", ana.name(), "password", ana.password());
    assertThat(Client.json(counter.token(asked)).has("access_token")).isTrue();

    enable(acme, counter, false);

    assertThat(Client.error(counter.token(asked))).isEqualTo("unauthorized_client");
  }

  @Test
  void tokens_are_for_the_usual_audience_where_none_is_named_and_live_as_long_as_it_says(
      World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    orders(acme, true);
    does(acme, Method.PATCH, "/tenants/settings", Map.of("default_audience", ORDERS));

    var code =
        bank.signsIn(
                acme.person("ana"),
                world.browser(),
                Map.of("scope", "openid offline_access read:orders burn:orders"))
            .get("code");
    var tokens = Client.json(bank.redeem(code));

    var claims = Client.claims(tokens.path("access_token").asString());
    assertThat(Client.texts(claims.path("aud"))).contains(ORDERS);
    assertThat(claims.path("scope").asString()).isEqualTo("openid offline_access read:orders");
    assertThat(tokens.path("expires_in").intValue()).isEqualTo(600);
    assertThat(tokens.has("refresh_token")).isTrue();
  }

  @Test
  void an_API_that_allows_nothing_offline_gives_no_refresh_tokens(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    orders(acme, false);

    var code =
        bank.signsIn(acme.person("ana"), world.browser(), Map.of("audience", ORDERS)).get("code");

    assertThat(Client.json(bank.redeem(code)).has("refresh_token")).isFalse();
  }

  @Test
  void a_grant_lets_an_application_in_and_a_scope_that_is_gone_allows_nothing(World world) {
    var acme = world.tenant("acme");
    orders(acme, false);
    var made =
        does(acme, Method.POST, "/clients", Map.of("name", "Robot", "app_type", "non_interactive"))
            .json();
    var id = made.path("client_id").asString();
    does(
        acme,
        Method.POST,
        "/client-grants",
        Map.of(
            "client_id", id, "audience", ORDERS, "scope", List.of("read:orders", "write:orders")));
    var robot = Client.web(world, acme);
    Map<String, String> asked =
        Map.of(
            "grant_type",
            "client_credentials",
            "audience",
            ORDERS,
            "client_id",
            id,
            "client_secret",
            made.path("client_secret").asString());
    assertThat(Client.json(robot.token(asked)).path("scope").asString())
        .isEqualTo("read:orders write:orders");

    does(
        acme,
        Method.PATCH,
        "/resource-servers/" + URLEncoder.encode(ORDERS, StandardCharsets.UTF_8),
        Map.of("scopes", List.of(Map.of("value", "read:orders"))));

    assertThat(Client.json(robot.token(asked)).path("scope").asString()).isEqualTo("read:orders");
    does(acme, Method.POST, "/clients/" + id + "/rotate-secret", Map.of());
    assertThat(Client.error(robot.token(asked))).isEqualTo("access_denied");
  }

  @Test
  void sessions_last_as_long_as_was_set(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    does(acme, Method.PATCH, "/tenants/settings", Map.of("session_lifetime_in_minutes", 60));
    var browser = world.browser();
    bank.signsIn(acme.person("ana"), browser, Map.of());

    world.later(Duration.ofMinutes(59));
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters()).containsKey("code");
    world.later(Duration.ofMinutes(2));
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .containsEntry("error", "login_required");
  }

  @Test
  void rules_match_on_roles_that_are_given_by_the_API(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    does(
        acme,
        Method.PUT,
        "/enforcement",
        Map.of(
            "mode",
            "off",
            "rules",
            List.of(Map.of("name", "Admins", "roles", List.of("admins"), "mode", "required"))));
    ana.signsIn().isIn();
    var role = does(acme, Method.POST, "/roles", Map.of("name", "admins")).json();

    does(
        acme,
        Method.POST,
        "/roles/" + role.path("id").asString() + "/users",
        Map.of("users", List.of(ana.id().value())));

    ana.signsIn().isAskedToSetUp();
  }

  @Test
  void mails_are_in_the_tenants_own_words_and_what_is_put_in_is_escaped(World world) {
    var acme = world.tenant("acme").inviting("email");
    var ana = acme.person("ana").given("email", Map.of("email", acme.person("ana").email()));
    does(acme, Method.PATCH, "/tenants/settings", Map.of("friendly_name", "Acme <b> & Sons"));
    does(
        acme,
        Method.POST,
        "/email-templates",
        Map.of(
            "template", "mfa_oob_code",
            "subject", "Hello from {{friendly_name}}",
            "body", "<i>{{ code }}</i> for {{user.email}} of {{ friendly_name }}",
            "enabled", true));
    does(
        acme,
        Method.POST,
        "/email-templates",
        Map.of(
            "template", "reset_email",
            "body", "<a href=\"{{ url }}\">here</a>",
            "enabled", true));

    ana.signsIn().isAskedForCode();
    var mail =
        ana.mails().stream()
            .filter(it -> it.subject().equals("Hello from Acme <b> & Sons"))
            .findFirst()
            .orElseThrow();
    assertThat(mail.html())
        .matches("<i>[0-9]{6}</i> for " + ana.email() + " of Acme &lt;b&gt; &amp; Sons");
    assertThat(mail.plain()).as("the other part is ours").contains("Type it only at");

    world
        .wiring()
        .newPasswords
        .askPasswordReset
        .ask(acme.id(), ana.name(), world.node().occasion());
    assertThat(ana.mails().getLast().html())
        .startsWith("<a href=\"" + acme.origin() + "/u/password/reset?ticket=");
    does(acme, Method.PATCH, "/email-templates/reset_email", Map.of("enabled", false));
    world.later(Duration.ofMinutes(5));
    world
        .wiring()
        .newPasswords
        .askPasswordReset
        .ask(acme.id(), ana.name(), world.node().occasion());
    assertThat(ana.mails().getLast().html()).doesNotStartWith("<a href");
  }

  @Test
  void API_05_mails_go_by_the_tenants_own_host_whose_password_is_told_to_nobody_else(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var password = "hunter2-hunter2-hunter2";
    world.canaries().password(password);
    try (var sink = MailSink.open(InstantSource.system())) {
      Map<String, Object> host = Map.of("smtp_host", "127.0.0.1", "smtp_port", sink.port());
      does(
          acme,
          Method.POST,
          "/emails/provider",
          Map.of(
              "name",
              "smtp",
              "enabled",
              true,
              "default_from_address",
              "us@acme.example",
              "credentials",
              host));
      world
          .wiring()
          .newPasswords
          .askPasswordReset
          .ask(acme.id(), ana.name(), world.node().occasion());
      assertThat(ana.mails()).as("by the server's host").isEmpty();
      assertThat(sink.mails()).hasSize(1);
      assertThat(sink.mails().getFirst().source()).contains("us@acme.example");

      var named =
          does(
              acme,
              Method.PATCH,
              "/emails/provider",
              Map.of(
                  "credentials",
                  Map.of(
                      "smtp_host",
                      "127.0.0.1",
                      "smtp_port",
                      sink.port(),
                      "smtp_user",
                      "acme",
                      "smtp_pass",
                      password)));
      assertThat(named.text()).doesNotContain(password);
      assertThat(acme.admin().get("/emails/provider").text())
          .contains("acme")
          .doesNotContain("pass");
      assertThat(
              acme.admin()
                  .call(
                      Method.PATCH,
                      "/emails/provider",
                      "{\"credentials\":{\"smtp_host\":\"localhost\"}}")
                  .status())
          .as("the password for another host")
          .isEqualTo(400);
      does(acme, Method.PATCH, "/emails/provider", Map.of("enabled", false));
      world.later(Duration.ofMinutes(5));
      world
          .wiring()
          .newPasswords
          .askPasswordReset
          .ask(acme.id(), ana.name(), world.node().occasion());
      assertThat(ana.mails()).as("by the server's host, as the other is off").hasSize(1);
    }
    for (var host : List.of("10.1.2.3", "169.254.169.254", "[::1]")) {
      var refused =
          acme.admin()
              .call(
                  Method.PATCH,
                  "/emails/provider",
                  Json.write(
                      Map.of(
                          "credentials",
                          Map.of("smtp_host", host, "smtp_port", 587, "smtp_user", ""))));
      assertThat(refused.status()).as(host).isEqualTo(400);
    }
    assertThat(acme.admin().call(Method.DELETE, "/emails/provider", "").status()).isEqualTo(204);
  }
}
