package dev.countersign.cli;

import dev.countersign.operator.Answer;
import java.io.PrintStream;

/**
 * Where a command speaks: results on one stream, everything about how it went on the other.
 *
 * @param out for results, so that they can be piped
 * @param err for people
 */
public record Terminal(PrintStream out, PrintStream err) implements Answer {
  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void tell(String line) {
    err.println(line);
  }
}
