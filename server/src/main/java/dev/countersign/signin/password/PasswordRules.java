package dev.countersign.signin.password;

import dev.countersign.kernel.Secret;
import dev.countersign.signin.password.PasswordRuling.Acceptable;
import dev.countersign.signin.password.PasswordRuling.Reason;
import dev.countersign.signin.password.PasswordRuling.Refused;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What may become a password (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 6.2): long enough, not what attackers try
 * first, and nothing else: no classes of characters, no expiry. Lengths are in code points. Thread-safe.
 *
 * @param minimum 15 where the password alone signs in, 8 where a second factor is always asked
 */
public record PasswordRules(int minimum) {

  public static final int MAXIMUM = 256;

  /** For tenants in which the password alone may sign someone in. */
  public static final PasswordRules ALONE = new PasswordRules(15);

  /** For tenants in which a second factor is always asked. */
  public static final PasswordRules WITH_SECOND_FACTOR = new PasswordRules(8);

  /** What must be left of a password without the words about its owner, or without its repetitions. */
  private static final int OF_ITS_OWN = 6;

  /** Shorter words about someone, such as initials, may well occur by chance. */
  private static final int SHORTEST_WORD = 4;

  public PasswordRules {
    if (minimum < 8 || minimum > 64) {
      throw new IllegalArgumentException(
          "the minimum length of passwords must be 8 to 64, not " + minimum);
    }
  }

  /**
   * Judges a new password.
   *
   * @param about words an attacker would try for this person: user name, mail address, tenant name
   */
  public PasswordRuling judge(Secret typed, Collection<String> about) {
    if (length(typed.reveal()) > MAXIMUM) {
      return new Refused(Reason.TOO_LONG);
    }
    var normal = PasswordText.normal(typed);
    if (normal.isEmpty()) {
      return new Refused(
          length(nfkc(typed.reveal())) > MAXIMUM ? Reason.TOO_LONG : Reason.UNUSABLE_CHARACTER);
    }
    var text = normal.get().reveal();
    if (length(text) > MAXIMUM) {
      return new Refused(Reason.TOO_LONG);
    }
    if (Math.min(length(text), length(typed.reveal())) < minimum) {
      return new Refused(Reason.TOO_SHORT);
    }
    var folded = text.toLowerCase(Locale.ROOT);
    if (isPattern(folded)) {
      return new Refused(Reason.PATTERN);
    }
    if (isCommon(folded)) {
      return new Refused(Reason.COMMON);
    }
    return isAbout(folded, about) ? new Refused(Reason.ABOUT_YOU) : new Acceptable();
  }

  /** Steps along the alphabet, the digits, the keyboard, or on the spot: 12345678, qwertzuiop, aaaaaaaa, abcabcabc. */
  private static boolean isPattern(String text) {
    var unit = KeyPatterns.repeatedUnit(text);
    return length(unit) < OF_ITS_OWN || KeyPatterns.surprises(unit) < OF_ITS_OWN - 1;
  }

  /** In the list as it is, or repeated, or with digits and signs around it that make up at most half of it. */
  private static boolean isCommon(String text) {
    var core = core(text);
    return isListed(text) || (2 * length(core) >= length(text) && isListed(core));
  }

  private static boolean isListed(String text) {
    return CommonPasswords.list().contains(text)
        || CommonPasswords.list().contains(KeyPatterns.repeatedUnit(text));
  }

  /** The text without the digits and signs at its ends. */
  private static String core(String text) {
    var first = 0;
    var end = text.length();
    while (first < end && !Character.isLetter(text.codePointAt(first))) {
      first += Character.charCount(text.codePointAt(first));
    }
    while (end > first && !Character.isLetter(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(first, end);
  }

  /** Little is left once the words about the person, and our own name, are taken out. */
  private static boolean isAbout(String text, Collection<String> about) {
    var words =
        Stream.concat(about.stream(), Stream.of("countersign"))
            .map(word -> nfkc(word).toLowerCase(Locale.ROOT))
            .flatMap(
                word -> Stream.concat(Stream.of(word), Stream.of(word.split("[^\\p{L}\\p{N}]+"))))
            .filter(word -> length(word) >= SHORTEST_WORD)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    var left = text;
    for (var word : words) {
      left = left.replace(word, "");
    }
    return !left.equals(text) && length(left) < OF_ITS_OWN;
  }

  private static String nfkc(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
