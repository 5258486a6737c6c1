package dev.countersign.management.api;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a text may look like, beyond its length. */
public enum Format {
  ANY(_ -> true),
  /** No control, format or line-separating characters: fit for one line of a page or a log. */
  LINE(Format::isOneLine),
  /** An address that could exist (RFC 5321 section 4.1.2, without quoting and address literals). */
  EMAIL(matches("[^\\s@\"(),:;<>\\[\\\\\\]\\p{Cntrl}]{1,64}@[\\p{L}\\p{N}]([\\p{L}\\p{N}.-]{0,251}[\\p{L}\\p{N}])?").and(Format::isOneLine)),
  /** A name to sign in by that cannot be taken for an address. */
  USERNAME(text -> text.indexOf('@') < 0 && !text.isBlank() && text.equals(text.strip()) && isOneLine(text)),
  /** An international number (ITU-T E.164), or the mask under which we show one. */
  PHONE(matches("\\+[1-9][0-9]{6,14}|X{3,12}[0-9]{4}")),
  /** Base 32 (RFC 4648 section 6), as people and programs write it. */
  BASE32(matches("[A-Za-z2-7 -]+=*"));

  private final Predicate<String> fits;

  Format(Predicate<String> fits) {
    this.fits = fits;
  }

  boolean fits(String text) {
    return fits.test(text);
  }

  /** As error messages name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Predicate<String> matches(String pattern) {
    return Pattern.compile(pattern).asMatchPredicate();
  }

  private static boolean isOneLine(String text) {
    return text.codePoints().map(Character::getType)
        .noneMatch(type -> type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR);
  }
}
