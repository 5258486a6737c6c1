package dev.countersign.storage;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A statement that was run, for Java's flight recorder. It tells no parameter. Making the first one starts the recorder's own
 * machinery, which takes a tenth of a whole start, so it is made where somebody records.
 */
@Name("dev.countersign.Statement")
@Label("Statement")
@Category("Countersign")
@StackTrace(false)
final class Asked extends Event {
  @Label("Text")
  String text = "";

  /** It has ended. */
  void of(String statement) {
    if (shouldCommit()) {
      text = statement;
      commit();
    }
  }
}
