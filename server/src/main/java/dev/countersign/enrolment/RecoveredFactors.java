package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.recovery.Recoveries;
import dev.countersign.session.EndAccess;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.stream.Collectors;

/**
 * The end of a recovery by waiting: the factor that was just set up stands in place of all that was lost. Within the caller's
 * transaction; thread-safe.
 */
public final class RecoveredFactors {
  private final Recoveries recoveries;
  private final Factors factors;
  private final Enrolments enrolments;
  private final CodeSets codeSets;
  private final EndAccess endAccess;
  private final Audit audit;
  private final Notices notices;

  public RecoveredFactors(
      Recoveries recoveries,
      Factors factors,
      Enrolments enrolments,
      CodeSets codeSets,
      EndAccess endAccess,
      Audit audit,
      Notices notices) {
    this.recoveries = recoveries;
    this.factors = factors;
    this.enrolments = enrolments;
    this.codeSets = codeSets;
    this.endAccess = endAccess;
    this.audit = audit;
    this.notices = notices;
  }

  /** Whether what this sign-in may do by waiting it may still do: nobody stopped it meanwhile. */
  boolean isOpen(Tx tx, SignIn signIn, UserId who, Occasion occasion) {
    return signIn.notes().recovering() != SignIn.Recovering.BY_WAITING
        || recoveries
            .standing(tx, signIn.tenant(), who, occasion.at())
            .filter(it -> it.isDue(occasion.at()))
            .isPresent();
  }

  /** Takes everything but the new one off, and ends all but this sign-in; nothing where it was no recovery by waiting. */
  void settle(Tx tx, SignIn signIn, UserId who, EnrolmentId fresh, Occasion occasion) {
    if (signIn.notes().recovering() != SignIn.Recovering.BY_WAITING) {
      return;
    }
    var tenant = signIn.tenant();
    var now = occasion.at();
    var recovery =
        recoveries
            .complete(tx, tenant, who, now)
            .orElseThrow(() -> StorageException.overtaken("a recovery"));
    var lost =
        enrolments.of(tx, tenant, who).stream()
            .filter(it -> !it.id().equals(fresh))
            .filter(it -> factors.of(tenant).profile(it.factor()).protects())
            .toList();
    lost.forEach(it -> enrolments.remove(tx, tenant, it.id(), now));
    codeSets.discard(tx, tenant, who, now);
    endAccess.beside(tx, tenant, who, signIn.id(), now);
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.RECOVERY_COMPLETED, occasion)
            .by(who)
            .in(signIn.id(), signIn.destination().application())
            .with("recovery", recovery.id())
            .with("enrolment", fresh.value())
            .with(
                "removed",
                lost.stream()
                    .map(Enrolment::factor)
                    .map(Object::toString)
                    .sorted()
                    .collect(Collectors.joining(", "))));
    notices.tell(tx, tenant, who, new Notice.RecoveryCompleted(), occasion);
  }
}
