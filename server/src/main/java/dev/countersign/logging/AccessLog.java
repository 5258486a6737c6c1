package dev.countersign.logging;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line for each request answered. It names the route, never the address that was asked for: paths and query strings
 * carry ids, codes and states.
 */
public final class AccessLog {
  static final String NAME = "access";

  private static final Logger LOG = Logger.getLogger(NAME);

  private AccessLog() {}

  /**
   * Writes the line of one answered request.
   *
   * @param route the pattern from the route table, such as {@code /u/mfa/{factor}}; {@code none} when none matched
   * @param address the client's address after the proxy rule
   */
  public static void write(String method, String route, int status, Duration took, String address) {
    if (!LOG.isLoggable(Level.INFO)) {
      return;
    }
    LogRecord record = new LogRecord(Level.INFO, "request");
    record.setLoggerName(LOG.getName());
    Fields fields =
        Fields.none()
            .with("method", method)
            .with("route", route)
            .with("status", status)
            .with("ms", took.toMillis())
            .with("address", address);
    record.setParameters(new Object[] {fields});
    LOG.log(record);
  }
}
