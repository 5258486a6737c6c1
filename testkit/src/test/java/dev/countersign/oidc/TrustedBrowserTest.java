package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.BrowserKey;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Browsers in which people are not challenged for a while: who may have one, what it spares, and how it ends. */
@WorldTest
class TrustedBrowserTest {
  private static final String COOKIE = "__Host-cs_trust_";

  private static Company trusting(World world, int days) {
    return world
        .tenant("acme")
        .requiring("otp", "recovery-code")
        .policy(policy -> policy.trustingFor(days));
  }

  private static Someone ana(Company acme) {
    return acme.person("ana").enrolledIn("otp", "recovery-code");
  }

  /** A browser that its person trusts, in which nobody is signed in. */
  private static Browser trustedBy(Someone who) {
    return trustedBy(who, who.signsIn().browser());
  }

  private static Browser trustedBy(Someone who, Browser browser) {
    browser.submit(Map.of("code", who.codeNow(), "trust", "true"));
    assertThat(browser.page().uri().getPath()).isEqualTo("/account");
    return signedOut(who, browser);
  }

  private static Browser signedOut(Someone who, Browser browser) {
    browser.open(who.company().url("/account"));
    browser.post(
        who.company().url("/account/sign-out"),
        Map.of("csrf", browser.page().element("input[name=csrf]").val()));
    return browser;
  }

  private static boolean isAsked(Someone who, Browser browser) {
    who.signsInWith(browser);
    boolean asked = browser.page().has("input[name=code]");
    if (!asked) {
      assertThat(browser.page().uri().getPath()).isEqualTo("/account");
      signedOut(who, browser);
    }
    return asked;
  }

  private static List<TrustedBrowser> browsers(World world, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx ->
            world
                .wiring()
                .course
                .trustedBrowsers
                .of(tx, who.company().id(), who.id(), world.clock().now()));
  }

  private static Map<String, String> cookies(Someone who, Browser browser) {
    var all = browser.cookies(URI.create(who.company().origin()));
    all.keySet().removeIf(name -> !name.startsWith(COOKIE));
    return all;
  }

  // What it is

  @Test
  void the_box_is_there_only_where_policy_lets_it_and_unticked(World world) {
    var acme = trusting(world, 0);
    var ana = ana(acme);
    assertThat(ana.signsIn().page().has("input[name=trust]")).isFalse();

    acme.policy(policy -> policy.trustingFor(30));
    var visit = ana.signsIn();
    assertThat(visit.page().element("input[name=trust]").hasAttr("checked")).isFalse();
    assertThat(visit.page().text()).contains("Don’t ask again on this browser for 30 days");
    visit.answers(ana.codeNow()).isIn();
    assertThat(cookies(ana, visit.browser())).isEmpty();
    assertThat(browsers(world, ana)).isEmpty();
    assertThat(ana.signsIn().triesAnotherWay("recovery-code").page().has("input[name=trust]"))
        .as("the way back in makes no browser trusted")
        .isFalse();
  }

  @Test
  void REM_01_the_cookie_of_a_browser_that_was_trusted_with_a_key_is_worth_nothing_without_it(
      World world) {
    var ana = ana(trusting(world, 30));
    var own = BrowserKey.fresh();
    var browser = trustedBy(ana, ana.signsInWith(world.browser().holding(own)).browser());

    assertThat(isAsked(ana, browser)).isFalse();
    var copy = browser.copy();
    assertThat(isAsked(ana, copy)).as("copied").isTrue();
    assertThat(isAsked(ana, copy.holding(BrowserKey.fresh()))).as("another key").isTrue();
    assertThat(isAsked(ana, browser)).as("its own").isFalse();
  }

  @Test
  void a_browser_that_was_trusted_without_a_key_goes_by_its_cookie(World world) {
    var ana = ana(trusting(world, 30));
    var browser = trustedBy(ana);

    assertThat(isAsked(ana, browser.holding(BrowserKey.fresh()))).isFalse();
    assertThat(isAsked(ana, browser.holding(null))).isFalse();
  }

  @Test
  void a_wrong_code_does_not_untick_the_box_and_trusts_nothing(World world) {
    var ana = ana(trusting(world, 30));
    var visit = ana.signsIn();
    visit.browser().submit(Map.of("code", ana.wrongCode(), "trust", "true"));
    assertThat(visit.page().element("input[name=trust]").hasAttr("checked")).isTrue();
    assertThat(cookies(ana, visit.browser())).isEmpty();
    visit.answers(ana.codeNow()).isIn();
    assertThat(cookies(ana, visit.browser())).hasSize(1);
  }

  @Test
  void whoever_posts_the_box_where_policy_does_not_let_it_gains_nothing(World world) {
    var ana = ana(trusting(world, 0));
    var visit = ana.signsIn();
    visit
        .browser()
        .post(
            visit.page().uri().toString(),
            Map.of(
                "csrf", visit.page().element("[name=csrf]").val(),
                "state", visit.page().element("[name=state]").val(),
                "code", ana.codeNow(),
                "trust", "true"));
    visit.isIn();
    assertThat(browsers(world, ana)).isEmpty();
  }

  @Test
  void for_so_many_days_the_password_is_enough_there_and_the_token_says_less(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var bank = Client.web(world, acme);
    var browser = trustedBy(ana);
    acme.audit().says("mfa.browser_trusted", "factor", "otp");
    world.later(Duration.ofDays(29));

    bank.opens(browser, Map.of());
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    assertThat(browser.page().isElsewhere()).as("in, unasked").isTrue();
    var token = Client.json(bank.redeem(browser.page().parameters().get("code")));
    var claims = Client.claims(token.path("id_token").asString(""));
    assertThat(claims.path("acr").asString("")).isEqualTo("aal1");
    assertThat(Client.texts(claims.path("amr"))).containsExactly("pwd");
    acme.audit().says("user.signed_in", "acr", "aal1");

    signedOut(ana, browser);
    world.later(Duration.ofDays(1));
    assertThat(isAsked(ana, browser)).as("after so many days").isTrue();
    assertThat(isAsked(ana, world.browser())).as("in another browser").isTrue();
  }

  @Test
  void a_session_that_rests_on_it_goes_on_in_silence_and_refreshes_until_it_is_forgotten(
      World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var bank = Client.web(world, acme);
    var browser = trustedBy(ana);
    bank.opens(browser, Map.of());
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    var refresh =
        Client.json(bank.redeem(browser.page().parameters().get("code")))
            .path("refresh_token")
            .asString("");
    world.later(Duration.ofHours(3));

    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters()).containsKey("code");
    var again = Client.json(bank.refresh(refresh));
    var claims = Client.claims(again.path("id_token").asString(""));
    assertThat(claims.path("acr").asString("")).isEqualTo("aal1");
    assertThat(Client.texts(claims.path("amr"))).containsExactly("pwd");

    acme.policy(policy -> policy.trustingFor(0));
    assertThat(bank.opens(browser, Map.of("prompt", "none")).parameters())
        .as("a shorter policy counts at once")
        .containsEntry("error", "interaction_required");
    assertThat(Client.error(bank.refresh(again.path("refresh_token").asString(""))))
        .isEqualTo("mfa_required");
  }

  @Test
  void whoever_ticked_the_box_stays_in_that_session_when_the_proof_has_grown_old(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var visit = ana.signsIn();
    visit.browser().submit(Map.of("code", ana.codeNow(), "trust", "true"));
    visit.isIn();
    world.later(Duration.ofDays(2));
    visit.browser().open(acme.url("/account"));
    visit.isIn();
  }

  // What it does not spare

  @Test
  void REM_01_a_step_up_asks_whatever_browser_it_is(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var bank = Client.web(world, acme);
    var browser = trustedBy(ana);
    for (var wish :
        List.of(
            Map.of("acr_values", "aal2"), Map.of("max_age", "600"), Map.of("prompt", "login"))) {
      var theirs = browser.copy();
      bank.opens(theirs, wish);
      theirs.submit(Map.of("identifier", "ana"));
      theirs.submit(Map.of("password", ana.password()));
      assertThat(theirs.page().has("input[name=code]")).as("%s", wish).isTrue();
      assertThat(theirs.page().has("input[name=trust]"))
          .as("a box that would not help, for %s", wish)
          .isFalse();
    }

    var mine = ana.signsInWith(browser).isIn();
    for (var path : List.of("/account/codes", "/account/set-up/otp", "/account/password")) {
      mine.browser().open(acme.url(path));
      if (mine.page().has("input[name=identifier]")) {
        mine.identifies().givesPassword(ana.password());
      }
      mine.isAskedForCode();
    }
  }

  @Test
  void nobody_sets_a_factor_up_by_it_after_the_last_was_lost(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var browser = trustedBy(ana);
    world
        .wiring()
        .ground
        .database
        .run(tx -> world.wiring().methods.enrolments.disable(tx, acme.id(), ana.enrolment("otp")));
    ana.signsInWith(browser);
    assertThat(browser.page().uri().getPath()).startsWith("/u/mfa/recovery-code");
  }

  @Test
  void of_all_rules_that_match_the_shortest_wins_and_never_is_the_shortest(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var browser = trustedBy(ana);
    assertThat(isAsked(ana, browser)).isFalse();
    acme.policy(policy ->
        policy.withRules(
            List.of(
                new Policy.Rule(
                    "r1", "Admins", Set.of("admins"), Set.of(), Mode.OFF, Set.of(), 0))));
    assertThat(isAsked(ana, browser)).isFalse();
    ana.inGroup("admins");
    assertThat(isAsked(ana, browser)).isTrue();
  }

  @Test
  void a_factor_that_is_no_longer_allowed_vouches_for_no_browser(World world) {
    var acme =
        world
            .tenant("acme")
            .requiring("otp", "push-notification")
            .policy(policy -> policy.trustingFor(30));
    var ana = acme.person("ana").enrolledIn("otp", "push-notification");
    var visit = ana.signsIn().triesAnotherWay("otp");
    var browser = trustedBy(ana, visit.browser());
    assertThat(isIn(ana, browser)).isTrue();
    acme.policy(policy -> policy.allowing(new FactorId("otp"), false));
    assertThat(isIn(ana, browser)).isFalse();
  }

  private static boolean isIn(Someone who, Browser browser) {
    who.signsInWith(browser);
    boolean in = browser.page().uri().getPath().equals("/account");
    if (in) {
      signedOut(who, browser);
    }
    return in;
  }

  // Whose it is

  @Test
  void REM_01_a_cookie_that_was_forged_or_is_anothers_spares_nobody(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var ben = acme.person("ben").enrolledIn("otp", "recovery-code");
    var browser = trustedBy(ana);
    var cookie = cookies(ana, browser).entrySet().iterator().next();
    var home = URI.create(acme.origin());

    assertThat(isAsked(ben, browser.copy())).as("another person").isTrue();
    for (var bent :
        List.of(
            "",
            "true",
            cookie.getValue().substring(1),
            cookie.getValue() + "A",
            (cookie.getValue().charAt(0) == 'A' ? "B" : "A") + cookie.getValue().substring(1))) {
      assertThat(isAsked(ana, world.browser().plant(home, cookie.getKey(), bent)))
          .as("bent: %s", bent.length())
          .isTrue();
    }
    assertThat(isAsked(ana, world.browser().plant(home, COOKIE + "tb_other", cookie.getValue())))
        .as("under another name")
        .isTrue();
    var twin = world.tenant("other").requiring("otp").policy(policy -> policy.trustingFor(30));
    var her = twin.person("ana").enrolledIn("otp");
    assertThat(
            isAsked(
                her,
                world
                    .browser()
                    .plant(URI.create(twin.origin()), cookie.getKey(), cookie.getValue())))
        .as("in another tenant")
        .isTrue();
    assertThat(
            isAsked(
                ana,
                browser
                    .copy()
                    .alsoSending(
                        Map.of(
                            "user-agent",
                            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"))))
        .as("in a browser of another make")
        .isTrue();
    assertThat(isAsked(ana, browser)).as("where it belongs").isFalse();
  }

  @Test
  void REM_01_the_server_says_when_its_time_is_up(World world) {
    var ana = ana(trusting(world, 7));
    var browser = trustedBy(ana);
    var cookie = cookies(ana, browser).entrySet().iterator().next();
    world.later(Duration.ofDays(7));
    browser.plant(URI.create(ana.company().origin()), cookie.getKey(), cookie.getValue());
    assertThat(isAsked(ana, browser)).isTrue();
  }

  @Test
  void two_people_share_a_browser_and_each_has_a_cookie(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var ben = acme.person("ben").enrolledIn("otp", "recovery-code");
    var browser = trustedBy(ana);
    trustedBy(ben, ben.signsInWith(browser).browser());
    assertThat(cookies(ana, browser)).hasSize(2);
    assertThat(isAsked(ana, browser)).isFalse();
    assertThat(isAsked(ben, browser)).isFalse();
  }

  // How it ends

  private record Ending(String name, Consumer<Scene> act) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Scene(World world, Company acme, Someone ana, Browser browser) {
    void signedIn(Consumer<Browser> act) {
      world.later(Duration.ofMinutes(1));
      var visit = ana.signsIn().answers(ana.codeNow()).isIn();
      act.accept(visit.browser());
    }
  }

  static Stream<Arguments> endings() {
    return Stream.of(
            new Ending(
                "a new password",
                scene ->
                    scene.signedIn(browser -> {
                      browser.open(scene.acme().url("/account/password"));
                      browser.submit(
                          Map.of(
                              "present_password",
                              scene.ana().password(),
                              "new_password",
                              "purple bicycle in the rain 7"));
                      scene.ana().remembering("purple bicycle in the rain 7");
                    })),
            new Ending(
                "another factor",
                scene ->
                    scene.signedIn(browser -> {
                      browser.open(scene.acme().url("/account/set-up/otp"));
                      scene.ana().type(browser.page().element("#key").text());
                      browser.submit(Map.of("code", scene.ana().codeNow()));
                      assertThat(browser.page().text()).contains("was added");
                      scene.world().later(Duration.ofMinutes(1));
                    })),
            new Ending(
                "signed out everywhere",
                scene ->
                    scene.signedIn(browser -> {
                      browser.open(scene.acme().url("/account/everywhere"));
                      browser.press("action", "confirm");
                    })),
            new Ending(
                "forgotten on the security page",
                scene ->
                    scene.signedIn(browser -> {
                      browser.post(
                          scene
                              .acme()
                              .url(
                                  browser
                                      .page()
                                      .element("form[action*=/browsers/]")
                                      .attr("action")),
                          Map.of("csrf", browser.page().element("input[name=csrf]").val()));
                      assertThat(browser.page().text()).contains("ask for a second method again");
                    })),
            new Ending(
                "all forgotten on the security page",
                scene ->
                    scene.signedIn(browser ->
                        browser.post(
                            scene.acme().url("/account/browsers/forget"),
                            Map.of("csrf", browser.page().element("input[name=csrf]").val())))),
            new Ending(
                "an admin's reset",
                scene -> {
                  var wiring = scene.world().wiring();
                  wiring.ground.database.run(tx ->
                      wiring.enrolling.adminSetUp.reset(
                          tx,
                          new AdminSetUp.Act(
                              scene.acme().id(),
                              scene.ana().id(),
                              "robot@clients",
                              scene.world().node().occasion())));
                  scene.ana().enrolledIn("otp", "recovery-code");
                }),
            new Ending(
                "a block",
                scene -> {
                  var wiring = scene.world().wiring();
                  scene.ana().blocked();
                  wiring.ground.database.run(tx ->
                      wiring.course.endAccess.everywhere(
                          tx, scene.acme().id(), scene.ana().id(), scene.world().clock().now()));
                  scene.ana().inGroup();
                  wiring.ground.database.run(tx -> {
                    var it = scene.ana().record();
                    wiring.ground.people.save(
                        tx,
                        scene.acme().id(),
                        new Person(
                            it.id(),
                            it.username(),
                            it.email(),
                            it.emailVerified(),
                            it.phone(),
                            it.name(),
                            it.groups(),
                            it.roles(),
                            false,
                            it.connection(),
                            it.userMetadata(),
                            it.appMetadata(),
                            it.createdAt(),
                            it.updatedAt(),
                            it.version()),
                        scene.world().clock().now());
                  });
                }))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void REM_02_what_ends_it_takes_the_record_with_it_and_the_old_cookie_is_worth_nothing(
      Ending ending, World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var browser = trustedBy(ana);
    assertThat(isAsked(ana, browser)).isFalse();

    ending.act().accept(new Scene(world, acme, ana, browser));

    assertThat(browsers(world, ana)).isEmpty();
    assertThat(cookies(ana, browser)).as("the browser was told nothing").hasSize(1);
    assertThat(acme.audit().count("mfa.browser_forgotten")).isEqualTo(1);
    assertThat(isAsked(ana, browser)).isTrue();
  }

  @Test
  void a_browser_of_somebody_else_cannot_be_forgotten_by_its_id(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    trustedBy(ana);
    var ben = acme.person("ben").enrolledIn("otp", "recovery-code");
    var visit = ben.signsIn().answers(ben.codeNow()).isIn();
    visit
        .browser()
        .post(
            acme.url("/account/browsers/" + browsers(world, ana).getFirst().id() + "/forget"),
            Map.of("csrf", visit.page().element("input[name=csrf]").val()));
    assertThat(browsers(world, ana)).hasSize(1);
  }

  @Test
  void the_security_page_lists_it_with_place_and_time_and_marks_this_one(World world) {
    var ana = ana(trusting(world, 30));
    var browser = trustedBy(ana);
    world.later(Duration.ofDays(2));
    ana.signsInWith(browser).isIn();
    assertThat(browser.page().text())
        .contains("Trusted browsers", "Chrome, Linux", "192.0.2.7", "Until", "This device");
    assertThat(browser.page().has("form[action*=/browsers/]")).isTrue();
  }

  @Test
  void trusting_again_replaces_what_was_promised_before(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var browser = trustedBy(ana);
    acme.policy(policy -> policy.trustingFor(1));
    world.later(Duration.ofDays(1));
    trustedBy(ana, ana.signsInWith(browser).browser());
    assertThat(browsers(world, ana)).hasSize(1);
    assertThat(cookies(ana, browser)).hasSize(1);
  }

  @Test
  void whose_access_was_ended_while_the_answer_was_on_its_way_trusts_nothing(World world) {
    var acme = trusting(world, 30);
    var ana = ana(acme);
    var journey = ana.journey().withPassword();
    var node = world.node();
    var outcome = journey.answers("otp", ana.codeNow());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            AnswerChallenge.Outcome.Passed.class,
            passed -> {
              node.wiring()
                  .ground
                  .database
                  .run(tx ->
                      node.wiring()
                          .course
                          .endAccess
                          .everywhere(tx, acme.id(), ana.id(), world.clock().now()));
              assertThat(
                      node.wiring()
                          .answers
                          .trustBrowser
                          .after(passed.moved(), List.of(), node.occasion()))
                  .isEqualTo(Optional.empty());
            });
    assertThat(browsers(world, ana)).isEmpty();
  }
}
