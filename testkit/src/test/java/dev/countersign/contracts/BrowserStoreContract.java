package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Device;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SignInId;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What rooms rely on of trusted browsers and of habits. */
interface BrowserStoreContract {
  private static TrustedBrowsers.Made trusts(World world, Company company, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .write(tx ->
            world
                .wiring()
                .course
                .trustedBrowsers
                .trust(
                    tx,
                    company.id(),
                    who.id(),
                    SignInId.fresh(world.entropy()),
                    new FactorId("otp"),
                    "",
                    Duration.ofDays(1),
                    world.node().occasion()));
  }

  @Test
  default void TEN_01_a_trusted_browser_is_one_persons_in_one_tenant_and_tidied_when_long_over(
      World world) {
    var acme = world.tenant("acme");
    var other = world.tenant("other");
    var ana = acme.person("ana");
    var twin = other.person("ana");
    var browsers = world.wiring().course.trustedBrowsers;
    var one = trusts(world, acme, ana);
    for (int i = 0; i < 25; i++) {
      world.later(Duration.ofSeconds(1));
      trusts(world, acme, ana);
    }
    trusts(world, other, twin);

    var database = world.wiring().ground.database;
    var now = world.clock().now();
    assertThat(database.<List<TrustedBrowser>>read(tx -> browsers.of(tx, acme.id(), ana.id(), now)))
        .as("the oldest made room")
        .hasSize(20)
        .extracting(it -> it.id())
        .doesNotContain(one.browser().id());
    var id = database.read(tx -> browsers.of(tx, acme.id(), ana.id(), now)).getFirst().id();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, acme.id(), ana.id(), id)))
        .isPresent();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, acme.id(), twin.id(), id)))
        .isEmpty();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, other.id(), ana.id(), id)))
        .isEmpty();

    var later = now.plus(Duration.ofDays(2));
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), now, 100))).isZero();
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), later, 15)))
        .isEqualTo(15);
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), later, 15))).isEqualTo(5);
    assertThat(
            database.<List<TrustedBrowser>>read(tx -> browsers.of(tx, other.id(), twin.id(), now)))
        .hasSize(1);
  }

  @Test
  default void a_place_is_new_once_and_what_was_chosen_first_is_kept_until_it_is_taken_back(
      World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").enrolledIn("otp");
    var habits = world.wiring().methods.habits;
    var database = world.wiring().ground.database;
    var otp = new FactorId("otp");
    var enrolment =
        database
            .read(tx ->
                world
                    .wiring()
                    .methods
                    .enrolments
                    .find(tx, acme.id(), ana.id(), ana.enrolment("otp")))
            .orElseThrow();
    var now = world.clock().now();
    var there = new Occasion(now, "198.51.100.7", "Android Mobile", "req_1");
    var next = new Occasion(now, "198.51.100.99", "Android Mobile", "req_2");
    var desk = new Occasion(now, "198.51.100.99", "Linux", "req_3");
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, there)))
        .isTrue();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, there)))
        .isFalse();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, next)))
        .isFalse();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, desk))).isTrue();

    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.of(otp), now));
    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.of(otp), now));
    var known = database.read(tx -> habits.of(tx, acme.id(), ana.id(), Device.Kind.PHONE));
    assertThat(known.first()).contains(otp);
    assertThat(known.lastUsed()).containsEntry(otp, now);
    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.empty(), now));
    assertThat(database.<Optional<FactorId>>read(tx -> habits.first(tx, acme.id(), ana.id())))
        .isEmpty();

    var later = now.plus(Duration.ofSeconds(1));
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), now, 10))).isZero();
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), later, 2))).isEqualTo(2);
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), later, 2))).isEqualTo(1);
  }
}
