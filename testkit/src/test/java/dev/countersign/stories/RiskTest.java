package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.kernel.Moment;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.ListSite;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is noticed about sign-ins through the real pages, as the audit log tells it. */
@WorldTest
class RiskTest {
  /** A bank where nobody has to prove more than the password, and what is noteworthy is recorded. */
  private static Company acme(World world) {
    return world
        .tenant("acme")
        .demandingNothing()
        .policy(it -> it.with(Adaptive.INITIAL.turned(Adaptive.State.REPORT_ONLY)));
  }

  private static Browser known(World world, Someone who) {
    var browser = world.browser();
    who.signsInWith(browser).isIn();
    world.later(Duration.ofHours(2));
    return browser;
  }

  /** What was noticed about the sign-ins of this person from then on, each as one line. */
  private static List<String> noticed(Company company, Someone who, Moment since) {
    return company.audit().of("risk.assessed").stream()
        .filter(it -> !it.occurredAt().isBefore(since))
        .filter(it -> who.id().equals(it.user()))
        .map(AuditEvent::details)
        .map(it -> it.getOrDefault("findings", ""))
        .toList();
  }

  /** Signs in anew in this browser, which keeps no session. */
  private static List<String> signsIn(World world, Company company, Someone who, Browser browser) {
    var since = world.later(Duration.ofSeconds(1)).clock().now();
    who.signsInWith(browser.signedOut(company)).isIn();
    return noticed(company, who, since);
  }

  @Test
  void a_browser_and_a_place_are_new_once(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var since = world.clock().now();
    var browser = known(world, ana);

    assertThat(noticed(acme, ana, since)).containsExactly("new_device +15");
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    world.later(Duration.ofDays(3));
    assertThat(signsIn(world, acme, ana, browser.from("203.0.113.9")))
        .containsExactly("new_country +30");
    world.later(Duration.ofDays(3));
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
  }

  @Test
  void an_impossible_journey_is_told_with_its_distance_and_its_hours(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);

    assertThat(signsIn(world, acme, ana, browser.from("203.0.113.9")))
        .containsExactly("new_country +30, impossible_travel +45");
  }

  @Test
  void somebody_else_in_the_same_browser_is_new_there(World world) {
    var acme = acme(world);
    var browser = known(world, acme.person("ana"));

    assertThat(signsIn(world, acme, acme.person("ben"), browser)).containsExactly("new_device +15");
    assertThat(signsIn(world, acme, acme.person("ana"), browser)).isEmpty();
  }

  @Test
  void STEP_08_without_cookies_or_with_planted_ones_a_browser_is_new(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);
    var uri = URI.create(acme.origin());

    for (var planted : List.of("", "a", "x".repeat(4_000), "AAAAAAAAAAAAAAAAAAAAAA")) {
      var other = world.browser();
      if (!planted.isEmpty()) {
        other.plant(uri, "__Host-cs_device", planted);
      }
      assertThat(signsIn(world, acme, ana, other)).as(planted).containsExactly("new_device +30");
      world.later(Duration.ofHours(2));
    }
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    assertThat(signsIn(world, acme, ana, browser.forgetful())).containsExactly("new_device +30");
  }

  @Test
  void STEP_08_a_user_agent_that_is_missing_or_a_programs_is_noticed(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);

    for (var agent : List.of("", "curl/8.5.0", "Mozilla/5.0 HeadlessChrome/141.0.0.0")) {
      assertThat(signsIn(world, acme, ana, browser.alsoSending(Map.of("user-agent", agent))))
          .as(agent)
          .containsExactly("odd_user_agent +20");
      world.later(Duration.ofHours(2));
    }
  }

  @Test
  void STEP_08_headers_of_whoever_is_no_proxy_move_nobody() {
    try (var world = World.on(Engine.EMBEDDED).overSockets().make()) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = known(world, ana);

      assertThat(signsIn(world, acme, ana, browser.forwardedFor("203.0.113.9"))).isEmpty();
      world.check();
    }
  }

  @Test
  @WorldTest(proxies = "127.0.0.0/8")
  void STEP_08_what_a_proxy_says_counts_and_nonsense_from_it_is_no_way_around(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = world.browser().forwardedFor("198.51.100.7");
    ana.signsInWith(browser).isIn();
    world.later(Duration.ofHours(2));

    assertThat(signsIn(world, acme, ana, browser.forwardedFor("203.0.113.9, 198.51.100.7")))
        .isEmpty();
    world.later(Duration.ofHours(2));
    assertThat(signsIn(world, acme, ana, browser.forwardedFor("203.0.113.9")))
        .containsExactly("new_country +30, impossible_travel +45");
    world.later(Duration.ofDays(2));
    // An address that is none is the proxy's own, which is nowhere: another place than before.
    assertThat(signsIn(world, acme, ana, browser.forwardedFor("a")))
        .containsExactly("new_country +30");
  }

  @Test
  void who_is_guessed_at_is_told_apart_from_who_mistypes(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);
    for (int i = 0; i < 5; i++) {
      ana.comesWith(world.browser().from("198.51.100." + i))
          .identifies()
          .givesPassword("wrong" + i);
    }

    assertThat(signsIn(world, acme, ana, browser)).containsExactly("user_failures +14");
    world.later(Duration.ofMinutes(21));
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
  }

  @Test
  void where_many_wrong_answers_come_from_every_sign_in_is_noteworthy(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana).from("198.51.100.77");
    for (int i = 0; i < 12; i++) {
      acme.person("somebody" + i)
          .comesWith(world.browser().from("198.51.100.77"))
          .identifies()
          .givesPassword("wrong");
    }

    assertThat(signsIn(world, acme, ana, browser)).containsExactly("address_failures +10");
    world.later(Duration.ofMinutes(1));
    assertThat(signsIn(world, acme, ana, browser.from("198.51.100.78"))).isEmpty();
  }

  @Test
  void what_an_admin_has_forgotten_is_new_again(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);

    var cleared =
        acme.admin()
            .post(
                "/users/"
                    + URLEncoder.encode(ana.id().value(), StandardCharsets.UTF_8)
                    + "/risk-assessments/clear",
                "{\"connection\": \"Username-Password-Authentication\", \"assessors\": [\"new-device\"]}");

    assertThat(cleared.status()).as(cleared.text()).isEqualTo(204);
    assertThat(signsIn(world, acme, ana, browser))
        .containsExactly("new_device +30, new_country +30");
  }

  @Test
  void nothing_is_recorded_where_it_is_turned_off(World world) {
    var acme = world.tenant("acme").demandingNothing();
    acme.person("ana").signsIn().isIn();

    assertThat(acme.audit().count("risk.assessed")).isZero();
  }

  @Test
  void STEP_08_a_database_of_places_that_is_not_there_is_told_and_closes_no_door() {
    try (var world = World.on(Engine.EMBEDDED).with("risk.places-file", "not/there.mmdb").make()) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = world.browser().from("81.2.69.142");
      ana.signsInWith(browser).isIn();
      world.later(Duration.ofHours(2));

      assertThat(signsIn(world, acme, ana, browser)).containsExactly("senses_unavailable +30");
      world.check();
    }
  }

  @Test
  void STEP_08_what_is_broken_within_is_told_and_closes_no_door(World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);
    added(acme, "{\"source\": \"own\", \"addresses\": [\"198.51.100.200\"]}");
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            tx.sql(
                    "update risk_lists set content = :broken, content_digest = 'x' where tenant = :tenant")
                .set("broken", new byte[] {1, 2, 3})
                .set("tenant", acme.id())
                .update());

    assertThat(signsIn(world, acme, ana, browser)).containsExactly("senses_unavailable +30");
    assertThat(world.logs().text()).contains("a sign-in could not be looked at");
  }

  // Lists of addresses

  private static String added(Company company, String json) {
    var answered = company.admin().post("/risk/lists", json);
    assertThat(answered.status()).as(answered.text()).isEqualTo(201);
    return answered.json().path("id").asString();
  }

  private static String fed(Company company, ListSite site, String more) {
    return added(
        company, "{\"source\": \"custom\", \"url\": \"%s\"%s}".formatted(site.url(), more));
  }

  private static JsonNode shown(Company company, String id) {
    return company.admin().get("/risk/lists/" + id).json();
  }

  @Test
  void an_address_on_a_tenants_own_list_counts_at_once_and_no_longer_once_it_is_taken_off(
      World world) {
    var acme = acme(world);
    var ana = acme.person("ana");
    var browser = known(world, ana);
    var id =
        added(acme, "{\"source\": \"own\", \"addresses\": [\"192.0.2.0/28\", \"2001:db8::1\"]}");

    assertThat(signsIn(world, acme, ana, browser)).containsExactly("address_listed +80");
    assertThat(shown(acme, id).path("addresses").toString())
        .isEqualTo("[\"192.0.2.0/28\",\"2001:db8:0:0:0:0:0:1\"]");

    acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"weight\": 33}");
    assertThat(signsIn(world, acme, ana, browser)).containsExactly("address_listed +33");
    acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"addresses\": [\"203.0.113.1\"]}");
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"addresses\": [\"192.0.2.7\"]}");
    assertThat(signsIn(world, acme, ana, browser)).hasSize(1);
    acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"paused\": true}");
    assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    assertThat(acme.admin().call(Method.DELETE, "/risk/lists/" + id, "").status()).isEqualTo(204);
    assertThat(acme.admin().get("/risk/lists/" + id).status()).isEqualTo(404);
  }

  @Test
  void a_changed_weight_counts_from_the_next_sign_in_on_at_every_server() {
    try (var world = World.on(Engine.POSTGRES).nodes(2).make()) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = known(world, ana).talkingTo(world.node(1));
      var id = added(acme, "{\"source\": \"own\", \"addresses\": [\"192.0.2.7\"]}");
      assertThat(signsIn(world, acme, ana, browser)).containsExactly("address_listed +80");

      acme.admin().call(Method.PATCH, "/risk/lists/" + id, "{\"weight\": 5}");

      assertThat(signsIn(world, acme, ana, browser)).containsExactly("address_listed +5");
      world.check();
    }
  }

  @Test
  void a_list_is_fetched_at_its_cadence_and_says_how_it_stands(World world) throws IOException {
    try (var site = new ListSite().answers(200, "# exits\n192.0.2.7\n203.0.113.0/24\n")) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = known(world, ana);
      var id =
          fed(
              acme,
              site,
              ", \"name\": \"Exits\", \"anonymiser\": true, \"weight\": 22, \"cadence\": 3600, \"header\": {\"name\": \"Key\", \"value\": \"of-the-house\"}");
      assertThat(shown(acme, id).path("state").asString()).isEqualTo("pending");

      world.wiring().risk.feeds.fetchDue();

      assertThat(shown(acme, id).path("state").asString()).isEqualTo("active");
      assertThat(shown(acme, id).path("entries").asInt()).isEqualTo(2);
      assertThat(shown(acme, id).path("last_fetched").asString())
          .isEqualTo(world.clock().now().toString());
      assertThat(shown(acme, id).path("header").path("value").asString()).isEqualTo("********");
      assertThat(site.keys()).containsExactly("of-the-house");
      assertThat(signsIn(world, acme, ana, browser)).containsExactly("anonymiser +22");

      site.answers(200, "203.0.113.0/24\n");
      world.wiring().risk.feeds.fetchDue();
      assertThat(signsIn(world, acme, ana, browser)).as("not due yet").hasSize(1);
      world.later(Duration.ofHours(1));
      world.wiring().risk.feeds.fetchDue();
      assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    }
  }

  @Test
  void STEP_08_three_failed_fetches_are_an_error_that_every_sign_in_tells_until_one_is_good_again(
      World world) throws IOException {
    try (var site = new ListSite().answers(200, "192.0.2.7")) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = known(world, ana);
      var id = fed(acme, site, "");
      world.wiring().risk.feeds.fetchDue();

      List<String> states = new ArrayList<>();
      site.answers(503, "");
      for (var wait : List.of(Duration.ofHours(6), Duration.ofMinutes(1), Duration.ofMinutes(5))) {
        world.later(wait);
        world.wiring().risk.feeds.fetchDue();
        states.add(shown(acme, id).path("state").asString());
      }

      assertThat(states).containsExactly("active", "active", "error");
      assertThat(shown(acme, id).path("error").asString()).isEqualTo("status_503");
      assertThat(acme.audit().of("risk.feed_failed")).hasSize(1);
      acme.audit().says("risk.feed_failed", "list", id).says("risk.feed_failed", "failures", "3");
      assertThat(signsIn(world, acme, ana, browser))
          .as("what the last good fetch brought still counts")
          .containsExactly("address_listed +25, senses_unavailable +30");

      world.later(Duration.ofMinutes(30));
      site.answers(200, "203.0.113.5");
      world.wiring().risk.feeds.fetchDue();
      assertThat(signsIn(world, acme, ana, browser)).isEmpty();
      assertThat(shown(acme, id).has("error")).isFalse();
    }
  }

  @Test
  void a_page_that_says_that_the_list_has_moved_is_no_list(World world) throws IOException {
    try (var site = new ListSite()) {
      var acme = acme(world);
      var id = fed(acme, site, "");
      for (var body :
          List.of(
              "<!doctype html>\n<html>\n<p>We have moved\n",
              "",
              "0.0.0.0/0",
              Stream.iterate(0, it -> it + 1)
                  .limit(100_001)
                  .map(it -> "203." + it / 65_536 + "." + it / 256 % 256 + "." + it % 256 + "\n")
                  .reduce("", String::concat)
                  .strip())) {
        site.answers(200, body.length() > 2_000_000 ? body.substring(0, 2_000_000) : body);
        acme.admin().post("/risk/lists/" + id + "/fetch", "");
        world.wiring().risk.feeds.fetchDue();
        assertThat(shown(acme, id).path("error").asString()).isIn("no_list", "too_many_entries");
        assertThat(shown(acme, id).path("entries").asInt()).isZero();
      }
    }
  }

  @Test
  void a_list_from_elsewhere_says_nothing_of_private_networks() {
    try (var world = World.on(Engine.EMBEDDED).make();
        var site = new ListSite().answers(200, "10.0.0.0/8\n192.168.0.0/16\n203.0.113.1\n")) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var browser = world.browser().from("10.1.2.3");
      ana.signsInWith(browser).isIn();
      fed(acme, site, "");
      world.wiring().risk.feeds.fetchDue();

      assertThat(signsIn(world, acme, ana, browser)).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void lists_that_make_no_sense_are_refused_in_words(World world) {
    var admin = acme(world).admin();
    Map<String, String> refused =
        Map.of(
            "{\"source\": \"own\"}", "addresses",
            "{\"source\": \"own\", \"addresses\": [\"192.0.2.1\", \"nonsense\"]}", "addresses[1]",
            "{\"source\": \"own\", \"addresses\": [], \"url\": \"https://example.com/\"}", "url",
            "{\"source\": \"custom\"}", "url",
            "{\"source\": \"custom\", \"url\": \"http://10.1.2.3/list\"}", "url",
            "{\"source\": \"custom\", \"url\": \"not a url\"}", "url",
            "{\"source\": \"tor\", \"addresses\": [\"192.0.2.1\"]}", "addresses",
            "{\"source\": \"tor\", \"header\": {\"name\": \"Host\", \"value\": \"x\"}}",
                "header.name",
            "{\"source\": \"tor\", \"weight\": 101}", "weight",
            "{\"source\": \"elsewhere\"}", "source");
    refused.forEach((json, field) -> {
      var answered = admin.post("/risk/lists", json);
      assertThat(answered.status()).as(json).isEqualTo(400);
      assertThat(answered.json().path("message").asString())
          .as(json)
          .contains("on property " + field);
    });
    assertThat(admin.get("/risk/lists").json()).isEmpty();
    for (int i = 0; i < 20; i++) {
      admin.post("/risk/lists", "{\"source\": \"own\", \"addresses\": []}");
    }
    assertThat(admin.post("/risk/lists", "{\"source\": \"own\", \"addresses\": []}").status())
        .isEqualTo(403);
  }

  // Stolen passwords

  @Test
  void STEP_08_a_collection_of_passwords_that_falls_silent_holds_nobody_up_and_is_told()
      throws IOException {
    try (var site = new ListSite().fallsSilent();
        var world =
            World.on(Engine.EMBEDDED).with("risk.stolen-passwords-url", site.prefix()).make()) {
      var acme = acme(world);
      var ana = acme.person("ana");
      var since = world.clock().now();
      long begun = System.nanoTime();

      ana.signsIn().isIn();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
      assertThat(noticed(acme, ana, since))
          .containsExactly("new_device +15, senses_unavailable +30");
      world.check();
    }
  }
}
