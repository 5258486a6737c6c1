package dev.countersign.management.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A form with files (RFC 7578): the value of each field, by its name. Of two fields of one name the form is refused. */
record Multipart(Map<String, byte[]> fields) {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "multipart/form-data\\s*;.*\\bboundary=(?:\"([^\"\\r\\n]{1,70})\"|([^\\s;\"]{1,70})).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME = Pattern.compile("[;\\s]name=\"([^\"\\r\\n]{1,64})\"");
  private static final int MOST = 20;

  /** What the body holds; nothing where it is no such form. */
  static Optional<Multipart> read(String contentType, byte[] body) {
    var type = BOUNDARY.matcher(contentType);
    if (!type.matches()) {
      return Optional.empty();
    }
    var delimiter = "--" + (type.group(1) == null ? type.group(2) : type.group(1));
    var text = new String(body, ISO_8859_1); // One character for each byte.
    Map<String, byte[]> fields = new LinkedHashMap<>();
    int at = text.indexOf(delimiter);
    while (at >= 0) {
      int line = at + delimiter.length();
      if (text.startsWith("--", line)) {
        return Optional.of(new Multipart(fields));
      }
      int head = text.indexOf("\r\n", line);
      int value = head < 0 ? -1 : text.indexOf("\r\n\r\n", head);
      int next = value < 0 ? -1 : text.indexOf("\r\n" + delimiter, value + 2);
      if (next < 0 || fields.size() == MOST) {
        return Optional.empty();
      }
      var name = NAME.matcher(disposition(text.substring(head + 2, value)));
      int from = Math.min(value + 4, next);
      if (!name.find()
          || fields.put(
                  new String(name.group(1).getBytes(ISO_8859_1), UTF_8),
                  text.substring(from, next).getBytes(ISO_8859_1))
              != null) {
        return Optional.empty();
      }
      at = next + 2;
    }
    return Optional.empty();
  }

  private static String disposition(String headers) {
    return headers
        .lines()
        .filter(line -> line.regionMatches(true, 0, "content-disposition:", 0, 20))
        .findFirst()
        .orElse("");
  }
}
