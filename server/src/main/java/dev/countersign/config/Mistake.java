package dev.countersign.config;

/**
 * One thing an operator has to put right.
 *
 * @param where the place it was written: a flag, a variable, or file and line
 * @param what the rest of the sentence; holds no value, for it may be a secret in the wrong place
 */
public record Mistake(String where, String what) {
  @Override
  public String toString() {
    return where + " " + what;
  }
}
