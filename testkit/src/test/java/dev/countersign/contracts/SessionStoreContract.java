package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.list;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.session.Session;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the table of sessions. */
interface SessionStoreContract {
  /** The only session, by a question that is put to the database each time. */
  private static Session asked(World world, Someone who) {
    return list(
            world,
            tx ->
                world
                    .wiring()
                    .course
                    .sessions
                    .of(tx, who.company().id(), who.id(), world.clock().now()))
        .getFirst();
  }

  private static void isKeptAsItIs(World world, Someone who) {
    var session = asked(world, who);
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .course
                        .sessions
                        .find(tx, who.company().id(), session.id(), world.clock().now())))
        .contains(session);
  }

  @Test
  default void what_is_kept_of_a_session_is_what_was_saved_of_it(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    ana.signsInWith(browser).isAskedForCode().answers(ana.codeNow()).isIn();
    isKeptAsItIs(world, ana);
    var first = asked(world, ana);

    world.clock().advance(Duration.ofMinutes(5));
    ana.comesWith(browser).isIn();
    isKeptAsItIs(world, ana);
    assertThat(asked(world, ana).seenAt().since(first.seenAt())).isEqualTo(Duration.ofMinutes(5));

    assertThat(
            did(
                world,
                tx ->
                    world
                        .wiring()
                        .course
                        .sessions
                        .end(tx, acme.id(), first.id(), world.clock().now())))
        .isTrue();
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .course
                        .sessions
                        .find(tx, acme.id(), first.id(), world.clock().now())))
        .isEmpty();
  }
}
