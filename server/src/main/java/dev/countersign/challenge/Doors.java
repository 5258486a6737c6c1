package dev.countersign.challenge;

import dev.countersign.factor.FactorProfile;
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import java.time.Duration;
import java.util.List;

/** Where wrong answers to a challenge are counted: at the factor, and at the person for all factors together. */
public final class Doors {
  /** Whoever alternates between factors stands before this one all the same. */
  public static final Door ANY_FACTOR =
      new Door("any-factor", new GuessLimits(8, Duration.ofMinutes(5), Duration.ofMinutes(5), 300));

  private Doors() {}

  public static List<Door> of(FactorProfile profile) {
    return List.of(profile.door(), ANY_FACTOR);
  }
}
