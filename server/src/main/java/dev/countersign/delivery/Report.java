package dev.countersign.delivery;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the link 'This was not me' of a notice.
 *
 * @param about what the notice told, in the words of the audit log
 * @param added the factor that it said was added; null when it told something else
 */
public record Report(String about, @Nullable String added) {
  /** The page that takes the link; the ticket follows. */
  public static final String PATH = "/u/not-me?ticket=";

  /** What can be said to a notice; nothing to one that offers nothing to say. */
  public static Optional<Report> to(Notice notice) {
    return switch (notice) {
      case Notice.FactorEnrolled(var _, var _, var enrolment) ->
          Optional.of(
              new Report("mfa.factor_enrolled", enrolment == null ? null : enrolment.value()));
      case Notice.FactorRemoved _ -> Optional.of(new Report("mfa.factor_removed", null));
      case Notice.FactorsReset _ -> Optional.of(new Report("mfa.factor_admin_reset", null));
      case Notice.FactorUsedElsewhere _ ->
          Optional.of(new Report("mfa.factor_used_elsewhere", null));
      case Notice.AccessCodeIssued _ -> Optional.of(new Report("mfa.access_code_issued", null));
      case Notice.AccessCodeUsed _ -> Optional.of(new Report("mfa.access_code_used", null));
      case Notice.RecoveryWaiting _ -> Optional.of(new Report("recovery.started", null));
      case Notice.RecoveryCompleted _ -> Optional.of(new Report("recovery.completed", null));
      case Notice.BackupCodeUsed _,
          Notice.BackupCodesRegenerated _,
          Notice.Locked _,
          Notice.PasswordLocked _,
          Notice.CodeReplayed _,
          Notice.PasswordChanged _,
          Notice.PasswordReset _,
          Notice.EnrolmentTicket _,
          Notice.SignInDisowned _,
          Notice.RecoveryCancelled _ ->
          Optional.empty();
    };
  }

  public String payload() {
    return Json.write(this);
  }

  public static Report of(String payload) {
    return Json.read(payload, Report.class);
  }

  public Optional<EnrolmentId> enrolment() {
    return Optional.ofNullable(added).map(EnrolmentId::new);
  }
}
