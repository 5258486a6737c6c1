package dev.countersign.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes over {@code java.util.logging} for this process. */
public final class Logging {
  /** Libraries that say more at INFO than an operator wants to read. */
  private static final List<String> CHATTY =
      List.of("org.eclipse.jetty", "com.zaxxer.hikari", "org.flywaydb");

  /**
   * Ours. Lighter records than INFO are written of these alone: what libraries say then is whatever passes through them,
   * requests with their cookies and passwords included.
   */
  private static final List<String> OURS = List.of("dev.countersign", AccessLog.NAME);

  /** The log manager itself holds loggers weakly, and would forget their levels. */
  private static final List<Logger> KEPT = new ArrayList<>();

  private Logging() {}

  /** How lines look. */
  public enum Format {
    TEXT,
    JSON
  }

  /** Lets records be written until the process is gone. Takes effect only before anything has been logged. */
  public static void throughTheEnd() {
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
  }

  /** From here on, records of {@code least} weight or more become lines on {@code out}; earlier handlers are gone. */
  public static synchronized void to(OutputStream out, Level least, Format format) {
    KEPT.clear();
    Logger root = Logger.getLogger("");
    for (Handler earlier : root.getHandlers()) {
      root.removeHandler(earlier);
    }
    root.addHandler(
        new Lines(
            out,
            switch (format) {
              case TEXT -> new LogLine.Text();
              case JSON -> new LogLine.Json();
            }));
    keep(root, heavier(least, Level.INFO));
    CHATTY.forEach(name -> keep(Logger.getLogger(name), heavier(least, Level.WARNING)));
    OURS.forEach(name -> keep(Logger.getLogger(name), least));
  }

  private static void keep(Logger logger, Level level) {
    logger.setLevel(level);
    KEPT.add(logger);
  }

  private static Level heavier(Level one, Level other) {
    return one.intValue() > other.intValue() ? one : other;
  }

  /** Writes each line whole and at once. */
  private static final class Lines extends Handler {
    private final OutputStream out;

    Lines(OutputStream out, LogLine line) {
      this.out = out;
      setFormatter(line);
    }

    @Override
    public void publish(LogRecord record) {
      if (!isLoggable(record)) {
        return;
      }
      byte[] line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
      synchronized (out) {
        try {
          out.write(line);
          out.flush();
        } catch (IOException failed) {
          reportError(null, failed, ErrorManager.WRITE_FAILURE);
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
