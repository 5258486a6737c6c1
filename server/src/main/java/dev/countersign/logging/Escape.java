package dev.countersign.logging;

/** Makes any text safe to stand inside one line of a log, whoever wrote it. */
final class Escape {
  private Escape() {}

  /**
   * Backslashes, quotes and everything that moves a cursor, ends a line, turns the writing direction or cannot be encoded
   * become JSON escapes; text beyond {@code most} characters is cut and its length noted. So the result can stand between
   * quotes in JSON as it is.
   */
  static void append(StringBuilder line, String text, int most) {
    int end = Math.min(text.length(), most);
    for (int i = 0; i < end; ) {
      int point = text.codePointAt(i);
      int width = Character.charCount(point);
      if (point == '"' || point == '\\') {
        line.append('\\').append((char) point);
      } else if (point == '\n') {
        line.append("\\n");
      } else if (isHarmless(point)) {
        line.appendCodePoint(point);
      } else {
        for (char unit : Character.toChars(point)) {
          line.append("\\u").append("%04x".formatted((int) unit));
        }
      }
      i += width;
    }
    if (text.length() > most) {
      line.append("... (").append(text.length()).append(" characters)");
    }
  }

  private static boolean isHarmless(int point) {
    return (point >= ' ' && point < 0x7f)
        || switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED ->
              false;
          default -> true;
        };
  }
}
