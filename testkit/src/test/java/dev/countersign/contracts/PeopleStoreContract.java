package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.in;
import static dev.countersign.contracts.InStore.list;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.factor.Enrolment;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.StorageException;
import dev.countersign.testkit.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the tables of people and their factors. */
interface PeopleStoreContract {
  @Test
  default void a_person_is_kept_whole(World world) {
    var acme = world.tenant("acme");
    var newcomer =
        new People.Newcomer(
            new UserId("auth0|" + acme.slug()),
            "Zoë",
            "Zoë@Example.COM",
            true,
            "+12025550100",
            "Zoë \uD83E\uDD8A",
            Set.of("staff", "admins"),
            Set.of("teller"),
            Map.of("colour", "blue", "n", 3),
            Map.of("deep", Map.of("list", List.of(1, 2))));

    var added =
        in(
            world,
            tx -> world.wiring().ground.people.add(tx, acme.id(), newcomer, world.clock().now()));
    var found =
        in(world, tx -> world.wiring().ground.people.find(tx, acme.id(), added.id())).orElseThrow();

    assertThat(found).isEqualTo(added);
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, acme.id(), Identifier.of("ZOË"))))
        .contains(found);
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .find(tx, acme.id(), Identifier.of(" zoë@example.com "))))
        .contains(found);
  }

  @Test
  default void TEN_03_the_same_names_and_ids_in_two_tenants_are_two_people(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var newcomer =
        new People.Newcomer(
            new UserId("auth0|same"),
            "ana",
            "ana@example.com",
            true,
            null,
            null,
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of());

    for (var company : List.of(acme, beta)) {
      in(
          world,
          tx -> world.wiring().ground.people.add(tx, company.id(), newcomer, world.clock().now()));
    }

    assertThat(
            did(
                world,
                tx -> world.wiring().ground.people.remove(tx, acme.id(), new UserId("auth0|same"))))
        .isTrue();
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, acme.id(), Identifier.of("ana"))))
        .isEmpty();
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, beta.id(), Identifier.of("ana"))))
        .isPresent();
  }

  @Test
  default void a_taken_name_is_refused_and_nothing_of_its_bearer_stays(World world) {
    var acme = world.tenant("acme");
    acme.person("ana");

    assertThatThrownBy(() ->
            in(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .add(
                            tx,
                            acme.id(),
                            People.Newcomer.named("ANA", "new@example.com"),
                            world.clock().now())))
        .isInstanceOf(StorageException.Duplicate.class);
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .find(tx, acme.id(), Identifier.of("new@example.com"))))
        .isEmpty();
  }

  @Test
  default void a_person_read_before_anothers_change_cannot_be_saved(World world) {
    var acme = world.tenant("acme");
    Person before = acme.person("ana").record();

    assertThat(
            did(
                world,
                tx ->
                    world.wiring().ground.people.save(tx, acme.id(), before, world.clock().now())))
        .isTrue();
    assertThat(
            did(
                world,
                tx ->
                    world.wiring().ground.people.save(tx, acme.id(), before, world.clock().now())))
        .isFalse();
  }

  @Test
  default void an_enrolment_is_confirmed_once_and_removed_once_and_its_record_stays(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var enrolments = world.wiring().methods.enrolments;
    var now = world.clock().now();
    var id =
        in(
            world,
            tx ->
                enrolments.begin(
                    tx, acme.id(), ana.id(), new FactorId("otp"), "", Secret.of("first"), now));

    assertThat(
            did(
                world,
                tx -> enrolments.confirm(tx, acme.id(), id, Secret.of("document"), "Phone", now)))
        .isTrue();
    assertThat(
            did(
                world,
                tx -> enrolments.confirm(tx, acme.id(), id, Secret.of("other"), "Phone", now)))
        .isFalse();
    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ana.id(), id)))
        .hasValueSatisfying(it -> {
          assertThat(it.document()).isEqualTo(Secret.of("document"));
          assertThat(it.state()).isEqualTo(Enrolment.State.ACTIVE);
          assertThat(it.confirmedAt()).contains(now);
        });
    assertThat(did(world, tx -> enrolments.remove(tx, acme.id(), id, now))).isTrue();
    assertThat(did(world, tx -> enrolments.remove(tx, acme.id(), id, now))).isFalse();
    assertThat(list(world, tx -> enrolments.of(tx, acme.id(), ana.id()))).isEmpty();
    assertThat(list(world, tx -> enrolments.history(tx, acme.id(), ana.id())))
        .singleElement()
        .satisfies(it -> assertThat(it.document().isEmpty()).isTrue());
  }

  @Test
  default void TEN_01_an_enrolment_is_found_by_its_own_person_in_its_own_tenant_only(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben");
    var enrolments = world.wiring().methods.enrolments;

    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ana.id(), ana.enrolment("otp"))))
        .isPresent();
    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ben.id(), ana.enrolment("otp"))))
        .isEmpty();
    assertThat(maybe(world, tx -> enrolments.find(tx, beta.id(), ana.id(), ana.enrolment("otp"))))
        .isEmpty();
    assertThat(
            did(
                world,
                tx -> enrolments.remove(tx, beta.id(), ana.enrolment("otp"), world.clock().now())))
        .isFalse();
    assertThat(did(world, tx -> enrolments.disable(tx, beta.id(), ana.enrolment("otp")))).isFalse();
  }
}
