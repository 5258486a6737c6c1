package dev.countersign.identity;

import java.text.Normalizer;
import java.util.Locale;

/**
 * A name as typed, made comparable: compatibility forms folded (NFKC), case folded independently of the server's
 * locale, blanks at both ends gone. What holds an {@code @} is an email address, all else a user name, so that nobody
 * can take another's address as a user name.
 */
public record Identifier(Kind kind, String normal) {
  public static final int LONGEST = 320;

  /** Which of a person's names it is. */
  public enum Kind {
    USERNAME,
    EMAIL
  }

  public static Identifier of(String typed) {
    var normal =
        Normalizer.normalize(typed.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
    // Lower-casing can undo the normal form (for example a capital I with dot), so it is made
    // twice.
    var stable = Normalizer.normalize(normal, Normalizer.Form.NFKC);
    return new Identifier(stable.indexOf('@') >= 0 ? Kind.EMAIL : Kind.USERNAME, stable);
  }

  /** Whether it could name anybody at all. */
  public boolean isPlausible() {
    return !normal.isEmpty()
        && normal.length() <= LONGEST
        && normal.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
  }
}
