package dev.countersign.risk;

import dev.countersign.kernel.Device;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is odd about the names that browsers give themselves. Whoever wants to look like a browser can: this finds those who
 * took no pains.
 */
final class Agents {
  /** How a name is odd; the word stands in findings. */
  enum Oddity {
    MISSING(100),
    /** A program's, not a browser's. */
    SCRIPTED(100),
    /** A browser that nobody looks at. */
    HEADLESS(100),
    /** No browser calls itself so. */
    IMPOSSIBLE(70);

    private final int strength;

    Oddity(int strength) {
      this.strength = strength;
    }

    int strength() {
      return strength;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> SCRIPTS =
      List.of(
          "curl/",
          "wget/",
          "python-",
          "python/",
          "aiohttp",
          "httpx/",
          "scrapy",
          "go-http-client",
          "java/",
          "java-http-client",
          "apache-httpclient",
          "okhttp",
          "libwww-perl",
          "lwp::",
          "ruby",
          "faraday",
          "guzzlehttp",
          "php/",
          "node-fetch",
          "node.js",
          "undici",
          "axios/",
          "got (",
          "postmanruntime",
          "insomnia/",
          "httpie/",
          "powershell",
          "winhttp",
          "libcurl",
          "wrk/",
          "apachebench",
          "jmeter",
          "hydra",
          "sqlmap",
          "nikto",
          "zgrab",
          "masscan");

  private static final List<String> HEADLESS =
      List.of(
          "headlesschrome",
          "headless",
          "phantomjs",
          "slimerjs",
          "puppeteer",
          "playwright",
          "selenium",
          "webdriver",
          "cypress",
          "splash");

  private static final Pattern VERSION =
      Pattern.compile("(?:Chrome|CriOS|Firefox|FxiOS|Edg|EdgiOS|OPR|Version)/(\\d{1,9})");

  /** Beyond these, versions are made up; browsers of today have around 150. */
  private static final int NEWEST = 400;

  private static final List<String> SYSTEMS =
      List.of("Windows NT", "Mac OS X", "Android", "CrOS", "X11; Linux");

  private Agents() {}

  static Optional<Oddity> of(String userAgent) {
    if (userAgent.isBlank()) {
      return Optional.of(Oddity.MISSING);
    }
    var lower = userAgent.toLowerCase(Locale.ROOT);
    if (HEADLESS.stream().anyMatch(lower::contains)) {
      return Optional.of(Oddity.HEADLESS);
    }
    if (SCRIPTS.stream().anyMatch(lower::contains)) {
      return Optional.of(Oddity.SCRIPTED);
    }
    return isImpossible(userAgent) ? Optional.of(Oddity.IMPOSSIBLE) : Optional.empty();
  }

  private static boolean isImpossible(String agent) {
    var device = Device.of(agent);
    return agent.chars().anyMatch(c -> c < 0x20 || c > 0x7e)
        || (device.browser().isEmpty() && device.system().isEmpty() && !agent.contains("Mozilla/"))
        || agent.equals("Mozilla/5.0")
        || hasTwoSystems(agent)
        || hasNoSuchVersion(agent)
        || isNeverSo(agent);
  }

  /** Phones of Apple's say {@code like Mac OS X}; nothing else names two. */
  private static boolean hasTwoSystems(String agent) {
    var own = agent.replace("like Mac OS X", "");
    long systems = SYSTEMS.stream().filter(own::contains).count();
    boolean apple = own.contains("iPhone") || own.contains("iPad");
    return systems + (apple ? 1 : 0) > 1;
  }

  private static boolean hasNoSuchVersion(String agent) {
    var versions = VERSION.matcher(agent);
    while (versions.find()) {
      int version = Integer.parseInt(versions.group(1));
      if (version == 0 || version > NEWEST) {
        return true;
      }
    }
    return false;
  }

  /** What claims to be of two houses at once. */
  private static boolean isNeverSo(String agent) {
    boolean chrome = agent.contains("Chrome/");
    return (chrome && agent.contains("Firefox/"))
        || (chrome && !agent.contains("AppleWebKit/"))
        || (chrome && (agent.contains("iPhone") || agent.contains("iPad")))
        || (agent.contains("Firefox/") && !agent.contains("Gecko/"))
        || (agent.contains("MSIE ") && agent.contains("Windows NT 10"));
  }
}
