package dev.countersign.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that was logged while it was open, down to the finest level. */
public final class CapturedLogs implements AutoCloseable {
  private static final Logger OURS = Logger.getLogger("dev.countersign");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Level before = OURS.getLevel() == null ? Level.INFO : OURS.getLevel();
  private final Handler handler =
      new Handler() {
        private final SimpleFormatter words = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
          lines.add(words.formatMessage(record) + stack(record.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  CapturedLogs() {
    OURS.setLevel(Level.FINEST);
    handler.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(handler);
  }

  private static String stack(@org.jspecify.annotations.Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return "\n" + text;
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  public String text() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(handler);
    OURS.setLevel(before);
  }
}
