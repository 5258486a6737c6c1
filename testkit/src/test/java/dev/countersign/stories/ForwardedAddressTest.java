package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Facts;
import dev.countersign.loginsession.History;
import dev.countersign.risk.Signal;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whom the server believes where a request comes from. */
class ForwardedAddressTest {
  private static final String HERE = "127.0.0.1";
  private static final String THERE = "203.0.113.9";

  /** Guesses once through the pages; the address by which it was recorded. */
  private static String guesses(World world, Company company, String name, String... claims) {
    var browser = world.browser().forwardedFor(claims);
    assertThat(browser.open(company.url("/account")).status()).as("from %s", name).isEqualTo(200);
    browser.submit(Map.of("identifier", name));
    assertThat(browser.submit(Map.of("password", "wrong password")).status())
        .as("from %s", name)
        .isLessThan(500);
    return company.audit().last("user.sign_in_failed").address();
  }

  private static long judged(Company company) {
    return company.audit().of("user.sign_in_failed").stream()
        .filter(event -> "password_invalid".equals(event.details().get("reason")))
        .count();
  }

  @Test
  void RATE_03_whoever_is_no_proxy_of_ours_is_not_asked_where_they_come_from() {
    try (var world = World.on(Engine.EMBEDDED).overSockets().make()) {
      var acme = world.tenant("acme").inviting("otp");
      for (int i = 0; i < 60; i++) {
        assertThat(guesses(world, acme, "name" + i, "198.51.100." + i)).isEqualTo(HERE);
      }

      assertThat(judged(acme)).as("guesses from one address").isEqualTo(50);
      world.check();
    }
  }

  @Test
  @WorldTest(proxies = {"127.0.0.0/8", "10.1.0.0/16"})
  void RATE_03_what_a_proxy_says_is_believed_from_the_right_as_far_as_it_makes_sense(World world) {
    var acme = world.tenant("acme").inviting("otp");
    Map<List<String>, String> recorded = new LinkedHashMap<>();
    recorded.put(List.of(THERE), THERE);
    recorded.put(List.of("198.51.100.1, " + THERE), THERE);
    recorded.put(List.of("198.51.100.1", THERE + " , 10.1.2.3"), THERE);
    recorded.put(List.of("2001:db8::1"), "2001:db8:0:0:0:0:0:1");
    recorded.put(List.of("[2001:db8::1]"), "2001:db8:0:0:0:0:0:1");
    recorded.put(List.of("198.51.100.1,".repeat(999) + THERE), THERE);
    recorded.put(List.of("10.1.2.3,".repeat(999) + "10.1.2.3"), HERE);
    for (var nonsense :
        List.of(
            "a",
            "",
            ",",
            "x".repeat(10_000),
            "fe80::1%eth0",
            "fe80::1%25eth0",
            "::ffff:999.1.1.1",
            "localhost",
            "unknown",
            "1.2.3",
            "0x7f.1",
            THERE + ":80",
            "\u00b2\u00b3.1.1.1")) {
      recorded.put(List.of(nonsense), HERE);
      recorded.put(List.of(THERE + "," + nonsense), HERE);
    }

    int number = 0;
    for (var each : recorded.entrySet()) {
      assertThat(guesses(world, acme, "name" + number++, each.getKey().toArray(String[]::new)))
          .as("%.60s", each.getKey())
          .isEqualTo(each.getValue());
    }
  }

  @Test
  @WorldTest(proxies = "127.0.0.0/8")
  void RATE_03_nonsense_by_way_of_a_proxy_is_no_way_around_the_limit(World world) {
    var acme = world.tenant("acme").inviting("otp");
    for (int i = 0; i < 60; i++) {
      guesses(world, acme, "name" + i, "198.51.100." + i + ", a" + i);
    }

    assertThat(judged(acme)).isEqualTo(50);
  }

  /** What a sign-in is recorded with: in the audit log, with its decision, and as the Management API shows it. */
  private record Recorded(String audited, String decided, String country, String shown) {
    Recorded(String address, String country) {
      this(address, address, country, address);
    }
  }

  /** A company where whoever comes from somewhere is recorded with what is noteworthy about it, and with where it was. */
  private static Company noticing(World world) {
    return world
        .tenant("acme")
        .demandingNothing()
        .policy(it -> it.with(Adaptive.INITIAL.turned(Adaptive.State.REPORT_ONLY)));
  }

  /** The facts of the newest decision about whoever signed in last. */
  private static Facts decided(World world, Company company) {
    var signIn = Objects.requireNonNull(company.audit().last("user.signed_in").signIn());
    var wiring = world.wiring();
    return wiring
        .ground
        .database
        .read(tx -> new History(wiring.ground.database).of(tx, company.id(), signIn))
        .getLast()
        .facts();
  }

  private static Recorded signsIn(World world, Company company, Browser browser) {
    company.person("ana").signsInWith(browser).isIn();
    var where = decided(world, company).circumstances().where();
    var shown = company.admin("read:logs").get("/logs?q=type:s&per_page=1").json().path(0);
    return new Recorded(
        company.audit().last("user.signed_in").address(),
        where.address(),
        Objects.requireNonNullElse(where.country(), "none"),
        shown.path("ip").asString(""));
  }

  /** Everything by which a request can say that it comes from somewhere else than it does. */
  private static List<Map<String, String>> otherClaims() {
    return List.of(
        Map.of("forwarded", "for=" + THERE),
        Map.of("forwarded", "for=\"[2001:db8::9]:443\";proto=https;by=" + HERE),
        Map.of("x-real-ip", THERE),
        Map.of("x-client-ip", THERE),
        Map.of("true-client-ip", THERE),
        Map.of("cf-connecting-ip", THERE),
        Map.of("auth0-forwarded-for", THERE),
        Map.of("x-forwarded", "for=" + THERE),
        Map.of("via", "1.1 " + THERE));
  }

  @Test
  @WorldTest(proxies = {"127.0.0.0/8", "10.0.0.0/8"})
  void AUD_06_the_address_that_a_proxy_names_is_recorded_in_one_spelling_everywhere(World world) {
    var acme = noticing(world);
    var brazil = new Recorded(THERE, "BR");
    var nowhere = new Recorded(HERE, "none");
    var byIPv6 = new Recorded("2001:db8:0:0:0:0:0:9", "none");
    Map<List<String>, Recorded> expected = new LinkedHashMap<>();
    expected.put(List.of(), nowhere);
    expected.put(List.of(THERE), brazil);
    expected.put(List.of("198.51.100.1, 192.0.2.1," + THERE), brazil);
    expected.put(List.of("198.51.100.1", "\t" + THERE + " "), brazil);
    expected.put(List.of("::ffff:" + THERE), brazil);
    expected.put(List.of("::FFFF:cb00:7109"), brazil);
    expected.put(List.of("[0:0:0:0:0:ffff:203.0.113.9]"), brazil);
    expected.put(List.of(THERE + ", ::ffff:10.1.2.3"), brazil);
    expected.put(List.of("2001:DB8::9"), byIPv6);
    expected.put(List.of("[2001:db8:0::0:9]"), byIPv6);
    expected.put(List.of("2001:0db8:0000:0000:0000:0000:0000:0009, 10.1.2.3"), byIPv6);
    expected.put(List.of("[2001:db8::9]:443"), nowhere);
    expected.put(List.of(THERE + ":443"), nowhere);
    expected.put(List.of("fe80::9%eth0"), nowhere);
    expected.put(List.of("[fe80::9%25eth0]"), nowhere);
    expected.put(List.of("[" + THERE), nowhere);
    expected.put(List.of("2001:db8::9::"), nowhere);
    expected.put(List.of("for=" + THERE), nowhere);
    expected.put(List.of("\"" + THERE + "\""), nowhere);
    expected.put(List.of(THERE + ";198.51.100.1"), nowhere);
    expected.put(List.of(THERE + ","), nowhere);

    expected.forEach((claims, recorded) ->
        assertThat(
                signsIn(world, acme, world.browser().forwardedFor(claims.toArray(String[]::new))))
            .as("X-Forwarded-For: %s", claims)
            .isEqualTo(recorded));
    for (var claim : otherClaims()) {
      assertThat(signsIn(world, acme, world.browser().alsoSending(claim)))
          .as("alone: %s", claim)
          .isEqualTo(nowhere);
      assertThat(
              signsIn(world, acme, world.browser().forwardedFor("198.51.100.7").alsoSending(claim)))
          .as("beside the proxy's word: %s", claim)
          .isEqualTo(new Recorded("198.51.100.7", "DE"));
    }
  }

  @Test
  @WorldTest(proxies = "10.0.0.0/8")
  void AUD_06_of_a_peer_that_is_no_proxy_its_own_address_is_recorded(World world) {
    var acme = noticing(world);
    for (var claim : List.of(THERE, "10.1.2.3", HERE, "::1", "2001:db8::9", "a", "")) {
      assertThat(signsIn(world, acme, world.browser().forwardedFor(claim)))
          .as("X-Forwarded-For: %s", claim)
          .isEqualTo(new Recorded(HERE, "none"));
    }
    for (var claim : otherClaims()) {
      assertThat(signsIn(world, acme, world.browser().alsoSending(claim)))
          .as("%s", claim)
          .isEqualTo(new Recorded(HERE, "none"));
    }
  }

  /** A browser calls itself so; what is recorded of that, and how it is found odd. */
  private static String agent(World world, Company company, String... names) {
    signsIn(world, company, world.browser().callingItself(names));
    var odd =
        decided(world, company).circumstances().findings().stream()
            .filter(it -> it.signal() == Signal.ODD_USER_AGENT)
            .map(it -> it.details().get("kind"))
            .toList();
    return company.audit().last("user.signed_in").userAgent() + " " + odd;
  }

  @Test
  void AUD_06_what_a_browser_calls_itself_is_recorded_short_and_its_silence_as_silence() {
    try (var world = World.on(Engine.EMBEDDED).overSockets().make()) {
      var acme = noticing(world);

      assertThat(agent(world, acme)).as("no header").isEqualTo(" [missing]");
      assertThat(agent(world, acme, "")).as("an empty one").isEqualTo(" [missing]");
      assertThat(agent(world, acme, "  \t ")).as("a blank one").isEqualTo(" [missing]");
      assertThat(agent(world, acme, "x".repeat(10_000)))
          .as("ten kilobytes")
          .isEqualTo("x".repeat(300) + " [impossible]");
      assertThat(agent(world, acme, "curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64) Gecko/1"))
          .as("two of them")
          .isEqualTo("curl/8.5.0 [scripted]");
      world.check();
    }
  }
}
