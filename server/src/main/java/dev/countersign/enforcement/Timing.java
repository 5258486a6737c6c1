package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import org.jspecify.annotations.Nullable;

/**
 * When what is required begins to be required of somebody who has not set anything up. Of several the shortest counts,
 * each for itself.
 *
 * @param start before it the rule is as if it were not there; null for at once
 * @param leavesSessions whether who signed in before {@link #start} is left alone until the next sign-in
 * @param graceDays for how many days from the first invitation on it can be put off; null where days set no limit
 * @param graceSkips how often it can be put off; null where the count sets no limit
 * @param deadline from then on nothing can be put off; null for never
 * @param coolDownDays for how many days nobody is invited again after 'not now'
 */
public record Timing(
    @Nullable Moment start,
    boolean leavesSessions,
    @Nullable Integer graceDays,
    @Nullable Integer graceSkips,
    @Nullable Moment deadline,
    int coolDownDays) {
  /** Required is required. */
  public static final Timing AT_ONCE = new Timing(null, false, null, null, null, 0);

  /** That can be put off for so many days, or so many times. */
  public static Timing grace(@Nullable Integer days, @Nullable Integer skips) {
    return new Timing(null, false, days, skips, null, 0);
  }

  boolean hasBegun(Moment at) {
    return start == null || at.reached(start);
  }

  /** Whether it can be put off at all. */
  boolean gives() {
    return graceDays != null || graceSkips != null || deadline != null;
  }
}
