package dev.countersign.testkit;

/** Which database a {@link World} stands on. */
public enum Engine {
  /** The embedded database, in a file that goes with the process and waits for no disk. */
  EMBEDDED,
  /** A real PostgreSQL, started by the first World that asks for it. */
  POSTGRES
}
