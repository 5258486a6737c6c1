package dev.countersign.hosted.view;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Nothing to do here but go on.
 *
 * @param subject the application or the person, as the kind demands; empty if neither
 * @param continueUrl where to; null where there is nothing left to do
 * @param switchUrl to use another account; null if it isn't offered
 */
public record ContinuePage(
    Frame frame,
    Kind kind,
    String subject,
    @Nullable String continueUrl,
    @Nullable String switchUrl)
    implements Page {

  /** Why. */
  public enum Kind {
    READY,
    SIGNED_IN,
    /** The sign-in was completed elsewhere in this browser, and the way on is known. */
    MOVED_ON,
    /** The same, and it is not. */
    DONE;

    /** {@code about} is {@code title} or {@code lead}. */
    public String key(String about) {
      return "continue." + name().toLowerCase(Locale.ROOT) + "_" + about;
    }
  }
}
