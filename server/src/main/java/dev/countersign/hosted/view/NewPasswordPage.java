package dev.countersign.hosted.view;

import java.util.Locale;

/**
 * Choosing a new password. Posts {@code new_password}.
 *
 * @param identifier goes to the password store of the browser with the new password
 * @param minimumLength in characters
 */
public record NewPasswordPage(Frame frame, Why why, String identifier, int minimumLength)
    implements Page {
  /** Why there has to be a new one. */
  public enum Why {
    RESET,
    MUST_CHANGE,
    LEAKED;

    public String key() {
      return "new_password." + name().toLowerCase(Locale.ROOT);
    }
  }
}
