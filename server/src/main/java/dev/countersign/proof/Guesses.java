package dev.countersign.proof;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Counts wrong answers, per person and door, never per session or anything else that a client can renew. An answer may
 * be looked at before it is counted, but what it said is told only if there was room: {@link #failed} and {@link
 * #admits} run in the transaction of the outcome and say whether it counts. Exact for any number of simultaneous
 * answers on any number of servers. Thread-safe.
 */
public final class Guesses {
  private static final Duration IDLE = Duration.ofDays(2);

  /** Long, so that how a name is counted hardly tells whether it is anybody's. */
  private static final Duration NAME_IDLE = Duration.ofDays(30);

  private final GuessStore store = new GuessStore();
  private final RecentFailures recent = new RecentFailures();

  /** What this server knows of wrong answers of late, without asking the database. */
  public RecentFailures recent() {
    return recent;
  }

  /** How a door stands. */
  public sealed interface Standing {
    /** Answers are taken; {@code left} wrong ones more before it rests. */
    record Open(int left) implements Standing {}

    record Resting(Moment until) implements Standing {}

    /** Too many in a row altogether. */
    record Closed() implements Standing {}
  }

  /** What a wrong answer did. */
  public sealed interface Failure {
    /** Counted; {@code left} more before a rest. */
    record Counted(int left) implements Failure {}

    /** This very answer made the door rest. */
    record NowResting(Moment until) implements Failure {}

    /** This very answer was the last that the door stood. */
    record NowClosed() implements Failure {}

    /** There was no room: the answer must not be told apart from any other. */
    record NoRoom(Standing standing) implements Failure {}
  }

  /** The worst standing of these doors, without waiting for anyone. */
  public Standing standing(Tx tx, TenantId tenant, String subject, List<Door> doors, Moment now) {
    return worst(rows(tx, tenant, subject, doors, false, now), doors, now);
  }

  private List<GuessStore.Row> rows(
      Tx tx, TenantId tenant, String subject, List<Door> doors, boolean lock, Moment now) {
    var rows = store.rows(tx, tenant, subject, names(doors), lock);
    rows.forEach(row -> recent.read(tenant, subject, row.inWindow(), row.windowStarted(), now));
    return rows;
  }

  /**
   * Doors as a right answer finds them, held until the transaction ends, so that no other answer slips in between.
   *
   * @param ajar those at which wrong answers stand
   */
  public record Held(Standing standing, String subject, List<String> ajar) {
    /** Whether a right answer counts now. */
    public boolean admits() {
      return standing instanceof Standing.Open;
    }
  }

  /** Holds these doors for a right answer. */
  public Held hold(Tx tx, TenantId tenant, String subject, List<Door> doors, Moment now) {
    var rows = rows(tx, tenant, subject, doors, true, now);
    return new Held(
        worst(rows, doors, now),
        subject,
        rows.stream().filter(row -> row.consecutive() > 0).map(GuessStore.Row::door).toList());
  }

  /** Whether an answer counts now; the doors are held. */
  public boolean admits(Tx tx, TenantId tenant, String subject, List<Door> doors, Moment now) {
    return hold(tx, tenant, subject, doors, now).admits();
  }

  /** A right answer was redeemed: the wrong ones before it are forgotten at these of the doors. */
  public void succeeded(Tx tx, TenantId tenant, Held held, List<Door> doors) {
    held.ajar().stream()
        .filter(names(doors)::contains)
        .forEach(door -> store.reset(tx, tenant, held.subject(), door));
  }

  /** Counts a wrong answer at every door, or at none if one has no room, and says what that did at the strictest. */
  public Failure failed(Tx tx, TenantId tenant, String subject, List<Door> doors, Moment now) {
    recent.count(tenant, subject, now);
    if (!admits(tx, tenant, subject, doors, now)) {
      return new Failure.NoRoom(standing(tx, tenant, subject, doors, now));
    }
    Failure worst = new Failure.Counted(Integer.MAX_VALUE);
    for (var door : doors) {
      var here = failed(tx, tenant, subject, door, now);
      worst =
          rank(here) > rank(worst)
                  || (here instanceof Failure.Counted(var a)
                      && worst instanceof Failure.Counted(var b)
                      && a < b)
              ? here
              : worst;
    }
    return worst;
  }

  private static int rank(Failure failure) {
    return switch (failure) {
      case Failure.Counted _ -> 0;
      case Failure.NowResting _ -> 1;
      case Failure.NowClosed _ -> 2;
      case Failure.NoRoom _ -> 3;
    };
  }

  private Failure failed(Tx tx, TenantId tenant, String subject, Door door, Moment now) {
    var limits = door.limits();
    if (!store.count(tx, tenant, subject, door, now)) {
      store.first(
          tx, tenant, subject, door,
          now); // The door was seen to have room, so there is no row yet.
    }
    var row = store.rows(tx, tenant, subject, List.of(door.name()), false).getFirst();
    if (row.consecutive() >= limits.ceiling()) {
      return new Failure.NowClosed();
    }
    if (row.inWindow() >= limits.burst()) {
      var until = now.plus(limits.restAfter(row.rounds()));
      store.rest(tx, tenant, subject, door, until);
      return new Failure.NowResting(until);
    }
    return new Failure.Counted(limits.burst() - row.inWindow());
  }

  /** Opens a door again, because what it guards was set anew. */
  public void reset(Tx tx, TenantId tenant, String subject, String door) {
    store.reset(tx, tenant, subject, door);
  }

  /** Removes counts that say nothing any more, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment now, int most) {
    return store.deleteIdle(tx, tenant, now.minus(IDLE), now.minus(NAME_IDLE), most);
  }

  private static List<String> names(List<Door> doors) {
    return doors.stream().map(Door::name).toList();
  }

  private static Standing worst(List<GuessStore.Row> rows, List<Door> doors, Moment now) {
    int left = Integer.MAX_VALUE;
    Optional<Moment> until = Optional.empty();
    for (var door : doors) {
      var row = rows.stream().filter(each -> each.door().equals(door.name())).findFirst();
      if (row.isEmpty()) {
        left = Math.min(left, door.limits().burst());
        continue;
      }
      var it = row.get();
      if (it.consecutive() >= door.limits().ceiling()) {
        return new Standing.Closed();
      }
      boolean windowOver =
          !now.since(it.windowStarted()).minus(door.limits().window()).isNegative();
      var rests =
          it.inWindow() >= door.limits().burst() && !windowOver
              ? it.windowStarted().plus(door.limits().window())
              : it.lockedUntil();
      if (!now.reached(rests)) {
        until = Optional.of(until.filter(rests::isBefore).orElse(rests));
      }
      left =
          Math.min(
              left, windowOver ? door.limits().burst() : door.limits().burst() - it.inWindow());
    }
    if (until.isPresent()) {
      return new Standing.Resting(until.get());
    }
    return new Standing.Open(left);
  }
}
