package dev.countersign.hosted;

import dev.countersign.factor.Catalogue;
import dev.countersign.factor.FactorProfile;
import dev.countersign.hosted.view.Icon;
import dev.countersign.web.Messages;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

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

  /** How the tenant of these factors calls those that it has defined itself, by the prefixes of their texts. */
  static Map<String, Messages.Called> called(Catalogue factors, Locale locale) {
    var out = new HashMap<String, Messages.Called>();
    for (var profile : factors.known()) {
      profile
          .look()
          .called()
          .ifPresent(it ->
              out.put(
                  profile.words(),
                  new Messages.Called(
                      it.like(), it.name(locale.getLanguage()), it.line(locale.getLanguage()))));
    }
    return out;
  }

  public String nameKey() {
    return "factor." + words + ".name";
  }

  public String lineKey() {
    return "factor." + words + ".line";
  }
}
