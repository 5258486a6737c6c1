package dev.countersign.logging;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Makes one line of one record; the two kinds differ only in how they join the same members. */
abstract sealed class LogLine extends Formatter {
  private static final int MESSAGE = 4_096;
  private static final int FIELD = 1_024;
  private static final int TRACE = 16_384;
  private static final int FRAMES = 24;
  private static final int CAUSES = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public final String format(LogRecord record) {
    Map<String, Object> members = new LinkedHashMap<>();
    RequestContext.current()
        .ifPresent(context -> {
          members.put("request", context.requestId());
          context.tenant().ifPresent(tenant -> members.put("tenant", tenant));
        });
    Object[] parameters = record.getParameters();
    if (parameters != null && parameters.length == 1 && parameters[0] instanceof Fields fields) {
      members.putAll(fields.values());
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      members.put("error", trace(thrown));
    }
    String message = record.getMessage() == null ? "" : formatMessage(record);
    String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
    return line(
            TIME.format(record.getInstant()), level(record.getLevel()), logger, message, members)
        + "\n";
  }

  abstract String line(
      String time, String level, String logger, String message, Map<String, Object> members);

  /** {@code 2026-01-31T12:00:00.000Z info  a.b.Logger message name=value}: for people. */
  static final class Text extends LogLine {
    @Override
    String line(
        String time, String level, String logger, String message, Map<String, Object> members) {
      StringBuilder line =
          new StringBuilder(200)
              .append(time)
              .append(' ')
              .append("%-7s".formatted(level))
              .append(' ');
      Escape.append(line, logger, FIELD);
      line.append(": ");
      Escape.append(line, message, MESSAGE);
      members.forEach((name, value) -> {
        line.append(' ');
        Escape.append(line, name, FIELD);
        line.append('=');
        String text = value.toString();
        boolean quoted = text.isEmpty() || text.indexOf(' ') >= 0;
        line.append(quoted ? "\"" : "");
        Escape.append(line, text, cap(name));
        line.append(quoted ? "\"" : "");
      });
      return line.toString();
    }
  }

  /** One JSON object: for programs. */
  static final class Json extends LogLine {
    @Override
    String line(
        String time, String level, String logger, String message, Map<String, Object> members) {
      StringBuilder line = new StringBuilder(300).append("{\"time\":\"").append(time);
      line.append("\",\"level\":\"").append(level).append("\",\"logger\":");
      quote(line, logger, FIELD);
      line.append(",\"message\":");
      quote(line, message, MESSAGE);
      members.forEach((name, value) -> {
        line.append(',');
        quote(line, name, FIELD);
        line.append(':');
        if (value instanceof Long) {
          line.append(value);
        } else {
          quote(line, value.toString(), cap(name));
        }
      });
      return line.append('}').toString();
    }

    private static void quote(StringBuilder line, String text, int most) {
      line.append('"');
      Escape.append(line, text, most);
      line.append('"');
    }
  }

  private static int cap(String name) {
    return name.equals("error") ? TRACE : FIELD;
  }

  private static String level(Level level) {
    int weight = level.intValue();
    return weight >= Level.SEVERE.intValue()
        ? "error"
        : weight >= Level.WARNING.intValue()
            ? "warning"
            : weight >= Level.INFO.intValue() ? "info" : "debug";
  }

  /** The topmost frames of the failure and of its causes; enough to find the place. */
  private static String trace(Throwable thrown) {
    StringBuilder trace = new StringBuilder();
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES; depth++, cause = cause.getCause()) {
      trace.append(depth == 0 ? "" : "\ncaused by ").append(cause);
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
        trace.append("\n  at ").append(frames[i]);
      }
    }
    return trace.toString();
  }
}
