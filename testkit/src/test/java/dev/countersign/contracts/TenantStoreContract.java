package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the tables of tenants and their policies. */
interface TenantStoreContract {
  @Test
  default void a_tenant_is_found_by_id_slug_and_host(World world) {
    var acme = world.tenant("acme");
    var tenants = world.wiring().ground.tenants;

    var found = tenants.bySlug(acme.slug()).orElseThrow();

    assertThat(found.id()).isEqualTo(acme.id());
    assertThat(tenants.find(acme.id())).contains(found);
    assertThat(tenants.at(acme.host())).contains(acme.id());
    assertThat(tenants.at("other." + acme.host())).isEmpty();
  }

  @Test
  default void a_slug_and_a_host_belong_to_one_tenant(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var host = "login." + acme.slug() + ".example";

    assertThat(world.wiring().ground.tenants.create(acme.slug(), "Again", world.clock().now()))
        .isInstanceOf(Tenants.Creation.Taken.class);
    assertThat(world.wiring().ground.tenants.addHost(acme.id(), host)).isTrue();
    assertThat(world.wiring().ground.tenants.addHost(beta.id(), host)).isFalse();
    assertThat(world.wiring().ground.tenants.at(host)).contains(acme.id());
  }

  @Test
  default void a_tenant_read_before_anothers_change_cannot_be_saved(World world) {
    var tenants = world.wiring().ground.tenants;
    var before = tenants.get(world.tenant("acme").id());

    assertThat(tenants.save(before)).isTrue();
    assertThat(tenants.save(before)).isFalse();
  }

  @Test
  default void the_clock_of_a_sandbox_is_moved_by_everybody_who_moves_it(World world) {
    var acme = world.sandbox("acme");
    var now = world.clock().now();

    var moved =
        AtOnce.all(i ->
            () -> {
              var wiring = world.node(i % world.nodes().size()).wiring();
              return wiring.ground.database.write(
                  tx -> wiring.ground.sandboxes.advance(tx, acme.id(), Duration.ofMinutes(1)));
            });

    assertThat(moved).containsOnly(true);
    for (var node : world.nodes()) {
      assertThat(node.wiring().ground.sandboxes.now(acme.id(), now))
          .isEqualTo(now.plus(Duration.ofMinutes(AtOnce.THREADS)));
    }
  }

  @Test
  default void every_version_of_a_policy_stays_readable(World world) {
    var acme = world.tenant("acme").requiring("otp").demandingNothing();
    var policies = world.wiring().course.policies;

    var current = in(world, tx -> policies.current(tx, acme.id()));
    assertThat(current.version()).isEqualTo(2);
    assertThat(current.mode()).isEqualTo(Mode.OFF);
    assertThat(in(world, tx -> policies.version(tx, acme.id(), 1)).mode()).isEqualTo(Mode.REQUIRED);
    assertThat(in(world, tx -> policies.version(tx, acme.id(), 0)).mode()).isEqualTo(Mode.OPTIONAL);
  }

  @Test
  default void TEN_07_a_policy_changed_on_one_server_is_live_on_the_other_at_once(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var there = world.node(1).wiring();
    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, acme.id())).mode())
        .isEqualTo(Mode.OPTIONAL);

    acme.requiring("otp");

    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, acme.id())).mode())
        .isEqualTo(Mode.REQUIRED);
    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, beta.id())).mode())
        .isEqualTo(Mode.OPTIONAL);
  }
}
