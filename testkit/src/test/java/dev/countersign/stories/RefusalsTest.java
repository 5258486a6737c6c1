package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditReader;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an operator is told by {@code countersign audit refusals}, and what is kept of what was typed. */
@WorldTest
class RefusalsTest {
  private static List<JsonNode> refusals(World world, Company company) {
    var wiring = world.wiring();
    return new AuditReader(wiring.ground.database, wiring.ground.audit)
        .refusals(company.id(), world.clock().now().minus(Duration.ofHours(24))).stream()
            .map(Json::tree)
            .toList();
  }

  private static JsonNode about(List<JsonNode> refusals, String type, String reason) {
    return refusals.stream()
        .filter(it -> it.path("type").asString("").equals(type))
        .filter(it -> it.path("reason").asString("").equals(reason))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + " " + reason + " in " + refusals));
  }

  @Test
  void AUD_07_a_lost_factor_is_told_from_a_policy_that_lets_nobody_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    for (int i = 0; i < 40; i++) {
      var journey = ana.journey().withPassword();
      for (int guess = 0; guess < 5; guess++) {
        journey.answers("otp", ana.wrongCode());
      }
    }

    var lost = refusals(world, acme);
    var wrong = about(lost, "user.mfa_failed", "code_invalid");
    assertThat(wrong.path("method").asString("")).isEqualTo("otp");
    assertThat(wrong.path("times").asInt()).isEqualTo(5);
    var throttled = about(lost, "user.mfa_failed", "throttled");
    assertThat(lost.getFirst()).as("the most frequent").isEqualTo(throttled);
    assertThat(throttled.path("times").asInt()).isEqualTo(195);
    assertThat(lost)
        .allSatisfy(it -> {
          assertThat(it.path("people").asInt()).isEqualTo(1);
          assertThat(it.path("whom").asString("")).isEqualTo(ana.id().value());
          assertThat(it.path("most_for_one").asInt()).isEqualTo(it.path("times").asInt());
        });

    world.later(Duration.ofHours(25));
    assertThat(refusals(world, acme)).as("a day later").isEmpty();

    // Whose tokens nobody has given out yet.
    var bank = world.tenant("bank").requiring("hardware-otp");
    for (int i = 0; i < 200; i++) {
      bank.person("person" + i).journey().withPassword();
    }
    var policy = refusals(world, bank);
    assertThat(policy).hasSize(1);
    var denied = about(policy, "user.sign_in_failed", "no_factor_possible");
    assertThat(denied.path("times").asInt()).isEqualTo(200);
    assertThat(denied.path("people").asInt()).isEqualTo(200);
    assertThat(denied.path("most_for_one").asInt()).isEqualTo(1);
  }

  @Test
  void AUD_07_names_that_nobody_has_are_counted_together(World world) {
    var acme = world.tenant("acme").inviting("otp");
    for (int i = 0; i < 20; i++) {
      var browser = world.browser();
      browser.open(acme.url("/account"));
      browser.submit(Map.of("identifier", "name" + i));
      browser.submit(Map.of("password", "wrong password"));
    }

    var unknown = about(refusals(world, acme), "user.sign_in_failed", "password_invalid");
    assertThat(unknown.path("times").asInt()).isEqualTo(20);
    assertThat(unknown.path("about_nobody").asInt()).isEqualTo(20);
    assertThat(unknown.path("people").asInt()).isZero();
    assertThat(unknown.has("whom")).isFalse();
  }

  @Test
  void AUD_07_a_password_that_is_typed_as_the_name_is_kept_nowhere_in_clear(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var typed = "plum orchard in the late rain";
    world.canaries().token(typed); // From here on it may stand on a page, and nowhere else.
    var browser = world.browser();
    browser.open(acme.url("/account"));

    var asked = browser.submit(Map.of("identifier", typed));
    assertThat(asked.text()).as("to whoever typed it").contains(typed);
    browser.submit(Map.of("password", typed));
    assertThat(acme.audit().last("user.sign_in_failed").details())
        .containsEntry("unknown_name", "true");
    world.check();

    assertThat(browser.open(asked.uri().toString()).text()).as("later").contains(typed);
    acme.person("ana").signsInWith(browser).isIn();
  }
}
