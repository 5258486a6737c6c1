package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Spendables;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No table grows for ever, and nothing goes that still means something. */
@WorldTest(alone = true)
class TidyTest {
  private static final List<String> TABLES =
      List.of("sign_ins", "spendables", "rate_limits", "sessions", "refresh_families", "attempts");

  private static Map<String, Integer> rows(World world, Company company) {
    var rows = new LinkedHashMap<String, Integer>();
    for (var table : TABLES) {
      int count =
          world
              .wiring()
              .ground
              .database
              .read(tx ->
                  tx.sql("select count(*) as n from " + table + " where tenant = :tenant")
                      .set("tenant", company.id())
                      .one(row -> row.count("n"))
                      .orElseThrow());
      rows.put(table, count);
    }
    return rows;
  }

  private static void fill(World world, Company company) {
    var wiring = world.wiring();
    var ana = company.person("ana");
    var now = world.clock().now();
    ana.journey();
    wiring.newPasswords.askPasswordReset.ask(company.id(), "ana", world.node().occasion());
    wiring.ground.database.run(tx -> {
      for (int i = 0; i < 1200; i++) {
        wiring.proofs.spendables.put(
            tx,
            company.id(),
            Spendables.Kind.AUTHORIZATION_CODE,
            Secret.of("code " + i),
            "someone",
            "{}",
            now,
            now.plus(Duration.ofMinutes(1)));
      }
      session(tx, company, "s1", now);
    });
  }

  private static void session(
      dev.countersign.storage.Tx tx, Company company, String id, Moment now) {
    tx.sql(
            "insert into sessions (tenant, id, cookie, user_id, document, level, created_at, authenticated_at, seen_at)"
                + " values (:tenant, :id, :id, :user, '{}', 'AAL1', :now, :now, :now)")
        .set("tenant", company.id())
        .set("id", id)
        .set("user", company.person("ana").id())
        .set("now", now)
        .update();
    tx.sql(
            "insert into refresh_families (tenant, id, client_id, user_id, document, created_at, expires_at)"
                + " values (:tenant, :id, 'app', :user, '{}', :now, :expires)")
        .set("tenant", company.id())
        .set("id", id)
        .set("user", company.person("ana").id())
        .set("now", now)
        .set("expires", now.plus(Duration.ofDays(90)))
        .update();
  }

  @Test
  void what_has_run_out_goes_and_what_means_something_stays(World world) {
    var acme = world.tenant("acme").inviting("otp");
    fill(world, acme);
    var before = rows(world, acme);
    assertThat(before)
        .containsEntry("sign_ins", 1)
        .containsEntry("spendables", 1201)
        .containsEntry("sessions", 1);

    world.wiring().upkeep.tidy.sweep();
    assertThat(rows(world, acme)).as("nothing has run out yet").isEqualTo(before);

    world.later(Duration.ofDays(3));
    world.wiring().upkeep.tidy.sweep();
    assertThat(rows(world, acme))
        .as("three days later")
        .containsEntry("sign_ins", 0)
        .containsEntry("spendables", 0)
        .containsEntry("rate_limits", 0)
        .containsEntry("sessions", 1)
        .containsEntry("refresh_families", 1);

    world.later(Duration.ofDays(80));
    world.wiring().upkeep.tidy.sweep();
    assertThat(rows(world, acme)).as("while there are refresh tokens").containsEntry("sessions", 1);

    world.later(Duration.ofDays(60));
    world.wiring().upkeep.tidy.sweep();
    assertThat(rows(world, acme))
        .as("in the end")
        .containsEntry("sessions", 0)
        .containsEntry("refresh_families", 0);
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, alone = true)
  void the_same_on_postgresql(World world) {
    what_has_run_out_goes_and_what_means_something_stays(world);
  }
}
