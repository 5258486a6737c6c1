package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Tx;
import java.time.Duration;

/**
 * Notices when wrong passwords come in numbers that no single person or network explains: since each of those is held to
 * a few, so many can only be guesses at many people from many places. It stops nobody; it tells. Thread-safe.
 */
public final class AttackWatch {
  private static final System.Logger LOG = System.getLogger(AttackWatch.class.getName());

  /** As many wrong passwords in one tenant, in one stretch, are told once. */
  public static final Allowance UNREMARKABLE =
      new Allowance("wrong-passwords", 500, Duration.ofMinutes(10));

  private final Allowances allowances;
  private final Audit audit;

  public AttackWatch(Allowances allowances, Audit audit) {
    this.allowances = allowances;
    this.audit = audit;
  }

  /** Another wrong password was counted. Called last in its transaction: the count is one row for the whole tenant. */
  void sawFailure(Tx tx, TenantId tenant, Occasion occasion) {
    if (allowances.take(tx, tenant, UNREMARKABLE, "tenant", occasion.at())
            instanceof Allowances.Taking.Taken(var left)
        && left == 0) {
      audit.record(
          tx,
          tenant,
          AuditEvent.of(
                  AuditType.TENANT_UNDER_ATTACK,
                  AuditEvent.Outcome.FAILURE,
                  Occasion.ofServer(occasion.at()))
              .with("wrong_passwords", String.valueOf(UNREMARKABLE.most()))
              .with("minutes", String.valueOf(UNREMARKABLE.per().toMinutes())));
      LOG.log(
          System.Logger.Level.WARNING,
          "tenant {0}: {1} wrong passwords within {2} minutes",
          tenant,
          UNREMARKABLE.most(),
          UNREMARKABLE.per().toMinutes());
    }
  }
}
