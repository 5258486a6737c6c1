package dev.countersign.enforcement;

/** The way is free. Made only by {@link Enforcement}; nothing that lets anyone in can be made without one. */
public final class Cleared implements Decision {
  private final Level level;
  private final Because because;
  private final long policyVersion;

  Cleared(Level level, Because because, long policyVersion) {
    this.level = level;
    this.because = because;
    this.policyVersion = policyVersion;
  }

  /** What the counted proofs amount to; tokens say no more than this. */
  public Level level() {
    return level;
  }

  @Override
  public Because because() {
    return because;
  }

  public long policyVersion() {
    return policyVersion;
  }

  @Override
  public String toString() {
    return "Cleared at " + level.acr();
  }
}
