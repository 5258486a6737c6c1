package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.list;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.SessionId;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the table of sessions. */
interface SessionStoreContract {
  private static Sessions sessions(World world) {
    return world.wiring().course.sessions;
  }

  /** The only session, by a question that is put to the database each time. */
  private static Session asked(World world, Someone who) {
    var now = world.clock().now();
    return list(world, tx -> sessions(world).of(tx, who.company().id(), who.id(), now)).getFirst();
  }

  private static Optional<Session> kept(World world, Someone who, SessionId id) {
    var now = world.clock().now();
    return maybe(world, tx -> sessions(world).find(tx, who.company().id(), id, now));
  }

  @Test
  default void what_is_kept_of_a_session_is_what_was_saved_of_it(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
    var browser = world.browser();
    ana.signsInWith(browser).isAskedForCode().answers(ana.codeNow()).isIn();
    var first = asked(world, ana);
    assertThat(kept(world, ana, first.id())).contains(first);

    world.clock().advance(Duration.ofMinutes(5));
    ana.comesWith(browser).isIn();
    var later = asked(world, ana);
    assertThat(kept(world, ana, later.id())).contains(later);
    assertThat(later.seenAt().since(first.seenAt())).isEqualTo(Duration.ofMinutes(5));

    var now = world.clock().now();
    assertThat(did(world, tx -> sessions(world).end(tx, acme.id(), first.id(), now))).isTrue();
    assertThat(kept(world, ana, first.id())).isEmpty();
  }
}
