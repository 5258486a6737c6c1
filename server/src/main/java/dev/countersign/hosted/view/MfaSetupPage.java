package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which method to set up. Posts the chosen card's id as <code>factor</code>, or
 * {@code action=skip} where skipping is allowed.
 *
 * @param requiredBy the organisation or application that demands it; null if it is only an invitation
 * @param factors the strongest first; may be empty
 * @param skip what may be said about "Not now"; null if it isn't offered
 */
public record MfaSetupPage(
    Frame frame, @Nullable String requiredBy, List<FactorCard> factors, @Nullable Skip skip)
    implements Page {

  /**
   * "Not now".
   *
   * @param left how often still; null if as often as one likes
   * @param requiredFrom a date in the reader's form; null if never
   */
  public record Skip(@Nullable Integer left, @Nullable String requiredFrom) {
    /** It was offered before and no longer is. */
    public static final Skip OVER = new Skip(0, null);

    public boolean isOver() {
      return equals(OVER);
    }
  }
}
