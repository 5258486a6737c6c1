package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which method to set up. Posts the chosen card's id as <code>factor</code>, or
 * {@code action=skip} where skipping is allowed.
 *
 * @param occasion what brings somebody here
 * @param asker the organisation or application that asks for it
 * @param factors the strongest first; may be empty
 * @param skip what may be said about "Not now"; null if it isn't offered
 */
public record MfaSetupPage(
    Frame frame, Occasion occasion, String asker, List<FactorCard> factors, @Nullable Skip skip)
    implements Page {

  /** What brings somebody to setting a method up. */
  public enum Occasion {
    /** They have to have one, and have none. */
    REQUIRED("setup.title", "setup.lead"),
    /** They may have one. */
    INVITED("setup.title_optional", "setup.lead_optional"),
    /** What they have will not do, because it does not resist phishing. */
    STRONGER("setup.title_stronger", "setup.lead_stronger"),
    /** What they have will not do for another reason. */
    ANOTHER("setup.title_another", "setup.lead_another"),
    /** What they had is lost. */
    RENEWED("setup.title_renewed", "setup.lead_renewed");

    private final String title;
    private final String lead;

    Occasion(String title, String lead) {
      this.title = title;
      this.lead = lead;
    }
  }

  public String title() {
    return frame.text().text(occasion.title);
  }

  public String lead() {
    return frame.text().text(occasion.lead, asker);
  }

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
