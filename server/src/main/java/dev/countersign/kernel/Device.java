package dev.countersign.kernel;

import java.util.List;
import java.util.Map;

/**
 * What a browser says that it is and runs on. It says so itself, so this tells people apart by no more than habit.
 *
 * @param browser such as {@code Firefox}; empty when it is none that we know
 * @param system such as {@code Android}; empty when it is none that we know
 */
public record Device(String browser, String system, Kind kind) {

  /** What lies in the hand and what stands on the desk: people use other factors on one than on the other. */
  public enum Kind {
    PHONE,
    DESKTOP
  }

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

  /** Read from the header {@code User-Agent}. */
  public static Device of(String userAgent) {
    boolean phone =
        userAgent.contains("iPhone")
            || (userAgent.contains("Android") && userAgent.contains("Mobile"));
    return new Device(
        first(BROWSERS, userAgent), first(SYSTEMS, userAgent), phone ? Kind.PHONE : Kind.DESKTOP);
  }

  private static String first(List<Map.Entry<String, String>> known, String userAgent) {
    return known.stream()
        .filter(each -> userAgent.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
