package dev.countersign.testkit;

/** Which database a {@link World} stands on. */
public enum Engine {
  /** Embedded H2, in memory. */
  H2,
  /** A real PostgreSQL, started by the first World that asks for it. */
  POSTGRES
}
