package dev.countersign.hosted;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a browser calls itself, in words a person knows: {@code Firefox, Linux}. A hint for people, never for decisions. */
public final class BrowserName {
  // The first that fits: browsers claim to be those that came before them.
  private static final List<Map.Entry<String, String>> BROWSERS =
      List.of(
          Map.entry("Edg", "Edge"),
          Map.entry("OPR/", "Opera"),
          Map.entry("SamsungBrowser", "Samsung Internet"),
          Map.entry("Firefox/", "Firefox"),
          Map.entry("FxiOS", "Firefox"),
          Map.entry("CriOS", "Chrome"),
          Map.entry("Chrome/", "Chrome"),
          Map.entry("Safari/", "Safari"));
  private static final List<Map.Entry<String, String>> SYSTEMS =
      List.of(
          Map.entry("iPhone", "iPhone"),
          Map.entry("iPad", "iPad"),
          Map.entry("Android", "Android"),
          Map.entry("Windows", "Windows"),
          Map.entry("Mac OS X", "macOS"),
          Map.entry("CrOS", "ChromeOS"),
          Map.entry("Linux", "Linux"));

  private BrowserName() {}

  /** Null when it says nothing that we know. */
  public static @Nullable String of(String userAgent) {
    var browser = first(BROWSERS, userAgent);
    var system = first(SYSTEMS, userAgent);
    if (browser == null) {
      return system;
    }
    return system == null ? browser : browser + ", " + system;
  }

  /** Whether it is likely a phone, where a picture on the screen cannot be scanned with the phone itself. */
  public static boolean isPhone(String userAgent) {
    return userAgent.contains("iPhone")
        || (userAgent.contains("Android") && userAgent.contains("Mobile"));
  }

  private static @Nullable String first(List<Map.Entry<String, String>> known, String userAgent) {
    return known.stream()
        .filter(each -> userAgent.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
