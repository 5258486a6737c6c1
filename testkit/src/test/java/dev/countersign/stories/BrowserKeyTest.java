package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.BrowserKey;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Browsers that hold a key are known by it: what a copied cookie is worth, and what happens where the key is not there. */
@WorldTest
class BrowserKeyTest {
  private static final String NEW = "new_device +30";
  private static final String FIELD = "browser_key";
  private static final String QUESTION = "input[data-browser-key]";

  private static Company acme(World world) {
    return world
        .tenant("acme")
        .demandingNothing()
        .policy(it -> it.with(Adaptive.INITIAL.turned(Adaptive.State.REPORT_ONLY)));
  }

  /** A browser that ana has signed in with, and holds this key. */
  private static Browser known(World world, Someone who, BrowserKey key) {
    var browser = world.browser().holding(key);
    who.signsInWith(browser).isIn();
    world.later(Duration.ofHours(2));
    return browser;
  }

  /** What was noticed about a sign-in in this browser, which keeps no session. */
  private static List<String> signsIn(World world, Someone who, Browser browser) {
    return noticed(world, who, () -> who.signsInWith(browser.signedOut(who.company())).isIn());
  }

  private static List<String> noticed(World world, Someone who, Runnable signingIn) {
    var since = world.later(Duration.ofSeconds(1)).clock().now();
    signingIn.run();
    world.later(Duration.ofHours(2));
    return who.company().audit().of("risk.assessed").stream()
        .filter(it -> !it.occurredAt().isBefore(since))
        .filter(it -> who.id().equals(it.user()))
        .map(AuditEvent::details)
        .map(it -> it.getOrDefault("findings", ""))
        .toList();
  }

  /** What an admin reads of why, in the newest decision. */
  private static String details(World world, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx ->
            tx.sql(
                    "select d.facts from decisions d where d.tenant = :tenant"
                        + " order by d.decided_at desc, d.seq desc fetch first 1 row only")
                .set("tenant", who.company().id())
                .one(row -> row.text("facts")))
        .orElseThrow();
  }

  /** Gives the password with what this browser is made to say of a key. */
  private static void signsInSaying(Someone who, Browser browser, String said) {
    who.comesWith(browser.signedOut(who.company())).identifies();
    gives(who, browser, said);
  }

  private static void gives(Someone who, Browser browser, String said) {
    browser.submit(Map.of("password", who.password(), FIELD, said));
    assertThat(browser.page().uri().getPath()).isEqualTo("/account");
  }

  @Test
  void STEP_08_a_copied_cookie_is_a_new_browser_and_the_one_that_it_was_copied_from_stays_known(
      World world) {
    var ana = acme(world).person("ana");
    var browser = known(world, ana, BrowserKey.fresh());
    assertThat(signsIn(world, ana, browser)).isEmpty();

    assertThat(signsIn(world, ana, browser.copy())).as("without a key").containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).isEmpty();
    var thief = browser.copy().holding(BrowserKey.fresh());
    assertThat(signsIn(world, ana, thief)).as("with another key").containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).as("the one it was copied from").isEmpty();
  }

  @Test
  void a_browser_that_has_lost_its_key_is_new_once_and_is_known_by_the_next(World world) {
    var ana = acme(world).person("ana");
    var browser = known(world, ana, BrowserKey.fresh());

    browser.holding(BrowserKey.fresh());
    assertThat(signsIn(world, ana, browser)).containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).isEmpty();
    assertThat(signsIn(world, ana, browser.copy().holding(BrowserKey.fresh())))
        .containsExactly(NEW);
  }

  @Test
  void who_turns_scripts_off_is_new_once_and_known_by_the_cookie_until_the_key_is_there_again(
      World world) {
    var ana = acme(world).person("ana");
    var key = BrowserKey.fresh();
    var browser = known(world, ana, key);

    browser.holding(null);
    assertThat(signsIn(world, ana, browser)).containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).isEmpty();
    assertThat(signsIn(world, ana, browser.holding(key))).isEmpty();
    assertThat(signsIn(world, ana, browser.copy())).containsExactly(NEW);
  }

  @Test
  void a_cookie_that_was_known_before_is_bound_by_its_next_sign_in(World world) {
    var ana = acme(world).person("ana");
    var browser = world.browser();
    ana.signsInWith(browser).isIn();
    world.later(Duration.ofHours(2));

    assertThat(signsIn(world, ana, browser.holding(BrowserKey.fresh()))).isEmpty();
    assertThat(signsIn(world, ana, browser.copy())).containsExactly(NEW);
  }

  @Test
  void a_key_is_bound_only_by_a_sign_in_that_is_complete(World world) {
    var acme =
        world
            .tenant("acme")
            .requiring("otp", "recovery-code")
            .policy(it -> it.with(Adaptive.INITIAL.turned(Adaptive.State.REPORT_ONLY)));
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser().holding(BrowserKey.fresh());
    ana.signsInWith(browser).answers(ana.codeNow()).isIn();
    world.later(Duration.ofHours(2));
    var thief = browser.copy().holding(BrowserKey.fresh());

    for (int i = 0; i < 2; i++) {
      assertThat(noticed(world, ana, () -> ana.signsInWith(thief.signedOut(acme)).isAskedForCode()))
          .containsExactly(NEW);
    }
    assertThat(
            noticed(
                world,
                ana,
                () -> ana.signsInWith(browser.signedOut(acme)).answers(ana.codeNow()).isIn()))
        .isEmpty();
  }

  @Test
  void where_a_session_goes_on_no_key_is_asked_for(World world) {
    var ana = acme(world).person("ana");
    var browser = known(world, ana, BrowserKey.fresh());

    assertThat(noticed(world, ana, () -> browser.open(ana.company().url("/account")))).isEmpty();
    assertThat(signsIn(world, ana, browser)).isEmpty();
    assertThat(signsIn(world, ana, browser.copy())).containsExactly(NEW);
  }

  @Test
  void a_key_that_two_people_share_is_known_for_each_of_them(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana, BrowserKey.fresh());

    assertThat(signsIn(world, acme.person("ben"), browser)).containsExactly("new_device +15");
    assertThat(signsIn(world, ana, browser)).isEmpty();
  }

  @Test
  void STEP_08_whatever_is_wrong_with_an_answer_it_is_none_and_stops_nobody(World world) {
    var ana = acme(world).person("ana");
    var key = BrowserKey.fresh();
    var browser = known(world, ana, key);
    var origin = ana.company().origin();

    ana.comesWith(browser.signedOut(ana.company())).identifies();
    var elsewhere = asked(browser);
    for (var said :
        List.of(
            "",
            "a",
            "a.b.c",
            "x".repeat(9_000),
            key.answers("", origin),
            key.answers("AAAA", origin),
            key.answers(elsewhere, origin))) {
      // Each in a copy, or it would be known from then on.
      var copy = browser.copy();
      assertThat(noticed(world, ana, () -> signsInSaying(ana, copy, said)))
          .as(said)
          .containsExactly(NEW);
      assertThat(signsIn(world, ana, browser.holding(key))).isEmpty();
    }
  }

  private static String asked(Browser browser) {
    return browser.page().element(QUESTION).attr("data-browser-key");
  }

  @Test
  void STEP_08_an_answer_is_good_for_the_page_that_asked_and_at_the_site_that_did(World world) {
    var ana = acme(world).person("ana");
    var key = BrowserKey.fresh();
    var browser = known(world, ana, key);
    var origin = ana.company().origin();

    ana.comesWith(browser.signedOut(ana.company())).identifies();
    var question = asked(browser);
    var right = key.answers(question, origin);
    browser.reload();
    assertThat(asked(browser)).as("the same page").isEqualTo(question);
    browser.follow("p.who a");
    browser.submit(Map.of("identifier", ana.name()));
    assertThat(asked(browser)).as("the sign-in has moved on").isNotEqualTo(question);

    var late = browser.copy();
    assertThat(noticed(world, ana, () -> gives(ana, late, right))).containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).isEmpty();
    var another = browser.copy();
    assertThat(noticed(world, ana, () -> signsInSaying(ana, another, right))).containsExactly(NEW);
    assertThat(signsIn(world, ana, browser)).isEmpty();

    ana.comesWith(browser.signedOut(ana.company())).identifies();
    var phished = key.answers(asked(browser), "https://acme.example.net");
    var copy = browser.copy();
    assertThat(noticed(world, ana, () -> gives(ana, copy, phished))).containsExactly(NEW);
  }

  @Test
  void admins_are_told_that_the_key_was_another_and_a_key_is_no_proof(World world) {
    var ana = acme(world).person("ana");
    var browser = known(world, ana, BrowserKey.fresh());
    signsIn(world, ana, browser.copy().holding(BrowserKey.fresh()));

    assertThat(details(world, ana)).contains("\"key\":\"other\"").contains("\"cookie\":\"true\"");
    assertThat(Json.tree(details(world, ana)).path("proofs")).hasSize(1);
  }
}
