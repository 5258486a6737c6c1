package dev.countersign.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Launcher;
import dev.countersign.operator.Health;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A PostgreSQL that cannot be reached, or does not answer. */
@Isolated("Waits are bounded in real time.")
class DatabaseAwayTest {
  /** Two seconds by the specification, and something for a busy machine. */
  private static final Duration SOON = Duration.ofMillis(2_500);

  private record Timed(Page page, Duration took) {}

  private static Timed timed(Supplier<Page> work) {
    long started = System.nanoTime();
    var page = work.get();
    return new Timed(page, Duration.ofNanos(System.nanoTime() - started));
  }

  private static Timed open(World world, Company acme, String path) {
    return timed(() -> world.browser().open(acme.url(path)));
  }

  /** How long it takes until a page is a page again. */
  private static Duration back(World world, Company acme) {
    return timed(
            () -> {
              var page = open(world, acme, "/account").page();
              for (int tries = 0; page.status() == 503 && tries < 100; tries++) {
                LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
                page = open(world, acme, "/account").page();
              }
              assertThat(page.status()).isEqualTo(200);
              return page;
            })
        .took();
  }

  @Test
  void FAULT_02_a_database_that_hangs_keeps_nobody_waiting_and_nothing_is_used_twice() {
    try (var world = World.on(Engine.POSTGRES).behindFlakyLink()) {
      var acme = world.tenant("acme").requiring("otp");
      var ana = acme.person("ana").enrolledIn("otp");
      var code = ana.codeNow();
      var underWay = ana.signsIn();
      assertThat(open(world, acme, "/.well-known/jwks.json").page().status()).isEqualTo(200);
      // The server's own check; what the operator's port makes of it is tested there.
      var health = new Health(List.of(Launcher.databaseCheck(world.wiring())));
      assertThat(health.ready().ready()).as("ready").isTrue();

      world.link().silence();

      var told = timed(() -> underWay.answers(code).page());
      assertThat(told.page().status()).isEqualTo(503);
      assertThat(told.took()).isLessThan(SOON);
      assertThat(told.page().html()).doesNotContain("Exception", "at dev.countersign");
      for (int i = 0; i < 5; i++) {
        var turnedAway = open(world, acme, "/account");
        assertThat(turnedAway.page().status()).isEqualTo(503);
        assertThat(turnedAway.took()).isLessThan(SOON);
      }
      assertThat(health.ready().ready()).as("ready").isFalse();
      for (var path :
          new String[] {"/.well-known/openid-configuration", "/.well-known/jwks.json"}) {
        var answered = open(world, acme, path);
        assertThat(answered.page().status()).as(path).isEqualTo(200);
        assertThat(answered.took()).as(path).isLessThan(SOON);
      }

      world.link().mend();

      assertThat(back(world, acme)).as("back by itself").isLessThan(Duration.ofSeconds(5));
      assertThat(health.ready().ready()).as("ready again").isTrue();
      // Whether the answer was taken before the line went silent is unknown; twice it is not taken.
      ana.signsIn().answers(code);
      ana.signsIn().answers(code).isRefused("code_reused");
      world.check();
    }
  }

  @Test
  void FAULT_03_work_that_is_merely_slow_goes_on() {
    try (var world = World.on(Engine.POSTGRES).behindFlakyLink()) {
      var database = world.wiring().ground.database;

      var slept =
          database.read(
              tx -> tx.sql("select 1 as one from pg_sleep(2)").list(row -> row.count("one")));

      assertThat(slept).containsExactly(1);
    }
  }

  @Test
  void FAULT_02_without_a_database_people_are_told_at_once_and_keys_are_still_given_out() {
    try (var world = World.on(Engine.POSTGRES).behindFlakyLink()) {
      var acme = world.tenant("acme").requiring("otp");
      var ana = acme.person("ana").enrolledIn("otp");
      var code = ana.codeNow();
      var underWay = ana.signsIn();
      assertThat(open(world, acme, "/.well-known/jwks.json").page().status()).isEqualTo(200);

      world.link().cut();

      var told = timed(() -> underWay.answers(code).page());
      assertThat(told.page().status()).isEqualTo(503);
      assertThat(told.took()).isLessThan(SOON);
      assertThat(told.page().html()).doesNotContain("Exception", "at dev.countersign");
      var turnedAway = open(world, acme, "/account");
      assertThat(turnedAway.page().status()).isEqualTo(503);
      assertThat(turnedAway.took()).isLessThan(SOON);
      for (var path :
          new String[] {"/.well-known/openid-configuration", "/.well-known/jwks.json"}) {
        var answered = open(world, acme, path);
        assertThat(answered.page().status()).as(path).isEqualTo(200);
        assertThat(answered.took()).as(path).isLessThan(SOON);
      }

      world.link().mend();

      assertThat(back(world, acme)).as("back by itself").isLessThan(Duration.ofSeconds(5));
      ana.signsIn().answers(code).isIn();
      ana.signsIn().answers(code).isRefused("code_reused");
      world.check();
    }
  }
}
