package dev.countersign.factor;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;

/** A factor whose right answer the server could give as well. It does so in sandboxes and nowhere else. */
public interface Scriptable {
  /** The answer that this one would give now. */
  Secret answer(Enrolment enrolment, Moment moment);

  /** Until when it is right. */
  Moment changes(Enrolment enrolment, Moment moment);
}
