package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.got;
import static dev.countersign.contracts.InStore.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Spendables;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What rooms rely on of what can be spent once, guessed, and used up. */
interface ProofStoreContract {
  @Test
  default void TIME_04_a_thing_can_be_spent_until_it_expires_to_the_millisecond(World world) {
    var acme = world.tenant("acme");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    var end = now.plus(Duration.ofSeconds(60));
    for (var at : List.of(new Moment(end.millis() - 1), end, new Moment(end.millis() + 1))) {
      var value = Secret.fresh(world.entropy(), 256);
      in(
          world,
          tx -> {
            spendables.put(
                tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, value, "owner", "{}", now, end);
            return value;
          });

      var got =
          in(
              world,
              tx -> spendables.spend(tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, value, at));

      assertThat(got)
          .isInstanceOf(
              at.isBefore(end)
                  ? Spendables.Spending.Spent.class
                  : Spendables.Spending.Expired.class);
    }
  }

  @Test
  default void TEN_01_a_thing_of_one_tenant_kind_or_owner_is_nothing_to_another(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    var value = Secret.fresh(world.entropy(), 256);
    in(
        world,
        tx -> {
          spendables.put(
              tx,
              acme.id(),
              Spendables.Kind.REFRESH_TOKEN,
              value,
              "owner",
              "{}",
              now,
              now.plus(Duration.ofHours(1)));
          spendables.put(
              tx,
              acme.id(),
              Spendables.Kind.BACKUP_CODE,
              value,
              "sheet",
              "{}",
              now,
              now.plus(Duration.ofHours(1)));
          return value;
        });

    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, beta.id(), Spendables.Kind.REFRESH_TOKEN, value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, acme.id(), Spendables.Kind.PASSWORD_RESET, value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx ->
                    spendables.spend(
                        tx, acme.id(), Spendables.Kind.BACKUP_CODE, "other sheet", value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, acme.id(), Spendables.Kind.REFRESH_TOKEN, value, now)))
        .isInstanceOf(Spendables.Spending.Spent.class);
    assertThat(
            got(
                world,
                tx -> spendables.left(tx, acme.id(), Spendables.Kind.BACKUP_CODE, "sheet", now)))
        .isEqualTo(1);
    assertThat(
            got(
                world,
                tx -> spendables.discard(tx, acme.id(), Spendables.Kind.BACKUP_CODE, "sheet")))
        .isEqualTo(1);
  }

  @Test
  default void tidying_takes_what_is_over_and_no_more_than_it_may(World world) {
    var acme = world.tenant("acme");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    in(
        world,
        tx -> {
          for (int i = 1; i <= 10; i++) {
            spendables.put(
                tx,
                acme.id(),
                Spendables.Kind.AUTHORIZATION_CODE,
                Secret.fresh(world.entropy(), 256),
                "o",
                "{}",
                now,
                now.plus(Duration.ofSeconds(i)));
          }
          return acme;
        });

    assertThat(got(world, tx -> spendables.tidy(tx, acme.id(), now.plus(Duration.ofSeconds(6)), 3)))
        .isEqualTo(3);
    assertThat(
            got(world, tx -> spendables.tidy(tx, acme.id(), now.plus(Duration.ofSeconds(6)), 100)))
        .isEqualTo(2);
    assertThat(
            got(
                world,
                tx -> spendables.left(tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, "o", now)))
        .isEqualTo(5);
  }

  @Test
  default void a_door_rests_after_its_burst_twice_as_long_each_time_and_closes_at_its_ceiling(
      World world) {
    var acme = world.tenant("acme");
    var door =
        List.of(
            new Door("door", new GuessLimits(3, Duration.ofMinutes(5), Duration.ofMinutes(5), 8)));
    var guesses = world.wiring().proofs.guesses;
    var now = world.clock().now();
    Function<Moment, Guesses.Failure> fail =
        at -> in(world, tx -> guesses.failed(tx, acme.id(), "ana", door, at));

    assertThat(fail.apply(now)).isEqualTo(new Guesses.Failure.Counted(2));
    assertThat(fail.apply(now)).isEqualTo(new Guesses.Failure.Counted(1));
    assertThat(fail.apply(now))
        .isEqualTo(new Guesses.Failure.NowResting(now.plus(Duration.ofMinutes(5))));
    var awake = now.plus(Duration.ofMinutes(5));
    assertThat(fail.apply(new Moment(awake.millis() - 1)))
        .isInstanceOf(Guesses.Failure.NoRoom.class);
    assertThat(
            did(
                world,
                tx -> guesses.admits(tx, acme.id(), "ana", door, new Moment(awake.millis() - 1))))
        .isFalse();
    assertThat(fail.apply(awake))
        .as("TIME-04: open again from the very moment")
        .isEqualTo(new Guesses.Failure.Counted(2));
    fail.apply(awake);
    assertThat(fail.apply(awake))
        .isEqualTo(new Guesses.Failure.NowResting(awake.plus(Duration.ofMinutes(10))));
    var later = awake.plus(Duration.ofMinutes(10));
    fail.apply(later);
    assertThat(fail.apply(later)).isInstanceOf(Guesses.Failure.NowClosed.class);
    assertThat(
            got(
                world,
                tx -> guesses.standing(tx, acme.id(), "ana", door, later.plus(Duration.ofDays(9)))))
        .isInstanceOf(Guesses.Standing.Closed.class);
    assertThat(got(world, tx -> guesses.standing(tx, acme.id(), "ben", door, now)))
        .isEqualTo(new Guesses.Standing.Open(3));
  }

  @Test
  default void TEN_03_wrong_answers_in_one_tenant_are_none_in_another(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var door =
        List.of(
            new Door("door", new GuessLimits(1, Duration.ofMinutes(5), Duration.ofMinutes(5), 8)));
    var guesses = world.wiring().proofs.guesses;

    in(world, tx -> guesses.failed(tx, acme.id(), "ana", door, world.clock().now()));

    assertThat(got(world, tx -> guesses.standing(tx, acme.id(), "ana", door, world.clock().now())))
        .isInstanceOf(Guesses.Standing.Resting.class);
    assertThat(got(world, tx -> guesses.standing(tx, beta.id(), "ana", door, world.clock().now())))
        .isEqualTo(new Guesses.Standing.Open(1));
  }

  @Test
  default void an_allowance_is_used_up_and_comes_back(World world) {
    var acme = world.tenant("acme");
    var allowance = new Allowance("letters", 2, Duration.ofHours(1));
    var allowances = world.wiring().proofs.allowances;
    var now = world.clock().now();

    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.Taken(1));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.Taken(0));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.NoneLeft(now.plus(Duration.ofHours(1))));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ben", now)))
        .isEqualTo(new Allowances.Taking.Taken(1));
    assertThat(
            got(
                world,
                tx ->
                    allowances.take(
                        tx, acme.id(), allowance, "ana", now.plus(Duration.ofHours(1)))))
        .isEqualTo(new Allowances.Taking.Taken(1));
  }
}
