package dev.countersign.storage;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A statement that was run, for Java's flight recorder; it costs nothing while nobody records. It tells no parameter. */
@Name("dev.countersign.Statement")
@Label("Statement")
@Category("Countersign")
@StackTrace(false)
final class Asked extends Event {
  @Label("Text")
  String text = "";
}
