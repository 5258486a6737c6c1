package dev.countersign.application;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which URLs may be registered, and which origin they have. */
public final class Urls {
  /** Schemes that make a browser run or show something of the caller's choice instead of going somewhere. */
  private static final Set<String> NOWHERE =
      Set.of(
          "javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem");

  private static final int LONGEST = 2_000;

  private Urls() {}

  /**
   * Whether it may be registered as a redirect URI: absolute, without fragment (RFC 6749 section 3.1.2), user name or
   * wildcard. Schemes of native applications are fine (RFC 8252 section 7.1).
   */
  public static boolean isCallback(String url) {
    var parsed = parsed(url);
    if (parsed.isEmpty()) {
      return false;
    }
    var uri = parsed.get();
    var scheme = scheme(uri);
    boolean sound =
        !scheme.isEmpty()
            && !NOWHERE.contains(scheme)
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null
            && url.indexOf('*') < 0;
    return sound && (!isWeb(scheme) || uri.getHost() != null);
  }

  /** The origin of a web URL (RFC 6454 section 6.2); nothing when it has none that a browser would send. */
  public static Optional<String> origin(String url) {
    return parsed(url)
        .filter(uri -> isWeb(scheme(uri)) && uri.getHost() != null)
        .map(uri -> {
          var scheme = scheme(uri);
          boolean usual = uri.getPort() < 0 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
          return scheme
              + "://"
              + uri.getHost().toLowerCase(Locale.ROOT)
              + (usual ? "" : ":" + uri.getPort());
        });
  }

  private static Optional<URI> parsed(String url) {
    if (url.length() > LONGEST || url.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(url));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static boolean isWeb(String scheme) {
    return scheme.equals("https") || scheme.equals("http");
  }
}
