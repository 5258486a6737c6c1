package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  void RATE_03_what_a_proxy_says_is_believed_from_the_right_as_far_as_it_makes_sense() {
    try (var world = World.on(Engine.EMBEDDED).behindProxies("127.0.0.0/8", "10.1.0.0/16").make()) {
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
      world.check();
    }
  }

  @Test
  void RATE_03_nonsense_by_way_of_a_proxy_is_no_way_around_the_limit() {
    try (var world = World.on(Engine.EMBEDDED).behindProxies("127.0.0.0/8").make()) {
      var acme = world.tenant("acme").inviting("otp");
      for (int i = 0; i < 60; i++) {
        guesses(world, acme, "name" + i, "198.51.100." + i + ", a" + i);
      }

      assertThat(judged(acme)).isEqualTo(50);
      world.check();
    }
  }
}
