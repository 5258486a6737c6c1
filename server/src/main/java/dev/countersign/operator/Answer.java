package dev.countersign.operator;

/** Where a command speaks: results apart from remarks, so that results can be piped. One line at a time. */
public interface Answer {
  /** A line of the result. */
  void say(String line);

  /** A line about how it went. */
  void tell(String line);
}
