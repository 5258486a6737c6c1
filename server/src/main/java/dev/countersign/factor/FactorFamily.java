package dev.countersign.factor;

import dev.countersign.kernel.FactorId;

/**
 * Factors that tenants define for themselves: each definition makes one, which is then a factor like any other. Its words
 * lie beside the family. Stateless and thread-safe.
 */
public interface FactorFamily {
  /** What the ids of its members begin with, the colon included. */
  String prefix();

  /**
   * The factor that a definition makes.
   *
   * @param definition in the family's own form, as it wrote it; without anything secret, which lies among the settings
   */
  Factor member(FactorId id, String definition);
}
