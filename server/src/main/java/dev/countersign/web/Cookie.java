package dev.countersign.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that only this host can set or read: over HTTPS with the {@code __Host-} prefix (RFC 6265bis section
 * 4.1.3.2), always HttpOnly and for the whole host. Values are opaque base64url.
 *
 * @param life how long the browser keeps it; null until it closes, zero to delete it
 */
public record Cookie(
    String name, dev.countersign.kernel.Secret value, @Nullable Duration life, boolean crossSite) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~-]*");

  /** Refuses what would end the cookie's name or value early and go on as something else. */
  public Cookie {
    if (!NAME.matcher(name).matches() || !VALUE.matcher(value.reveal()).matches()) {
      throw new IllegalArgumentException("not a cookie of ours");
    }
  }

  public static Cookie untilClosed(String name, dev.countersign.kernel.Secret value) {
    return new Cookie(name, value, null, false);
  }

  public static Cookie lasting(String name, dev.countersign.kernel.Secret value, Duration life) {
    return new Cookie(name, value, life, false);
  }

  public static Cookie deleted(String name) {
    return new Cookie(name, dev.countersign.kernel.Secret.of(""), Duration.ZERO, false);
  }

  /** Sent also when another site embeds ours, as silent authentication in a frame needs; over HTTPS only. */
  public Cookie alsoCrossSite() {
    return new Cookie(name, value, life, true);
  }

  static String storedName(String name, boolean secure) {
    return secure ? "__Host-" + name : name;
  }

  /** The value of its {@code Set-Cookie} header. */
  public String header(boolean secure) {
    var out =
        new StringBuilder(160)
            .append(storedName(name, secure))
            .append('=')
            .append(value.reveal())
            .append("; Path=/; HttpOnly");
    if (secure) {
      out.append("; Secure");
    }
    out.append(crossSite && secure ? "; SameSite=None" : "; SameSite=Lax");
    if (life != null) {
      out.append("; Max-Age=").append(life.toSeconds());
    }
    return out.toString();
  }

  /** The value of the only cookie of that name; an empty value or repeated names make it count as absent, since one may be planted. */
  static Optional<String> read(List<String> headers, String stored) {
    String found = null;
    for (var header : headers) {
      for (var pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(stored)) {
          if (found != null) {
            return Optional.empty();
          }
          found = pair.substring(equals + 1).strip();
        }
      }
    }
    return Optional.ofNullable(found).filter(value -> !value.isEmpty());
  }

  static List<String> names(List<String> headers, String prefix, boolean secure) {
    var stored = storedName(prefix, secure);
    var names = new ArrayList<String>();
    for (var header : headers) {
      for (var pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        var name = equals > 0 ? pair.substring(0, equals).strip() : "";
        if (name.startsWith(stored)) {
          names.add(name.substring(stored.length() - prefix.length()));
        }
      }
    }
    return names;
  }
}
