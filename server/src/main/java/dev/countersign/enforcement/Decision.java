package dev.countersign.enforcement;

/** What the policy says of the facts. */
public sealed interface Decision permits Cleared, Decision.Demanded, Decision.Denied {
  Because because();

  /** Something is still owed. */
  record Demanded(Demand demand, Because because) implements Decision {}

  /** No proof that this person could give would do. */
  record Denied(Because because) implements Decision {}
}
