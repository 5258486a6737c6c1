package dev.countersign.hosted;

import dev.countersign.factor.FactorProfile;
import dev.countersign.hosted.view.Icon;
import java.util.Locale;

/**
 * How a factor looks on pages, as its profile says.
 *
 * @param words the prefix of its texts
 * @param minutes how long setting it up takes; 0 says nothing
 */
public record FactorLook(String words, Icon icon, int minutes) {
  public static FactorLook of(FactorProfile profile) {
    var look = profile.look();
    return new FactorLook(
        look.words(), Icon.valueOf(look.icon().toUpperCase(Locale.ROOT)), look.minutes());
  }

  public String nameKey() {
    return "factor." + words + ".name";
  }

  public String lineKey() {
    return "factor." + words + ".line";
  }
}
