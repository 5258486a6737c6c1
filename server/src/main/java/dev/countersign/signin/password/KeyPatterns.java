package dev.countersign.signin.password;

import java.util.List;

/** Finds what fingers do when nobody thinks: repeating, counting, and walking along the keyboard. */
final class KeyPatterns {
  private static final List<String> ROWS =
      List.of(
          "1234567890",
          "qwertyuiop",
          "qwertzuiop",
          "azertyuiop",
          "asdfghjkl",
          "qsdfghjklm",
          "zxcvbnm",
          "yxcvbnm");

  private KeyPatterns() {}

  /** The shortest text whose repetition, the last one perhaps cut short, gives {@code text}; it must fit in twice. */
  static String repeatedUnit(String text) {
    for (var length = 1; length <= text.length() / 2; length++) {
      if (text.startsWith(text.substring(length))) {
        return text.substring(0, length);
      }
    }
    return text;
  }

  /** How many characters do not follow from the one before; the first always counts. */
  static int surprises(String text) {
    var points = text.codePoints().toArray();
    var surprises = 0;
    for (var i = 0; i < points.length; i++) {
      if (i == 0 || !follows(points[i - 1], points[i])) {
        surprises++;
      }
    }
    return surprises;
  }

  private static boolean follows(int before, int after) {
    return Math.abs(after - before) <= 1
        || ROWS.stream().anyMatch(row -> areNeighbours(row, before, after));
  }

  private static boolean areNeighbours(String row, int one, int other) {
    var at = row.indexOf(one);
    return at >= 0 && row.indexOf(other) >= 0 && Math.abs(row.indexOf(other) - at) <= 1;
  }
}
