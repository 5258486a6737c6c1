package dev.countersign.config;

import dev.countersign.kernel.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What values a key takes: how text becomes a value, and why some text does not.
 *
 * @param form the allowed values in a few words, for help and documentation
 * @param secret whether the text must never be shown again
 */
public record Kind<T>(String form, boolean secret, Function<String, Parsed<T>> reader) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(b|k|m|g)?");
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern BIND = Pattern.compile("[0-9a-zA-Z.:_-]{1,253}");

  /** What became of the text. */
  public sealed interface Parsed<T> {}

  /** The text fits and means this. */
  public record Fits<T>(T value) implements Parsed<T> {}

  /** The text does not fit; {@code why} goes on from the name of the key and never repeats the text. */
  public record Unfit<T>(String why) implements Parsed<T> {}

  Parsed<T> parse(String text) {
    return reader.apply(text);
  }

  /** Any text that is not empty, on one line. */
  public static Kind<String> text() {
    return of("text", text -> text.isBlank() ? unfit("must not be empty") : fits(text));
  }

  /** A TCP port; 0 lets the system choose a free one. */
  public static Kind<Integer> port() {
    return number(0, 65_535);
  }

  /** A whole number from {@code least} to {@code most}, both included. */
  public static Kind<Integer> number(int least, int most) {
    String form = "number from " + least + " to " + most;
    return of(
        form,
        text -> {
          if (!text.matches("\\d{1,10}")) {
            return unfit("must be a " + form);
          }
          long value = Long.parseLong(text);
          return value < least || value > most ? unfit("must be a " + form) : fits((int) value);
        });
  }

  /** {@code true} or {@code false}. As a flag it may stand alone, meaning {@code true}. */
  public static Kind<Boolean> toggle() {
    return of(
        "true or false",
        text ->
            switch (text) {
              case "true" -> fits(true);
              case "false" -> fits(false);
              default -> unfit("must be true or false");
            });
  }

  /** One of an enum's constants, written in lower case with hyphens. */
  public static <E extends Enum<E>> Kind<E> oneOf(Class<E> choices) {
    String form =
        Arrays.stream(choices.getEnumConstants())
            .map(Kind::written)
            .collect(Collectors.joining(", "));
    return of(
        form,
        text ->
            Arrays.stream(choices.getEnumConstants())
                .filter(choice -> written(choice).equals(text))
                .findFirst()
                .map(Kind::fits)
                .orElseGet(() -> unfit("must be one of: " + form)));
  }

  /** A length of time with its unit: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 12h}, {@code 30d}. */
  public static Kind<Duration> duration(Duration least, Duration most) {
    String form = "time from " + written(least) + " to " + written(most);
    return of(
        form,
        text -> {
          Matcher parts = DURATION.matcher(text);
          if (!parts.matches()) {
            return unfit("must be a " + form + ", with its unit, such as 30s");
          }
          long count = Long.parseLong(parts.group(1));
          Duration value =
              switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
              };
          return value.compareTo(least) < 0 || value.compareTo(most) > 0
              ? unfit("must be a " + form)
              : fits(value);
        });
  }

  /** A number of bytes: {@code 4096}, {@code 64k}, {@code 1m}; k, m and g count in 1,024s. */
  public static Kind<Long> bytes(long least, long most) {
    String form = "size from " + writtenBytes(least) + " to " + writtenBytes(most);
    return of(
        form,
        text -> {
          Matcher parts = BYTES.matcher(text.toLowerCase(Locale.ROOT));
          if (!parts.matches()) {
            return unfit("must be a " + form + ", such as 64k");
          }
          String unit = parts.group(2) == null ? "b" : parts.group(2);
          long value = Long.parseLong(parts.group(1)) << (10 * "bkmg".indexOf(unit));
          return value < least || value > most ? unfit("must be a " + form) : fits(value);
        });
  }

  /** An origin: scheme http or https, host, perhaps a port; no path, query, fragment or user. */
  public static Kind<URI> origin() {
    String form = "http:// or https:// and a host, without a path";
    return of(
        form,
        text -> {
          try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean fits =
                ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getHost().equals(uri.getHost().toLowerCase(Locale.ROOT));
            return fits ? fits(uri) : unfit("must be " + form + ", in lower case");
          } catch (URISyntaxException _) {
            return unfit("must be " + form);
          }
        });
  }

  /** A host name in lower case, without a trailing dot. */
  public static Kind<String> host() {
    return of(
        "host name",
        text ->
            text.length() <= 253 && HOST.matcher(text).matches()
                ? fits(text)
                : unfit("must be a host name in lower case"));
  }

  /** A local address to listen on, or a host to connect to. */
  public static Kind<String> address() {
    return of(
        "host name or IP address",
        text ->
            BIND.matcher(text).matches()
                ? fits(text)
                : unfit("must be a host name or an IP address"));
  }

  /** A mail address; only its shape is looked at. */
  public static Kind<String> mailbox() {
    return of(
        "mail address",
        text ->
            text.matches("[^\\s@<>,;]{1,64}@[^\\s@<>,;]{1,253}")
                ? fits(text)
                : unfit("must be a mail address"));
  }

  /** A file or folder; relative ones start at the folder the server was started in. */
  public static Kind<Path> path() {
    return of(
        "path",
        text -> {
          try {
            return text.isBlank() ? unfit("must not be empty") : fits(Path.of(text));
          } catch (InvalidPathException _) {
            return unfit("must be a path");
          }
        });
  }

  /** A block of network addresses in CIDR notation, or one address. */
  public static Kind<Cidr> cidr() {
    return of(
        "network such as 10.0.0.0/8",
        text ->
            Cidr.parse(text)
                .map(Kind::fits)
                .orElseGet(() ->
                    unfit(
                        "must be a network such as 10.0.0.0/8 or 2001:db8::/32, without host bits")));
  }

  /** A network and where it is. */
  public static Kind<Located> located() {
    return of(
        "network and country such as 192.0.2.0/24=DE, with @latitude:longitude if that is known",
        text ->
            Located.parse(text)
                .map(Kind::fits)
                .orElseGet(() ->
                    unfit(
                        "must be a network and a country such as 192.0.2.0/24=DE or 192.0.2.0/24=DE@52.5:13.4")));
  }

  /** A list of addresses that is fetched. */
  public static Kind<Feed> feed() {
    return of(
        "firehol, tor or custom, and a URL after =",
        text ->
            Feed.parse(text)
                .map(Kind::fits)
                .orElseGet(() ->
                    unfit("must be firehol, tor or custom and a URL, such as tor=https://...")));
  }

  /** Where something is on the web: scheme, host, and a path that what is asked for is added to. */
  public static Kind<URI> prefix() {
    String form = "http:// or https:// URL that ends in a slash";
    return of(
        form,
        text -> {
          try {
            URI uri = new URI(text);
            boolean fits =
                ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath() != null
                    && uri.getRawPath().endsWith("/")
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return fits ? fits(uri) : unfit("must be an " + form);
          } catch (URISyntaxException _) {
            return unfit("must be an " + form);
          }
        });
  }

  /** Text that is never shown again. Empty means there is none. */
  public static Kind<Optional<Secret>> secretText() {
    return new Kind<>(
        "secret text",
        true,
        text -> fits(text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text))));
  }

  /** Empty means not set. */
  public Kind<Optional<T>> optional() {
    return new Kind<>(
        form + "; may be empty",
        secret,
        text ->
            text.isEmpty()
                ? fits(Optional.empty())
                : switch (parse(text)) {
                  case Fits<T>(T value) -> fits(Optional.of(value));
                  case Unfit<T>(String why) -> unfit(why);
                });
  }

  /** Any number of them, with commas between; empty means none. */
  public Kind<List<T>> list() {
    return new Kind<>(
        "list with commas; each a " + form,
        secret,
        text -> {
          List<T> values = new ArrayList<>();
          for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            switch (parse(part.strip())) {
              case Fits<T>(T value) -> values.add(value);
              case Unfit<T>(String why) -> {
                return unfit("entry " + (values.size() + 1) + " " + why);
              }
            }
          }
          return fits(List.copyOf(values));
        });
  }

  private static <T> Kind<T> of(String form, Function<String, Parsed<T>> reader) {
    return new Kind<>(form, false, reader);
  }

  private static <T> Parsed<T> fits(T value) {
    return new Fits<>(value);
  }

  private static <T> Parsed<T> unfit(String why) {
    return new Unfit<>(why);
  }

  private static String written(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String written(Duration time) {
    if (time.toMillis() % 1000 != 0) {
      return time.toMillis() + "ms";
    }
    long seconds = time.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3_600 == 0
        ? seconds / 3_600 + "h"
        : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String writtenBytes(long bytes) {
    for (int unit = 3; unit > 0; unit--) {
      if (bytes >= 1L << (10 * unit) && bytes % (1L << (10 * unit)) == 0) {
        return (bytes >> (10 * unit)) + "" + "bkmg".charAt(unit);
      }
    }
    return Long.toString(bytes);
  }
}
