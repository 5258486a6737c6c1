package dev.countersign.hosted;

import dev.countersign.factor.FactorProfile;
import dev.countersign.hosted.view.Icon;

/** How a factor looks on pages. Found by the {@code words} of its profile. */
public enum FactorLook {
  AUTHENTICATOR("totp", Icon.PHONE, "factor.authenticator", 2),
  CODES("backup_codes", Icon.SHEET, "factor.codes", 0);

  private final String words;
  private final Icon icon;
  private final String messages;
  private final int minutes;

  FactorLook(String words, Icon icon, String messages, int minutes) {
    this.words = words;
    this.icon = icon;
    this.messages = messages;
    this.minutes = minutes;
  }

  public static FactorLook of(FactorProfile profile) {
    for (var look : values()) {
      if (look.words.equals(profile.words())) {
        return look;
      }
    }
    throw new IllegalStateException("no page shows " + profile.words());
  }

  public Icon icon() {
    return icon;
  }

  public String nameKey() {
    return messages + ".name";
  }

  public String lineKey() {
    return messages + ".line";
  }

  /** How long setting it up takes. */
  public int minutes() {
    return minutes;
  }
}
