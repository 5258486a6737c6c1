package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import java.util.List;

/** What the policy says of the facts. */
public sealed interface Decision permits Cleared, Decision.Demanded, Decision.Denied {
  Because because();

  /** Its name in records and files: what is demanded, {@code cleared} or {@code denied}. */
  default String word() {
    return switch (this) {
      case Cleared _ -> "cleared";
      case Denied _ -> "denied";
      case Demanded(var demand, var _) -> demand.word();
    };
  }

  /** The factors that any one of will do, in the order of offering; none where no factor is asked for. */
  default List<FactorId> factors() {
    return this instanceof Demanded(var demand, var _) ? demand.anyOf() : List.of();
  }

  /** Something is still owed. */
  record Demanded(Demand demand, Because because) implements Decision {}

  /** No proof that this person could give would do. */
  record Denied(Because because) implements Decision {}
}
