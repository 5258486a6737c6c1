package dev.countersign.factor;

import dev.countersign.kernel.Secret;
import java.util.List;

/** A factor that is issued as a set beside another, shown once, each piece good for one use. */
public interface RecoveryCodes extends Factor {
  /** Makes a new set. */
  Issue issue();

  /** Makes one more code for a set, as its document has it. */
  Piece another(Secret document);

  /**
   * One code.
   *
   * @param shown as the person is to keep it; it exists nowhere else
   * @param value what accepting it spends
   */
  record Piece(Secret shown, Secret value) {}

  /** Makes a set of a single code of 24 letters and digits, the form in which Auth0's API hands one out. */
  Issue issueOne();

  /**
   * A set just made.
   *
   * @param document what the server keeps
   * @param shown the codes as the person is to keep them; they exist nowhere else
   * @param values what accepting each of them spends, in the same order
   */
  record Issue(Secret document, List<Secret> shown, List<Secret> values) {}
}
