package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.list;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.risk.Browser;
import dev.countersign.risk.Observe;
import dev.countersign.risk.lists.AddressList;
import dev.countersign.risk.lists.Source;
import dev.countersign.risk.networks.Networks;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What rooms rely on of what is known about how people sign in. */
interface RiskStoreContract {
  private static Observe.Observed observed(World world, Someone who, Occasion occasion) {
    var observe = world.wiring().risk.observe;
    return world
        .wiring()
        .ground
        .database
        .write(tx ->
            observe.observe(
                tx, who.company().id(), who.id(), Browser.of(occasion), List.of(), occasion));
  }

  private static void learned(World world, Someone who, Occasion occasion) {
    var observe = world.wiring().risk.observe;
    world
        .wiring()
        .ground
        .database
        .run(tx -> observe.learn(tx, who.company().id(), who.id(), Browser.of(occasion), occasion));
  }

  private static Occasion visit(Moment at, String address, String device) {
    return new Occasion(
            at,
            address,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "req_1")
        .knownBy(Secret.of(device));
  }

  private static List<String> words(Observe.Observed observed) {
    return observed.findings().stream().map(it -> it.signal().word()).toList();
  }

  @Test
  default void what_is_learned_of_one_person_is_known_of_nobody_else(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var now = world.clock().now();
    var here = visit(now, "192.0.2.7", "d".repeat(22));
    var far = visit(now.plus(Duration.ofMinutes(30)), "203.0.113.7", "d".repeat(22));

    assertThat(words(observed(world, ana, here))).containsExactly("new_device");
    learned(world, ana, here);
    learned(world, ana, here);

    assertThat(words(observed(world, ana, here))).isEmpty();
    assertThat(observed(world, ana, here).country()).isEqualTo("DE");
    assertThat(words(observed(world, ana, far)))
        .containsExactly("new_country", "impossible_travel");
    assertThat(words(observed(world, acme.person("ben"), here))).containsExactly("new_device");
    assertThat(words(observed(world, world.tenant("beta").person("ana"), here)))
        .containsExactly("new_device");
  }

  @Test
  default void whoever_learns_from_something_old_looks_again(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var now = world.clock().now();
    var first = visit(now, "192.0.2.7", "a".repeat(22));
    learned(world, ana, first);
    var second = visit(now.plus(Duration.ofHours(2)), "192.0.2.7", "b".repeat(22));
    var third = visit(now.plus(Duration.ofHours(2)), "192.0.2.7", "c".repeat(22));

    observed(world, ana, second); // What was read here is old once the other one has learned.
    var other = world.addNode(world.clock());
    other
        .wiring()
        .ground
        .database
        .run(tx ->
            other.wiring().risk.observe.learn(tx, acme.id(), ana.id(), Browser.of(third), third));
    learned(world, ana, second);

    assertThat(words(observed(world, ana, second))).isEmpty();
    assertThat(words(observed(world, ana, third))).isEmpty();
  }

  @Test
  default void what_is_old_is_forgotten_but_for_when_somebody_was_here(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var observe = world.wiring().risk.observe;
    var now = world.clock().now();
    learned(world, ana, visit(now, "192.0.2.7", "d".repeat(22)));
    var later = visit(now.plus(Duration.ofDays(401)), "192.0.2.7", "d".repeat(22));
    var before = now.plus(Duration.ofDays(1));

    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), now, 10)))
        .isZero();
    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), before, 10)))
        .isEqualTo(1);
    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), before, 10)))
        .isZero();

    assertThat(words(observed(world, ana, later)))
        .containsExactly("new_device", "new_country", "long_absence");
    assertThat(did(world, tx -> observe.forget(tx, acme.id(), ana.id()))).isTrue();
    var ben = acme.person("ben").id();
    assertThat(did(world, tx -> observe.forget(tx, acme.id(), ben))).isFalse();
  }

  @Test
  default void a_tenants_list_of_addresses_counts_there_and_nowhere_else(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var lists = world.wiring().risk.addressLists;
    var now = world.clock().now();
    var settings =
        new AddressList(
            "new",
            "Ours",
            Source.OWN,
            null,
            Optional.empty(),
            40,
            false,
            Duration.ZERO,
            AddressList.Standing.NEW,
            now);
    var entries = Networks.read("192.0.2.0/24", 10).orElseThrow();
    var here = visit(now, "192.0.2.7", "d".repeat(22));

    var list = maybe(world, tx -> lists.add(tx, acme.id(), settings, entries, now)).orElseThrow();

    assertThat(words(observed(world, acme.person("ana"), here)))
        .containsExactly("address_listed", "new_device");
    assertThat(words(observed(world, beta.person("ana"), here))).containsExactly("new_device");
    assertThat(maybe(world, tx -> lists.find(tx, acme.id(), list.id()))).contains(list);
    assertThat(maybe(world, tx -> lists.find(tx, beta.id(), list.id()))).isEmpty();
    assertThat(did(world, tx -> lists.remove(tx, beta.id(), list.id(), now))).isFalse();
    assertThat(did(world, tx -> lists.remove(tx, acme.id(), list.id(), now))).isTrue();
    assertThat(words(observed(world, acme.person("ana"), here))).containsExactly("new_device");
  }
}
