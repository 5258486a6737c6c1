package dev.countersign.management.api;

/** Names as Auth0's API has them. */
public final class Naming {
  /** The longest name of a method there. */
  public static final int METHOD = 20;

  private Naming() {}

  /** The first {@link #METHOD} characters: ours may be longer. */
  public static String cut(String name) {
    return name.codePointCount(0, name.length()) <= METHOD
        ? name
        : name.substring(0, name.offsetByCodePoints(0, METHOD));
  }
}
