package dev.countersign.delivery;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** How often somebody may be sent something; what was asked for too often is recorded and not sent. Thread-safe. */
public final class Caps {
  private final Allowances allowances;
  private final Audit audit;

  public Caps(Allowances allowances, Audit audit) {
    this.allowances = allowances;
    this.audit = audit;
  }

  /** One cap, and for whom it counts. */
  public record Cap(Allowance allowance, String subject) {}

  /** Counts an errand at each of these until one has no room. */
  public Courier.Admission admit(Tx tx, Courier.Errand errand, List<Cap> caps, Occasion occasion) {
    for (var cap : caps) {
      if (allowances.take(tx, errand.tenant(), cap.allowance(), cap.subject(), occasion.at())
          instanceof Allowances.Taking.NoneLeft(var until)) {
        audit.record(
            tx,
            errand.tenant(),
            AuditEvent.of(AuditType.MFA_CHALLENGE_SENT, AuditEvent.Outcome.DENIED, occasion)
                .by(errand.user())
                .in(errand.signIn(), null)
                .with("factor", errand.factor())
                .with("reason", "too_often"));
        return new Courier.Admission.Refused("too_often", Optional.of(until));
      }
    }
    return new Courier.Admission.Admitted();
  }
}
