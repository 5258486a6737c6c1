package dev.countersign.management.api;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a text may look like, beyond its length. */
public enum Format {
  ANY,
  /** No control, format or line-separating characters: fit for one line of a page or a log. */
  LINE,
  /** An address that could exist (RFC 5321 section 4.1.2, without quoting and address literals). */
  EMAIL,
  /** A name to sign in by that cannot be taken for an address. */
  USERNAME,
  /** An international number (ITU-T E.164), or the mask under which we show one. */
  PHONE,
  /** Base 32 (RFC 4648 section 6), as people and programs write it. */
  BASE32,
  /** A date with its time and zone (RFC 3339 section 5.6). */
  DATE_TIME,
  /** A host's name (RFC 1123 section 2.1). */
  HOSTNAME,
  /** RFC 9562 section 4, in either case. */
  UUID,
  /** The name of a connection: letters, digits and hyphens between them. */
  CONNECTION;

  private static final String LINE_CHARACTER = "[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[^\\s@\"(),:;<>\\[\\\\\\]\\p{Cc}]{1,64}@[\\p{L}\\p{N}]([\\p{L}\\p{N}.-]{0,251}[\\p{L}\\p{N}])?");
  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}|X{3,12}[0-9]{4}");
  private static final Pattern MOMENT =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");
  private static final Pattern HOST =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
  private static final Pattern NAMED = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");
  private static final Pattern KEY = Pattern.compile("[A-Za-z2-7 -]+=*");

  boolean fits(String text) {
    return switch (this) {
      case ANY -> true;
      case LINE -> isOneLine(text);
      case EMAIL -> isOneLine(text) && ADDRESS.matcher(text).matches();
      case USERNAME ->
          isOneLine(text) && text.indexOf('@') < 0 && !text.isBlank() && text.equals(text.strip());
      case PHONE -> NUMBER.matcher(text).matches();
      case DATE_TIME -> MOMENT.matcher(text).matches() && isThere(text);
      case HOSTNAME -> HOST.matcher(text).matches();
      case CONNECTION -> NAMED.matcher(text).matches();
      case UUID -> HEXADECIMAL.matcher(text).matches();
      case BASE32 -> KEY.matcher(text).matches();
    };
  }

  /** Whether there is such a day and hour. */
  private static boolean isThere(String moment) {
    try {
      OffsetDateTime.parse(moment);
      return true;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  /** As error messages name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The same as a pattern of JSON Schema (ECMA-262, Unicode); empty where anything goes. */
  String pattern() {
    return switch (this) {
      case ANY -> "";
      case LINE -> "^" + LINE_CHARACTER + "*$";
      case EMAIL -> "^" + ADDRESS.pattern() + "$";
      case USERNAME -> "^(?!\\s)((?!@)" + LINE_CHARACTER + ")+(?<!\\s)$";
      case PHONE -> "^(" + NUMBER.pattern() + ")$";
      case BASE32 -> "^" + KEY.pattern() + "$";
      case DATE_TIME -> "^" + MOMENT.pattern() + "$";
      case HOSTNAME -> "^" + HOST.pattern() + "$";
      case UUID -> "^" + HEXADECIMAL.pattern() + "$";
      case CONNECTION -> "^" + NAMED.pattern() + "$";
    };
  }

  private static boolean isOneLine(String text) {
    return text.codePoints()
        .map(Character::getType)
        .noneMatch(type ->
            type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR);
  }
}
