package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import org.jspecify.annotations.Nullable;

/**
 * How often a person has put off setting up a factor.
 *
 * @param since when they were first invited; null when they were not yet
 * @param skips how often they said 'not now'
 * @param lastSkip when they did so last
 */
public record Grace(@Nullable Moment since, int skips, @Nullable Moment lastSkip) {
  public static final Grace UNTOUCHED = new Grace(null, 0, null);
}
