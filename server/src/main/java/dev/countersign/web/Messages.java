package dev.countersign.web;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The words of every page and mail in one language. A key that a language lacks is answered in English; a key that
 * nobody has is a mistake of ours. Immutable and safe to share between threads.
 *
 * <p>Patterns know two placeholders: <code>{0}</code> and <code>{0, plural, one {# code} other {# codes}}</code>, where
 * <code>#</code> is the number in the reader's form. Where a pattern has them, <code>zero</code> means 0 and
 * <code>one</code> means 1 in every language; beyond that the categories follow CLDR. There is no quoting: an
 * apostrophe is an apostrophe.
 */
public final class Messages {
  /** The languages the pages speak, the first being the one everything falls back to. */
  public static final List<Locale> LANGUAGES =
      List.of("en", "de", "fr", "es", "pt", "ja", "ar").stream()
          .map(Locale::forLanguageTag)
          .toList();

  private static final Set<String> SPOKEN =
      LANGUAGES.stream().map(Locale::getLanguage).collect(Collectors.toUnmodifiableSet());

  /** A language is read when somebody first speaks it, and again when there is more of it. */
  private static final Map<String, Map<String, MessagePattern>> WORDS = new ConcurrentHashMap<>();

  /** Those of the locales that people come with; there are few, but anybody may ask for others. */
  private static final Cache<Locale, Messages> KNOWN = Caches.begin().maximumSize(200).build();

  /** What browsers wish for, in the order of their wishes: there are few such headers, and reading one is work. */
  private static final Cache<String, List<Locale>> WISHES =
      Caches.begin().maximumSize(1_000).build();

  /** Longer headers are no browser's, and are not kept. */
  private static final int LONGEST_KEPT = 200;

  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  /** Whose words lie beside them. */
  private static final Set<Class<?>> INCLUDED = new CopyOnWriteArraySet<>();

  /**
   * How a tenant calls something whose other words it shares with things of its kind.
   *
   * @param like whose words they are; the name is put into them after the other arguments
   */
  public record Called(String like, String name, String line) {}

  private final Locale locale;
  private final Map<String, MessagePattern> words;
  private final Map<String, MessagePattern> english;
  private final Map<String, Called> called;

  private Messages(Locale locale) {
    this(locale, Map.of());
  }

  private Messages(Locale locale, Map<String, Called> called) {
    this.locale = locale;
    this.called = called;
    this.english = words("en");
    this.words = words(locale.getLanguage());
  }

  /** The messages for a locale such as {@code de-AT}; its region shapes dates and numbers. Unknown: English. */
  public static Messages in(Locale locale) {
    if (!SPOKEN.contains(locale.getLanguage())) {
      return in(Locale.ENGLISH);
    }
    return KNOWN.get(locale, Messages::inLatinDigits);
  }

  private static Messages inLatinDigits(Locale locale) {
    return new Messages(
        new Locale.Builder().setLocale(locale).setUnicodeLocaleKeyword("nu", "latn").build());
  }

  /**
   * The best language for what was asked: first {@code uiLocales} (OpenID Connect Core 3.1.2.1, space separated), then
   * {@code acceptLanguage} (RFC 9110 12.5.4), then the tenant's own.
   */
  public static Messages choose(
      @Nullable String uiLocales, @Nullable String acceptLanguage, Locale tenants) {
    if (uiLocales != null) {
      for (var tag : uiLocales.split(" ", -1)) {
        var asked = Locale.forLanguageTag(tag);
        if (SPOKEN.contains(asked.getLanguage())) {
          return in(asked);
        }
      }
    }
    if (acceptLanguage != null) {
      for (var asked : wishes(acceptLanguage)) {
        if (SPOKEN.contains(asked.getLanguage())) {
          return in(asked);
        }
      }
    }
    return in(tenants);
  }

  private static List<Locale> wishes(String acceptLanguage) {
    return acceptLanguage.length() <= LONGEST_KEPT
        ? WISHES.get(acceptLanguage, Messages::parsed)
        : parsed(acceptLanguage);
  }

  private static List<Locale> parsed(String acceptLanguage) {
    try {
      return Locale.LanguageRange.parse(acceptLanguage).stream()
          .filter(range -> range.getWeight() > 0)
          .map(range -> Locale.forLanguageTag(range.getRange()))
          .toList();
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  /**
   * The same words, and things that a tenant calls by names of its own: {@code factor.<prefix>.name} and {@code .line} are
   * the tenant's, everything else under the prefix is as its kind has it.
   *
   * @param things by the prefixes of their keys
   */
  public Messages calling(Map<String, Called> things) {
    return things.isEmpty() ? this : new Messages(locale, Map.copyOf(things));
  }

  /** The text under {@code key} with the arguments filled in; numbers in the reader's form. */
  public String text(String key, Object... arguments) {
    if (!called.isEmpty()) {
      var thing = called.get(prefix(key));
      if (thing != null) {
        return text(key, thing, arguments);
      }
    }
    return plain(key, arguments);
  }

  private String text(String key, Called thing, Object... arguments) {
    if (key.startsWith(NAMED)) {
      return key.endsWith(".name") ? thing.name() : thing.line();
    }
    var more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = thing.name();
    return plain(alike(key, thing), more);
  }

  /** What names and lines of factors stand under. */
  private static final String NAMED = "factor.";

  private static String prefix(String key) {
    int from = key.startsWith(NAMED) ? NAMED.length() : 0;
    int to = key.indexOf('.', from);
    return key.substring(from, to < 0 ? key.length() : to);
  }

  private static String alike(String key, Called thing) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : thing.like() + key.substring(dot);
  }

  private String plain(String key, Object... arguments) {
    var pattern = words.getOrDefault(key, english.get(key));
    if (pattern == null) {
      throw new IllegalArgumentException("No message is called " + key);
    }
    return pattern.fill(locale, arguments);
  }

  public boolean has(String key) {
    var thing = called.get(prefix(key));
    return english.containsKey(thing == null || key.startsWith(NAMED) ? key : alike(key, thing));
  }

  public Locale locale() {
    return locale;
  }

  /** The language tag for {@code <html lang>}, for example {@code pt-BR}. */
  public String tag() {
    return locale.stripExtensions().toLanguageTag();
  }

  /** {@code rtl} for Arabic, {@code ltr} for the rest, for {@code <html dir>}. */
  public String dir() {
    return locale.getLanguage().equals("ar") ? "rtl" : "ltr";
  }

  public String number(long number) {
    return NumberFormat.getIntegerInstance(locale).format(number);
  }

  /** For example {@code 3 December 2026}. */
  public String date(Instant when, ZoneId zone) {
    return format(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG), when, zone);
  }

  /** The name of a country; empty where the code (ISO 3166-1 alpha-2) is none's. */
  public Optional<String> country(String code) {
    return COUNTRIES.contains(code)
        ? Optional.of(Locale.of("", code).getDisplayCountry(locale))
        : Optional.empty();
  }

  /** For example {@code 14:05}. */
  public String time(Instant when, ZoneId zone) {
    return format(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT), when, zone);
  }

  /** For example {@code 3 Dec 2026, 14:05}. */
  public String dateTime(Instant when, ZoneId zone) {
    return format(
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT), when, zone);
  }

  /** How long ago {@code when} was, seen from {@code now}: {@code 3 days ago}; past 30 days, the date. */
  public String ago(Instant when, Instant now, ZoneId zone) {
    var past = Duration.between(when, now);
    if (past.toMinutes() < 1) {
      return text("ago.now");
    } else if (past.toHours() < 1) {
      return text("ago.minutes", past.toMinutes());
    } else if (past.toDays() < 1) {
      return text("ago.hours", past.toHours());
    } else if (past.toDays() <= 30) {
      return text("ago.days", past.toDays());
    }
    return date(when, zone);
  }

  private String format(DateTimeFormatter formatter, Instant when, ZoneId zone) {
    return formatter.localizedBy(locale).withZone(zone).format(when);
  }

  /** The keys of one language, for the tests that keep the languages alike. */
  static Set<String> keys(Locale language) {
    return new TreeSet<>(words(language.getLanguage()).keySet());
  }

  static MessagePattern pattern(Locale language, String key) {
    return Objects.requireNonNull(words(language.getLanguage()).get(key));
  }

  /**
   * Adds the words that lie beside a class, in every language: a factor's, which are nobody else's. Once for each class; to
   * be called before the first page is drawn.
   */
  public static void include(Class<?> neighbour) {
    if (INCLUDED.add(neighbour)) {
      WORDS.clear();
      KNOWN.invalidateAll();
    }
  }

  private static Map<String, MessagePattern> words(String language) {
    return WORDS.computeIfAbsent(
        language,
        it -> {
          var all = new HashMap<>(load(it, Messages.class, "/messages/"));
          INCLUDED.forEach(neighbour -> all.putAll(load(it, neighbour, "")));
          return Map.copyOf(all);
        });
  }

  private static Map<String, MessagePattern> load(
      String language, Class<?> neighbour, String folder) {
    var name = folder + "messages_" + language + ".properties";
    var properties = new Properties();
    try (var in = Objects.requireNonNull(neighbour.getResourceAsStream(name), name)) {
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
    var words = HashMap.<String, MessagePattern>newHashMap(properties.size());
    properties.forEach((key, text) -> words.put((String) key, MessagePattern.parse((String) text)));
    return words;
  }
}
