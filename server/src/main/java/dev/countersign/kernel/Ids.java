package dev.countersign.kernel;

/** How ids are made: a prefix that says what it names, then random letters and digits. */
public final class Ids {
  /** Crockford's base 32 in lower case: no i, l, o, u. */
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private Ids() {}

  /** {@code prefix} followed by 100 random bits. */
  public static String fresh(String prefix, Entropy entropy) {
    return prefix + entropy.text(20, ALPHABET);
  }

  /** How much of all that {@link #fresh} can make sorts before this one, from 0 to 1; 0 for what it cannot have made. */
  static double share(String prefix, String id) {
    double share = 0;
    double weight = 1;
    for (int i = prefix.length(); i < Math.min(id.length(), prefix.length() + 4); i++) {
      weight /= ALPHABET.length();
      share += Math.max(0, ALPHABET.indexOf(id.charAt(i))) * weight;
    }
    return id.startsWith(prefix) ? share : 0;
  }

  /**
   * An id that sorts by time: 48 bits of milliseconds, then 80 random bits, as in ULIDs. Ids of one millisecond sort at
   * random.
   */
  public static String ordered(String prefix, Moment moment, Entropy entropy) {
    var out = new char[10];
    long rest = moment.millis();
    for (int i = 9; i >= 0; i--) {
      out[i] = ALPHABET.charAt((int) (rest & 31));
      rest >>>= 5;
    }
    return prefix + new String(out) + entropy.text(16, ALPHABET);
  }

  /** What cannot be an id. Ids arrive in paths and parameters; the edge answers it as a malformed request. */
  public static final class Malformed extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /** Like {@link #checked}, for ids that only we make and that stand in the names of cookies: letters, digits, underscores. */
  static String plain(String kind, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
        throw new Malformed("not the id of a " + kind);
      }
    }
    return checked(kind, value);
  }

  static String checked(String kind, String value) {
    if (value.isEmpty() || value.length() > 128) {
      throw new Malformed("not the id of a " + kind);
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < 0x20 || value.charAt(i) == 0x7f) {
        throw new Malformed("not the id of a " + kind);
      }
    }
    return value;
  }
}
