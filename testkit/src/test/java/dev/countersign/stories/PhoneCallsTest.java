package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.TextSink;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Codes that are said by telephone: who makes the call, what it says, and that it counts as a text does. */
@WorldTest
class PhoneCallsTest {
  private static final Secret CODE = Secret.of("104733");

  /** Tries to have a code said; how that ended. */
  private static String says(World world, Someone who, String locales) {
    var company = who.company();
    var courier = world.wiring().delivery.texts;
    var errand =
        new Courier.Errand(
            company.id(),
            who.id(),
            "calls",
            null,
            false,
            "Bank",
            locales,
            new Dispatch.Text(who.phoneNumber(), CODE, Dispatch.Via.VOICE));
    var occasion = new Occasion(Moment.of(world.instant()), "198.51.100.7", "", "req_1");
    return switch (world
        .wiring()
        .ground
        .database
        .write(tx -> courier.admit(tx, errand, occasion))) {
      case Courier.Admission.Refused(var reason, var _) -> reason;
      case Courier.Admission.Admitted _ ->
          switch (courier.send(errand, occasion)) {
            case Courier.Outcome.Handed(var by) -> by;
            case Courier.Outcome.Failed(var reason) -> reason;
          };
    };
  }

  private static Company calling(Company company) {
    var answered =
        company
            .admin()
            .call(
                Method.PUT,
                "/guardian/factors/phone/message-types",
                "{\"message_types\":[\"sms\",\"voice\"]}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    return company;
  }

  @Test
  void a_call_says_the_digits_one_by_one_in_the_readers_language(World world) {
    var acme = calling(world.tenant("acme").texting());
    var it = world.wiring().ground.tenants.get(acme.id());
    world.wiring().ground.tenants.save(it.called("A<b & co"));
    var ana = acme.person("ana");

    assertThat(says(world, ana, "de")).isEqualTo("twilio");
    var said = ana.texts().getLast();
    assertThat(said.body())
        .contains("language=\"de-DE\"", "loop=\"3\"", "1, 0, 4, 7, 3, 3", "A&lt;b &amp; co");
    assertThat(said.code()).isEqualTo(CODE.reveal());
    world.later(Duration.ofMinutes(1));
    assertThat(says(world, ana, "ar")).isEqualTo("twilio");
    assertThat(ana.texts().getLast().body()).contains("language=\"arb\"");
    assertThat(world.texts().refused()).isEmpty();
  }

  @Test
  void nobody_calls_until_a_tenant_wants_it_and_by_nobody_who_cannot(World world) {
    var acme = world.tenant("acme").texting();
    assertThat(says(world, acme.person("ana"), "en")).isEqualTo("no_channel");
    var sns = world.tenant("beta").textingBy(world.texts().account("sns"));
    assertThat(says(world, sns.person("ben"), "en")).isEqualTo("no_channel");
  }

  @Test
  void the_one_behind_calls_when_the_first_fails_and_texts_only_pass_it_over(World world) {
    var hook = world.texts().account("phone-message-hook");
    var broken = world.texts().account("twilio").feeling(TextSink.Mood.POLITELY_REFUSES);
    var ana = calling(world.tenant("acme").textingBy(broken, hook)).person("ana");
    assertThat(says(world, ana, "en")).isEqualTo("phone-message-hook");
    ana.company().audit().says("sms.provider_failed", "by", "twilio");

    var vonage = world.texts().account("vonage");
    var ben = calling(world.tenant("beta").textingBy(vonage, hook)).person("ben");
    assertThat(says(world, ben, "en")).isEqualTo("phone-message-hook");
    assertThat(vonage.asked()).isZero();
  }

  @Test
  void SMS_03_calls_are_counted_with_texts(World world) {
    var ana = calling(world.tenant("acme").texting()).person("ana");
    assertThat(says(world, ana, "en")).isEqualTo("twilio");
    assertThat(says(world, ana, "en")).isEqualTo("too_soon");
    ana.company().audit().says("sms.blocked", "reason", "too_soon");
    for (int i = 1; i < 5; i++) {
      world.later(Duration.ofMinutes(1));
      assertThat(says(world, ana, "en")).isEqualTo("twilio");
    }
    world.later(Duration.ofMinutes(1));
    assertThat(says(world, ana, "en")).isEqualTo("limit_enrolling");
  }
}
