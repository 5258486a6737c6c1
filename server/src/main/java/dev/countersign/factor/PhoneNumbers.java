package dev.countersign.factor;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.countersign.delivery.Dispatch;
import java.util.Locale;
import java.util.Map;

/** Telephone numbers: as people type them, as they are kept (E.164), and as they are shown. */
public final class PhoneNumbers {
  /** Whose national form is meant when the tenant's language names no country; of other languages the whole number is needed. */
  private static final Map<String, String> LIKELY =
      Map.of("en", "US", "de", "DE", "fr", "FR", "es", "ES", "pt", "BR", "ja", "JP");

  /** Longer than any number with blanks, brackets and hyphens. */
  private static final int LONGEST = 40;

  private PhoneNumbers() {}

  /** What was made of what somebody typed. */
  public sealed interface Read {
    /** A number that can be reached, in E.164. */
    record Good(String number) implements Read {}

    /** No number, or none that exists anywhere. */
    record Invalid() implements Read {}

    /** One that is not reached that way, or only at somebody else's cost: by texts a landline; a premium or a toll-free one. */
    record Unreachable() implements Read {}
  }

  /**
   * Reads a number; one without its country is taken to be of the country that {@code locale} speaks of.
   *
   * @param via how it is to be reached
   */
  public static Read read(String typed, Locale locale, Dispatch.Via via) {
    if (typed.length() > LONGEST) {
      return new Read.Invalid();
    }
    var all = PhoneNumberUtil.getInstance();
    PhoneNumber number;
    try {
      number = all.parse(typed, region(locale));
    } catch (NumberParseException _) {
      return new Read.Invalid();
    }
    if (!all.isValidNumber(number) || number.hasExtension()) {
      return new Read.Invalid();
    }
    return switch (all.getNumberType(number)) {
      case MOBILE, FIXED_LINE_OR_MOBILE ->
          new Read.Good(all.format(number, PhoneNumberUtil.PhoneNumberFormat.E164));
      case FIXED_LINE ->
          via == Dispatch.Via.VOICE
              ? new Read.Good(all.format(number, PhoneNumberUtil.PhoneNumberFormat.E164))
              : new Read.Unreachable();
      case TOLL_FREE,
          PREMIUM_RATE,
          SHARED_COST,
          VOIP,
          PERSONAL_NUMBER,
          PAGER,
          UAN,
          VOICEMAIL,
          UNKNOWN ->
          new Read.Unreachable();
    };
  }

  /** In groups, as it is written abroad. */
  public static String shown(String e164) {
    try {
      var all = PhoneNumberUtil.getInstance();
      return all.format(all.parse(e164, null), PhoneNumberUtil.PhoneNumberFormat.INTERNATIONAL);
    } catch (NumberParseException _) {
      return e164;
    }
  }

  /** Enough to recognise one's own, too little to learn another's: the country and the last two digits. */
  public static String masked(String e164) {
    var last = e164.substring(Math.max(0, e164.length() - 2));
    try {
      return "+"
          + PhoneNumberUtil.getInstance().parse(e164, null).getCountryCode()
          + " ••• ••"
          + last;
    } catch (NumberParseException _) {
      return "••• ••" + last;
    }
  }

  private static String region(Locale locale) {
    return locale.getCountry().isEmpty()
        ? LIKELY.getOrDefault(locale.getLanguage(), "ZZ")
        : locale.getCountry();
  }
}
