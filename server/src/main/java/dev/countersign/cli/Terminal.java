package dev.countersign.cli;

import java.io.PrintStream;

/**
 * Where a command speaks: results on one stream, everything about how it went on the other.
 *
 * @param out for results, so that they can be piped
 * @param err for people
 */
public record Terminal(PrintStream out, PrintStream err) {
  /** A line of the result. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** A line about how it went. */
  public void tell(String line) {
    err.println(line);
  }
}
