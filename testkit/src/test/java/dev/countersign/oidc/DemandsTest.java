package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.FactorId;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is demanded of people holds wherever they come from, and nobody else can act in their place. */
@WorldTest
class DemandsTest {
  private static Policy.Rule rule(String id, String group, Mode mode, Set<FactorId> factors) {
    return new Policy.Rule(id, id, Set.of(group), Set.of(), mode, factors);
  }

  private static boolean isSignedIn(Browser browser, Someone who) {
    return browser.copy().open(who.company().url("/account")).uri().getPath().equals("/account");
  }

  @Test
  void PICK_03_without_the_factor_that_is_required_no_application_gets_anything(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var bank = Client.web(world, acme);
    var shop = Client.of(world, acme, Application.Type.SPA, it -> it);
    var ana = acme.person("ana");
    var browser = world.browser();
    bank.opens(browser, Map.of());
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    assertThat(browser.page().has("button[name=factor]") || browser.page().has("#key")).isTrue();
    var setUp = browser.page().uri().toString();

    for (var client : List.of(bank, shop)) {
      var silent = browser.copy();
      assertThat(client.opens(silent, Map.of("prompt", "none")).parameters())
          .containsEntry("error", "login_required")
          .doesNotContainKey("code");
      var tab = browser.copy();
      client.opens(tab, Map.of());
      assertThat(tab.page().isElsewhere()).isFalse();
    }
    browser.open(setUp);
    browser.reload();
    assertThat(isSignedIn(browser, ana)).isFalse();
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void PICK_03_whoever_was_in_before_it_was_required_is_told_so_in_silence(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var ana = acme.person("ana");
    var browser = world.browser();
    bank.signsIn(ana, browser, Map.of());
    acme.requiring("otp");
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .containsEntry("error", "interaction_required");
  }

  @Test
  void PICK_04_whoever_joins_a_group_is_asked_by_the_next_application_and_the_next_refresh(
      World world) {
    var acme =
        world
            .tenant("acme")
            .demandingNothing()
            .policy(
                policy -> policy.withRules(List.of(rule("r1", "staff", Mode.REQUIRED, Set.of()))));
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    var code = bank.signsIn(ana, browser, Map.of()).get("code");
    var refresh = Client.json(bank.redeem(code)).path("refresh_token").asString("");

    ana.inGroup("staff");

    assertThat(Client.error(bank.refresh(refresh))).isEqualTo("mfa_required");
    assertThat(bank.opens(browser.copy(), Map.of("prompt", "none")).parameters())
        .containsEntry("error", "interaction_required");
    bank.opens(browser, Map.of());
    assertThat(browser.page().has("input[name=code]")).isTrue();
  }

  @Test
  void PICK_04_of_two_groups_the_stricter_one_counts(World world) {
    var otp = Set.of(new FactorId("otp"));
    var both = Set.of(new FactorId("otp"), new FactorId("push-notification"));
    var acme =
        world
            .tenant("acme")
            .demandingNothing()
            .policy(policy ->
                policy.withRules(
                    List.of(
                        rule("off", "guests", Mode.OFF, Set.of()),
                        rule("invited", "friends", Mode.OPTIONAL, both),
                        rule("must", "staff", Mode.REQUIRED, otp))));
    acme.policy(policy -> policy.allowing(new FactorId("push-notification"), true));
    var table =
        Map.of(
            List.of("guests"), "in",
            List.of("guests", "friends"), "invited",
            List.of("friends", "staff"), "must",
            List.of("guests", "staff"), "must",
            List.of("guests", "friends", "staff"), "must");
    int people = 0;
    for (var line : table.entrySet()) {
      var who = acme.person("p" + people++).inGroup(line.getKey().toArray(String[]::new));
      var page = who.signsIn().page();
      var met =
          page.uri().getPath().equals("/account")
              ? "in"
              : page.has("button[value=skip]") ? "invited" : "must";
      assertThat(met).as("%s", line.getKey()).isEqualTo(line.getValue());
      if (met.equals("must")) {
        assertThat(page.document().select("button[name=factor]").eachAttr("value"))
            .as("only what both rules take")
            .containsExactly("otp");
      }
    }
  }

  @Test
  void PICK_06_whose_factor_a_rule_no_longer_takes_proves_it_and_then_sets_another_up(World world) {
    var acme = world.tenant("acme").requiring("otp", "push-notification");
    var ana = acme.person("ana").enrolledIn("otp");
    acme.policy(policy ->
        policy.withRules(
            List.of(
                rule("r1", "staff", Mode.REQUIRED, Set.of(new FactorId("push-notification"))))));
    ana.inGroup("staff");

    var visit = ana.signsIn().isAskedForCode();
    assertThat(isSignedIn(visit.browser(), ana)).isFalse();
    visit.answers(ana.codeNow());
    assertThat(visit.page().status()).isEqualTo(200);
    assertThat(isSignedIn(visit.browser(), ana)).as("no free pass").isFalse();
    assertThat(visit.page().text())
        .contains("Set up another method", "in addition to what you have already set up");
    visit.pairsPhone().isIn();
  }

  @Test
  void PICK_10_in_an_old_session_another_factor_takes_fresh_proof_first_and_is_told(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(59));

    visit.browser().open(acme.url("/account/set-up/otp"));
    assertThat(visit.page().has("#key")).isFalse();
    visit.identifies().givesPassword(ana.password()).isAskedForCode().answers(ana.codeNow());
    acme.audit().endsWith("step_up.requested", "step_up.approved");
    assertThat(ana.mails()).isEmpty();
    ana.type(visit.page().element("#key").text());
    visit.browser().submit(Map.of("code", ana.codeNow()));

    assertThat(visit.page().text()).contains("was added");
    assertThat(ana.mails())
        .singleElement()
        .satisfies(mail -> assertThat(mail.subject()).contains("New sign-in method"));
    assertThat(acme.audit().count("mfa.factor_enrolled")).isEqualTo(2);
  }

  // Other sites

  @Test
  void PICK_13_no_form_of_ours_is_taken_from_another_site_or_without_our_token(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var visit = ana.signsIn().answers(ana.codeNow()).isIn();
    var csrf = visit.page().element("input[name=csrf]").val();
    var before = acme.audit().events().size();
    var forms =
        world.wiring().web.router.routes().stream()
            .filter(route -> route.guard() instanceof Guard.Form)
            .toList();
    assertThat(forms).hasSizeGreaterThan(20);

    for (var route : forms) {
      var uri =
          URI.create(acme.url(route.path().replaceAll("\\{[a-z_]+}", "otp") + "?state=x&ticket=x"));
      assertThat(posted(world, visit.browser(), uri, csrf, "cross-site", "https://evil.example"))
          .as("%s from another site, with the token", route.path())
          .isEqualTo(403);
      assertThat(posted(world, visit.browser(), uri, csrf, "same-site", acme.origin()))
          .as("%s from a neighbour", route.path())
          .isEqualTo(403);
      assertThat(posted(world, visit.browser(), uri, "", "same-origin", acme.origin()))
          .as("%s without the token", route.path())
          .isEqualTo(403);
      assertThat(posted(world, world.browser(), uri, csrf, "same-origin", acme.origin()))
          .as("%s from a browser without cookies", route.path())
          .isEqualTo(403);
    }
    assertThat(acme.audit().events()).hasSize(before);
    visit.browser().open(acme.url("/account"));
    visit.isIn();
  }

  private static int posted(
      World world, Browser browser, URI uri, String csrf, String site, String origin) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    var cookies = browser.cookies(uri);
    if (!cookies.isEmpty()) {
      headers.put(
          "cookie",
          List.of(
              cookies.entrySet().stream()
                  .map(it -> it.getKey() + "=" + it.getValue())
                  .collect(Collectors.joining("; "))));
    }
    headers.put("sec-fetch-site", List.of(site));
    headers.put("origin", List.of(origin));
    headers.put("content-type", List.of("application/x-www-form-urlencoded"));
    var body =
        "csrf="
            + URLEncoder.encode(csrf, StandardCharsets.UTF_8)
            + "&action=confirm&name=x&code=123456&identifier=ana&password=x&factor=otp";
    return world
        .node()
        .send(new Wire.Sent(Method.POST, uri, headers, body.getBytes(StandardCharsets.UTF_8)))
        .status();
  }

  @Test
  void PICK_13_nobody_is_signed_in_as_somebody_else_by_a_link_and_no_page_is_framed(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var eve = acme.person("eve").enrolledIn("otp");
    var attacker = eve.signsIn().isAskedForCode();
    var victim = world.browser();
    victim.open(acme.url("/account"));

    victim.open(attacker.page().uri().toString());
    assertThat(victim.page().status()).as("a sign-in of another browser").isEqualTo(400);
    assertThat(victim.page().has("input[name=code]")).isFalse();
    for (var path : List.of("/account", "/u/not-me?ticket=x", "/u/password/forgot", "/")) {
      var page = world.browser().open(acme.url(path));
      assertThat(page.received().header("content-security-policy").orElse(""))
          .as(path)
          .contains("frame-ancestors 'none'");
    }
  }
}
