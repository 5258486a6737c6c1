package dev.countersign.logging;

import java.util.logging.Level;

/** A process that logs while it ends, long after the JDK's own log manager would have fallen silent. */
final class LogsAtTheEnd {
  private LogsAtTheEnd() {}

  public static void main(String[] arguments) {
    Logging.throughTheEnd();
    Logging.to(System.err, Level.INFO, Logging.Format.TEXT);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getClass().getName().contains("LogManager")) {
                  join(thread);
                }
              }
              System.getLogger("end").log(System.Logger.Level.INFO, "the last word");
            }));
    System.getLogger("end").log(System.Logger.Level.INFO, "the first word");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
