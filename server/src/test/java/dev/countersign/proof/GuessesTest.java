package dev.countersign.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Guesses.Failure;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Scratch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuessesTest {
  private static final Moment START = Moment.ofSeconds(1_800_000_000);
  private static final TenantId ACME = new TenantId("tnt_acme");
  private static final Door FACTOR =
      new Door("factor", new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100));
  private static final Door ALL =
      new Door("all", new GuessLimits(8, Duration.ofMinutes(5), Duration.ofMinutes(5), 300));
  private final Database database = Scratch.database();
  private final Guesses guesses = new Guesses();

  @BeforeEach
  void open() {
    Schema.prepare(database, KeyRing.fresh(new LiveEntropy()));
    database.run(tx ->
        tx.sql(
                "insert into tenants (tenant, slug, display_name, settings, version, created_at) values (:tenant, 'acme', 'Acme', '{}', 1, 0)")
            .set("tenant", ACME)
            .update());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Failure fail(List<Door> doors, Moment now) {
    return database.write(tx -> guesses.failed(tx, ACME, "ana", doors, now));
  }

  private Guesses.Standing standing(Door door, Moment now) {
    return database.read(tx -> guesses.standing(tx, ACME, "ana", List.of(door), now));
  }

  @Test
  void RACE_05_of_many_wrong_answers_at_once_exactly_as_many_are_told_as_there_is_room_for()
      throws InterruptedException {
    List<Failure> told = Collections.synchronizedList(new ArrayList<>());
    var start = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 16; i++) {
      // Half of them name the doors the other way round.
      var doors = i % 2 == 0 ? List.of(FACTOR, ALL) : List.of(ALL, FACTOR);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                told.add(fail(doors, START));
              }));
    }
    start.countDown();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(told).filteredOn(Failure.Counted.class::isInstance).hasSize(4);
    assertThat(told).filteredOn(Failure.NowResting.class::isInstance).hasSize(1);
    assertThat(told).filteredOn(Failure.NoRoom.class::isInstance).hasSize(11);
    assertThat(standing(ALL, START)).isEqualTo(new Guesses.Standing.Open(3));
  }

  @Test
  void BACK_08_an_answer_for_which_one_door_has_no_room_is_counted_at_none() {
    for (int i = 0; i < 5; i++) {
      fail(List.of(FACTOR), START);
    }

    assertThat(fail(List.of(ALL, FACTOR), START)).isInstanceOf(Failure.NoRoom.class);
    assertThat(standing(ALL, START)).isEqualTo(new Guesses.Standing.Open(8));
  }

  @Test
  void rests_grow_while_it_goes_on_and_begin_anew_after_a_quiet_day() {
    var now = START;
    for (var minutes : List.of(5, 10, 20)) {
      var rested = now.plus(Duration.ofMinutes(minutes));
      for (int i = 0; i < 4; i++) {
        fail(List.of(FACTOR), now);
      }
      assertThat(fail(List.of(FACTOR), now)).isEqualTo(new Failure.NowResting(rested));
      now = rested;
    }

    var later = now.plus(Duration.ofDays(1));
    for (int i = 0; i < 4; i++) {
      fail(List.of(FACTOR), later);
    }
    assertThat(fail(List.of(FACTOR), later))
        .isEqualTo(new Failure.NowResting(later.plus(Duration.ofMinutes(5))));
  }

  @Test
  void after_the_ceiling_it_stays_closed_whatever_the_time() {
    var now = START;
    Failure last = new Failure.Counted(0);
    for (int i = 0; i < 100; i++) {
      last = fail(List.of(FACTOR), now);
      now = now.plus(Duration.ofDays(2));
    }

    assertThat(last).isInstanceOf(Failure.NowClosed.class);
    assertThat(standing(FACTOR, now.plus(Duration.ofDays(400))))
        .isInstanceOf(Guesses.Standing.Closed.class);
    database.run(tx -> guesses.reset(tx, ACME, "ana", FACTOR.name()));
    assertThat(standing(FACTOR, now)).isInstanceOf(Guesses.Standing.Open.class);
  }
}
