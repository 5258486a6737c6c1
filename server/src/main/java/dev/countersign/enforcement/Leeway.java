package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far somebody who has no factor can still put off what requires one of them. */
record Leeway(Policy.Effective effective, Facts facts) {

  /** Whether all that requires a factor can be put off. */
  boolean isLeft() {
    return required().allMatch(due -> isLeft(due) || isLeftAlone(due.timing()));
  }

  private boolean isLeft(Policy.Due due) {
    var timing = due.timing();
    if (!timing.gives()) {
      return false;
    }
    var grace = grace(due);
    var since = grace.since();
    var days = timing.graceDays();
    var skips = timing.graceSkips();
    var deadline = timing.deadline();
    return (deadline == null || facts.at().isBefore(deadline))
        && (days == null || since == null || facts.at().isBefore(since.plus(Duration.ofDays(days))))
        // What was said in this very sign-in is counted already.
        && (skips == null || grace.skips() - (facts.declined() ? 1 : 0) < skips);
  }

  /** Whoever signed in before it began, where it leaves sessions alone. */
  private boolean isLeftAlone(Timing timing) {
    var start = timing.start();
    return timing.leavesSessions()
        && start != null
        && facts.proofs().stream().anyMatch(proof -> proof.first() && proof.at().isBefore(start));
  }

  /** Whether the person was let off until now. */
  boolean isOver() {
    return required()
        .anyMatch(due -> due.timing().gives() && grace(due).since() != null && !isLeft(due));
  }

  /** Whether the person said 'not now' so lately that nobody who invites them does so again. */
  boolean isCoolingDown() {
    return !effective.dues().isEmpty()
        && effective.dues().stream()
            .allMatch(due -> {
              var last = grace(due).lastSkip();
              return last != null
                  && facts.at().isBefore(last.plus(Duration.ofDays(due.timing().coolDownDays())));
            });
  }

  /** How much of it is left: the shortest of all. */
  Because.Leave leave() {
    Integer times = null;
    Moment until = null;
    for (var due : required().filter(it -> it.timing().gives()).toList()) {
      var timing = due.timing();
      var grace = grace(due);
      var skips = timing.graceSkips();
      if (skips != null) {
        int left = skips - grace.skips();
        times = times == null ? left : Math.min(times, left);
      }
      until = earlier(until, timing.deadline());
      var days = timing.graceDays();
      if (days != null) {
        var since = grace.since();
        until = earlier(until, (since == null ? facts.at() : since).plus(Duration.ofDays(days)));
      }
    }
    return new Because.Leave(times, until);
  }

  private static @Nullable Moment earlier(@Nullable Moment one, @Nullable Moment other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private Stream<Policy.Due> required() {
    return effective.dues().stream().filter(due -> due.mode() == Mode.REQUIRED);
  }

  private Grace grace(Policy.Due due) {
    return facts.circumstances().graces().getOrDefault(due.by(), Grace.UNTOUCHED);
  }
}
