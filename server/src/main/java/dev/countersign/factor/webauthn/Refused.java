package dev.countersign.factor.webauthn;

import dev.countersign.factor.Refusal;

/** A step of the standard failed. Never leaves this package. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final Refusal.Reason reason;

  Refused(Refusal.Reason reason) {
    super(reason.word(), null, false, false);
    this.reason = reason;
  }

  Refusal refusal() {
    return Refusal.of(reason);
  }

  static void unless(boolean holds, Refusal.Reason reason) throws Refused {
    if (!holds) {
      throw new Refused(reason);
    }
  }
}
