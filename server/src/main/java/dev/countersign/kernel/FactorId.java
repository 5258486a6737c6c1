package dev.countersign.kernel;

/** Names a kind of factor, such as {@code otp}. Which ones exist is known only to the factors' own folders. */
public record FactorId(String value) implements Comparable<FactorId> {
  public FactorId {
    Ids.checked("factor", value);
  }

  @Override
  public int compareTo(FactorId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
