package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.storage.Column;
import dev.countersign.storage.Erasure;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tenant that is deleted leaves nothing, and takes nothing along that is not its own. */
class ErasureTest {
  /** In every table there is, this test's own list and not the product's. */
  private static Map<String, Long> rows(World world, Company company) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> {
          List<String> tables =
              Column.all(tx).stream()
                  .filter(it -> it.name().equals("tenant"))
                  .map(Column::table)
                  .toList();
          assertThat(tables).hasSizeGreaterThan(25).contains("tenants", "audit_events", "users");
          Map<String, Long> rows = new LinkedHashMap<>();
          for (var table : tables) {
            rows.put(
                table,
                tx.sql("select count(*) as n from " + table + " where tenant = :tenant")
                    .set("tenant", company.id())
                    .one(row -> row.number("n"))
                    .orElseThrow());
          }
          return rows;
        });
  }

  private static Company lively(World world, String name) {
    var company = world.tenant(name).requiring("otp");
    var ana = company.person("ana").enrolledIn("otp", "recovery-code");
    ana.signsIn().answers(ana.codeNow()).isIn();
    company
        .admin()
        .post(
            "/log-streams",
            "{\"type\": \"http\", \"sink\": {\"httpEndpoint\": \"https://example.com/e\"}}");
    return company;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void nothing_of_a_deleted_tenant_stays_and_everything_of_another_does(Engine engine) {
    try (var world = World.on(engine).onItsOwn().make()) {
      var acme = lively(world, "acme");
      var other = lively(world, "other");
      assertThat(rows(world, acme).values().stream().filter(n -> n > 0).count()).isGreaterThan(12);
      var before = rows(world, other);
      before.remove("signing_keys"); // The next one is made beside everything else.

      long erased = Erasure.erase(world.wiring().ground.database, acme.id());
      world.wiring().ground.tenants.forget(acme.id());

      assertThat(erased).isGreaterThan(20);
      assertThat(rows(world, acme).values()).containsOnly(0L);
      assertThat(rows(world, other)).containsAllEntriesOf(before);
      assertThat(world.wiring().ground.tenants.at(acme.host())).isEmpty();
      assertThat(other.person("ben").enrolledIn("otp").signsIn().page().status()).isEqualTo(200);
    }
  }
}
