package dev.countersign.hosted.view;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something can't go on.
 *
 * @param problem the dotted name or protocol error, for support
 * @param request the id under which the logs know it
 * @param again where to start again; null if we don't know
 */
public record ErrorPage(
    Frame frame, Kind kind, String problem, String request, @Nullable Link again) implements Page {

  /** What happened, as far as the reader is concerned. */
  public enum Kind {
    EXPIRED,
    WRONG_BROWSER,
    UNKNOWN_APPLICATION,
    BAD_REDIRECT,
    UNKNOWN_TENANT,
    NOT_FOUND,
    BAD_REQUEST,
    FORM_EXPIRED,
    DENIED,
    UNUSUAL,
    UNPROVEN,
    NO_COOKIES,
    NO_FACTOR,
    FACTORS_LOCKED,
    LINK_OVER,
    TROUBLE,
    UNAVAILABLE,
    DISOWNED;

    /** {@code about} is {@code title}, {@code what} (happened) or (how to) {@code mend} (it). */
    public String key(String about) {
      return "error." + name().toLowerCase(Locale.ROOT) + "." + about;
    }
  }
}
