package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signing out at an application's wish. */
@WorldTest
class SignOutTest {
  private static final String BYE = "https%3A%2F%2Fbank.example%2Fbye";

  @Test
  void a_hint_signs_out_and_leads_back(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var browser = world.browser();
    var hint =
        Client.json(bank.redeem(bank.signsIn(acme.person("ana"), browser, Map.of()).get("code")))
            .path("id_token")
            .asString();

    var page =
        browser.open(
            acme.url(
                "/oidc/logout?id_token_hint="
                    + hint
                    + "&post_logout_redirect_uri="
                    + BYE
                    + "&state=s1"));
    assertThat(page.uri().toString()).isEqualTo("https://bank.example/bye?state=s1");
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .containsEntry("error", "login_required");
    acme.audit().endsWith("user.signed_in", "user.signed_out");
  }

  @Test
  void OIDC_08_nobody_is_signed_out_by_a_foreign_page(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var browser = world.browser();
    var hint =
        Client.json(bank.redeem(bank.signsIn(acme.person("ana"), browser, Map.of()).get("code")))
            .path("id_token")
            .asString();
    var access = hint.substring(0, hint.lastIndexOf('.')) + ".AAAA";

    for (var path :
        List.of(
            "/oidc/logout",
            "/oidc/logout?id_token_hint=" + access,
            "/oidc/logout?client_id=" + bank.id() + "&post_logout_redirect_uri=" + BYE,
            "/oidc/logout?id_token_hint="
                + hint
                + "&post_logout_redirect_uri=https%3A%2F%2Fevil.example",
            "/v2/logout",
            "/v2/logout?client_id=" + bank.id(),
            "/v2/logout?client_id=" + bank.id() + "&returnTo=https%3A%2F%2Fevil.example",
            "/v2/logout?returnTo=" + BYE)) {
      var page = browser.open(acme.url(path));
      assertThat(page.isElsewhere()).as(path).isFalse();
      assertThat(page.has("button[value=sign_out]")).as(path).isTrue();
      assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
          .as(path)
          .containsKey("code");
    }
    world.later(Mint.ID_LIFE);
    browser.open(acme.url("/oidc/logout?id_token_hint=" + hint));
    assertThat(browser.page().has("button[value=sign_out]")).isTrue();
    world.later(Duration.ofSeconds(1));
  }

  @Test
  void whoever_says_yes_is_signed_out_and_led_back(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var browser = world.browser();
    bank.signsIn(acme.person("ana"), browser, Map.of());

    browser.open(acme.url("/v2/logout?client_id=" + bank.id() + "&returnTo=" + BYE));
    browser.press("action", "sign_out");
    assertThat(browser.page().uri().toString()).isEqualTo("https://bank.example/bye");
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .containsEntry("error", "login_required");
  }

  @Test
  void without_an_application_the_tenants_own_list_says_where_to(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var tenants = world.wiring().ground.tenants;
    var tenant = tenants.get(acme.id());
    var portal = "https://portal.acme.example/bye";
    assertThat(tenants.save(tenant.withSettings(tenant.settings().withLogoutUrls(List.of(portal)))))
        .isTrue();
    var bank = Client.web(world, acme);
    var browser = world.browser();
    bank.signsIn(acme.person("ana"), browser, Map.of());
    var to = "returnTo=https%3A%2F%2Fportal.acme.example%2Fbye";

    for (var path :
        List.of(
            "/v2/logout?client_id=" + bank.id() + "&" + to,
            "/v2/logout?client_id=unknown&" + to,
            "/v2/logout?" + to + "%2F",
            "/oidc/logout?" + to.replace("returnTo", "post_logout_redirect_uri"))) {
      browser.open(acme.url(path));
      browser.press("action", "sign_out");
      assertThat(browser.page().isElsewhere()).as(path).isFalse();
      bank.signsIn(acme.person("ana"), browser, Map.of());
    }

    browser.open(acme.url("/v2/logout?" + to));
    assertThat(browser.page().isElsewhere()).as("asked first: a foreign page sent it").isFalse();
    browser.press("action", "sign_out");
    assertThat(browser.page().uri().toString()).isEqualTo(portal);
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .containsEntry("error", "login_required");
    assertThat(browser.open(acme.url("/v2/logout?" + to)).uri().toString()).isEqualTo(portal);
  }
}
