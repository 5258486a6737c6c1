package dev.countersign.config;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A list of addresses that is fetched from elsewhere.
 *
 * @param source what it is: {@code firehol}, {@code tor} or {@code custom}
 */
public record Feed(String source, URI url) {
  private static final Pattern FORM =
      Pattern.compile("(?<source>firehol|tor|custom)=(?<url>https?://[^\\s,]{1,1000})");

  /** Reads {@code tor=https://...}; empty when it is not so. */
  public static Optional<Feed> parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var url = URI.create(parts.group("url"));
      return url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null
          ? Optional.empty()
          : Optional.of(new Feed(parts.group("source"), url));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
