package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.in;
import static dev.countersign.contracts.InStore.list;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.UserId;
import dev.countersign.testkit.World;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the audit log, and of every table that keeps what somebody sent. */
interface AuditStoreContract {
  @Test
  default void the_log_keeps_the_order_of_writing_and_gives_it_by_filter(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var ana = acme.person("ana");
    var audit = world.wiring().ground.audit;
    var occasion = world.node().occasion();
    in(
        world,
        tx -> {
          for (int i = 0; i < 30; i++) {
            var event =
                AuditEvent.failure(
                    i % 2 == 0 ? AuditType.MFA_FAILED : AuditType.SIGN_IN_FAILED,
                    occasion,
                    "n" + i);
            audit.record(tx, acme.id(), i % 3 == 0 ? event.by(ana.id()) : event);
          }
          return audit;
        });

    var all = in(world, tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.ALL, 100));
    assertThat(all)
        .extracting(event -> event.details().get("reason"))
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 30).mapToObj(i -> "n" + i).toList());
    assertThat(list(world, tx -> audit.newestFirst(tx, acme.id(), Audit.Filter.ALL, 5, 2)))
        .extracting(event -> event.details().get("reason"))
        .containsExactly("n24", "n23");
    assertThat(
            list(world, tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.about(ana.id()), 100)))
        .hasSize(10);
    assertThat(
            list(
                world,
                tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.after(all.get(9).id()), 100)))
        .hasSize(20);
    assertThat(maybe(world, tx -> audit.find(tx, beta.id(), all.getFirst().id()))).isEmpty();
    assertThat(list(world, tx -> audit.oldestFirst(tx, beta.id(), Audit.Filter.ALL, 100)))
        .isEmpty();
  }

  @Test
  default void AUD_02_nothing_that_is_logged_can_pass_for_two_lines(World world) {
    var acme = world.tenant("acme");
    var nasty = "a\r\nb\u001b[31m\u2028c\u202ed\0" + "x".repeat(1_000_000);
    in(
        world,
        tx -> {
          world
              .wiring()
              .ground
              .audit
              .record(
                  tx,
                  acme.id(),
                  AuditEvent.failure(AuditType.MFA_FAILED, world.node().occasion(), nasty));
          return acme;
        });

    var told = acme.audit().last("user.mfa_failed").details().get("reason");

    assertThat(told).hasSize(500).startsWith("a\uFFFD\uFFFDb\uFFFD[31m\uFFFDc\uFFFDd\uFFFDxxx");
  }

  @Test
  default void an_id_of_odd_characters_is_kept_as_it_is(World world) {
    var acme = world.tenant("acme");
    var id = new UserId("auth0|';--\"%_\\ü" + Ids.fresh("", world.entropy()));
    var newcomer =
        new People.Newcomer(
            id,
            null,
            null,
            false,
            null,
            "'; drop table users; --",
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of());

    in(world, tx -> world.wiring().ground.people.add(tx, acme.id(), newcomer, world.clock().now()));

    assertThat(
            maybe(world, tx -> world.wiring().ground.people.find(tx, acme.id(), id))
                .orElseThrow()
                .name())
        .isEqualTo("'; drop table users; --");
  }
}
