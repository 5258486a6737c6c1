package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Enrolment;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.testkit.examples.BadgePage;
import dev.countersign.testkit.examples.PagerService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Factors of a tenant's own beside what else there is: passkeys that come first, trusted browsers, 'This was not me'. */
@WorldTest
class CustomFactorsTogetherTest {
  private static final String PAGER = "custom:pager";
  private static final String BADGE = "custom:badge";
  private static final String PASSKEY = "webauthn-platform";
  private static final Pattern LINK = Pattern.compile("https://\\S+/u/not-me\\?ticket=\\S+");

  private static Company paged(Company company, PagerService service) {
    service.knows(
        company.defining(
            """
            {"slug": "pager", "kind": "webhook", "display_name": "Pager", "description": "A code on your pager.",
             "webhook": {"url": "%s"}}
            """
                .formatted(service.url())));
    return company;
  }

  private static Company badged(Company company, BadgePage badge) {
    badge.knows(
        company.defining(
            """
            {"slug": "badge", "kind": "redirect", "display_name": "Badge", "description": "The badge that opens your door.",
             "redirect": {"url": "%s"}}
            """
                .formatted(badge.url())));
    return company;
  }

  private static String code(PagerService service, Someone who) {
    return service.pager(who.id().value()).orElseThrow();
  }

  private static Browser signedOut(Someone who, Browser browser) {
    browser.open(who.company().url("/account"));
    browser.post(
        who.company().url("/account/sign-out"),
        Map.of("csrf", browser.page().element("input[name=csrf]").val()));
    return browser;
  }

  /** Where the page elsewhere sends its visitor back to. */
  private static String back(BadgePage badge, Browser browser, String result) {
    var address = browser.page().element("a.primary").attr("href");
    var request = badge.read(address.substring(address.indexOf("request=") + 8));
    var to = request.path("return_to").asString("");
    return to + (to.contains("?") ? "&" : "?") + "answer=" + badge.answer(request, result);
  }

  // Trusted browsers

  @Test
  void the_box_on_the_page_that_sends_elsewhere_is_remembered_until_its_person_comes_back(
      World world) throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var acme =
          badged(world.tenant("acme"), badge)
              .requiring(BADGE)
              .policy(policy -> policy.trustingFor(30));
      var ana = acme.person("ana").enrolledIn(BADGE);
      var browser = ana.signsIn().browser();
      assertThat(browser.page().element("input[name=trust]").hasAttr("checked")).isFalse();

      browser.submit(Map.of("trust", "true", "action", "leave"));
      assertThat(browser.page().element("a.primary").attr("href")).startsWith(badge.url());
      assertThat(browser.page().received().headers().get("refresh").getFirst())
          .startsWith("0; url=" + badge.url());
      browser.open(back(badge, browser, "approved"));
      assertThat(browser.page().uri().getPath()).isEqualTo("/account");
      acme.audit().says("mfa.browser_trusted", "factor", BADGE);

      signedOut(ana, browser);
      ana.signsInWith(browser).isIn();
      assertThat(acme.audit().of("user.mfa_succeeded")).hasSize(1);
    }
  }

  @Test
  void without_the_box_and_after_a_no_nothing_is_trusted(World world) throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var acme =
          badged(world.tenant("acme"), badge)
              .requiring(BADGE, "otp")
              .policy(policy -> policy.trustingFor(30));
      var ana = acme.person("ana").enrolledIn(BADGE, "otp");
      var browser = ana.signsIn().triesAnotherWay(BADGE).browser();

      browser.submit(Map.of("trust", "true", "action", "leave"));
      browser.open(back(badge, browser, "denied"));
      assertThat(acme.audit().count("mfa.browser_trusted")).isZero();
      browser.press("action", "again");
      browser.submit(Map.of("action", "leave"));
      browser.open(back(badge, browser, "approved"));
      assertThat(browser.page().uri().getPath()).isEqualTo("/account");
      assertThat(acme.audit().count("mfa.browser_trusted")).as("taken back").isZero();
    }
  }

  @Test
  void a_trusted_browser_spares_the_service_its_calls_and_giving_the_factor_up_ends_it(World world)
      throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme =
          paged(world.tenant("acme"), service)
              .requiring(PAGER, "otp")
              .policy(policy -> policy.trustingFor(30));
      var ana = acme.person("ana").enrolledIn(PAGER, "otp");
      var browser = ana.signsIn().triesAnotherWay(PAGER).browser();
      browser.submit(Map.of("code", code(service, ana), "trust", "true"));
      assertThat(browser.page().uri().getPath()).isEqualTo("/account");
      var last = code(service, ana);

      ana.signsInWith(signedOut(ana, browser)).isIn();
      assertThat(code(service, ana)).as("nobody was paged").isEqualTo(last);

      var gone =
          acme.admin()
              .call(dev.countersign.web.Method.DELETE, "/guardian/custom-factors/pager", "");
      assertThat(gone.status()).isEqualTo(204);
      ana.signsInWith(signedOut(ana, browser)).isAskedForCode().answers(ana.codeNow()).isIn();
    }
  }

  // A passkey first

  @Test
  void who_comes_with_a_passkey_is_not_asked_for_the_pager_and_who_comes_with_a_password_is(
      World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = paged(world.tenant("acme"), service).requiring(PAGER, PASSKEY);
      var ana = acme.person("ana").enrolledIn(PAGER, PASSKEY);

      var visit = ana.comesWith(world.browser());
      var question = visit.page().element("input[name=question]").val();
      var asked = visit.page().element("input[data-renew]").attr("data-options");
      visit
          .browser()
          .submit(
              Map.of("credential", ana.authenticator(PASSKEY).signs(asked), "question", question));
      visit.isIn();
      assertThat(service.pager(ana.id().value())).isEmpty();

      var other = ana.signsInWith(world.browser()).triesAnotherWay(PAGER);
      other.answers(code(service, ana)).isIn();
      acme.audit().says("user.mfa_succeeded", "factor", PAGER);
    }
  }

  @Test
  void a_passkey_that_is_one_factor_only_does_not_make_a_second_of_the_pager(World world)
      throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = paged(world.tenant("acme"), service).requiring(PAGER, PASSKEY);
      var ana = acme.person("ana").enrolledIn(PAGER, PASSKEY);

      var visit = ana.comesWith(world.browser());
      var question = visit.page().element("input[name=question]").val();
      var asked = visit.page().element("input[data-renew]").attr("data-options");
      var signed = ana.authenticator(PASSKEY).withoutVerification().signs(asked);
      visit.browser().submit(Map.of("credential", signed, "question", question));

      assertThat(visit.page().has("input[name=password]")).as("what is known is missing").isTrue();
      assertThat(service.pager(ana.id().value())).isEmpty();
    }
  }

  // Not me

  @Test
  void what_somebody_else_added_is_taken_off_and_the_account_closed(World world)
      throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = paged(world.tenant("acme"), service).requiring("otp", PAGER);
      var ana = acme.person("ana").enrolledIn("otp");
      var intruder = ana.signsIn().answers(ana.codeNow()).isIn().browser();
      world.later(Duration.ofMinutes(1));
      intruder.open(acme.url("/account/set-up/" + PAGER));
      intruder.submit(Map.of("code", code(service, ana)));
      assertThat(intruder.page().text()).contains("was added");
      var mail = ana.mails().getLast();
      assertThat(mail.plain()).contains("Pager");
      var link = LINK.matcher(mail.plain());
      assertThat(link.find()).isTrue();

      var owner = world.browser();
      owner.open(link.group());
      owner.submit(Map.of("csrf", owner.page().element("main input[name=csrf]").val()));

      assertThat(owner.page().text()).contains("Your account is closed for now");
      List<Enrolment> left =
          world
              .wiring()
              .ground
              .database
              .read(tx -> world.wiring().methods.enrolments.of(tx, acme.id(), ana.id()));
      assertThat(left).extracting(it -> it.factor().value()).containsExactly("otp");
      intruder.open(acme.url("/account"));
      assertThat(intruder.page().uri().getPath()).isEqualTo("/u/login/identifier");
      acme.audit().says("mfa.factor_removed", "reason", "reported_not_me");
    }
  }
}
