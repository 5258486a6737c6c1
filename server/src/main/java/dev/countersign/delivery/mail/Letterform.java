package dev.countersign.delivery.mail;

import dev.countersign.delivery.Notice;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An {@link Errand} as it stands, sealed, in the outbox. */
record Letterform(
    String to,
    String name,
    @Nullable String locale,
    Kind kind,
    Map<String, String> facts,
    long at,
    String address,
    String userAgent,
    String requestId,
    @Nullable String report) {

  private enum Kind {
    FACTOR_ENROLLED,
    FACTOR_REMOVED,
    FACTORS_RESET,
    BACKUP_CODE_USED,
    BACKUP_CODES_REGENERATED,
    LOCKED,
    PASSWORD_LOCKED,
    CODE_REPLAYED,
    PASSWORD_CHANGED,
    PASSWORD_RESET,
    SIGN_IN_DISOWNED,
    FACTOR_USED_ELSEWHERE,
    ENROLMENT_TICKET,
    ACCESS_CODE_ISSUED,
    ACCESS_CODE_USED,
    RECOVERY_WAITING,
    RECOVERY_CANCELLED,
    RECOVERY_COMPLETED
  }

  static Secret write(Errand errand) {
    var occasion = errand.occasion();
    return Secret.of(
        Json.write(
            new Letterform(
                errand.to(),
                errand.name(),
                errand.locale().orElse(null),
                kind(errand.notice()),
                facts(errand.notice()),
                occasion.at().millis(),
                occasion.address(),
                occasion.userAgent(),
                occasion.requestId(),
                errand.report().map(Secret::reveal).orElse(null))));
  }

  static Errand read(TenantId tenant, String id, Secret written) {
    var it = Json.read(written.reveal(), Letterform.class);
    return new Errand(
        tenant,
        id,
        it.to(),
        it.name(),
        Optional.ofNullable(it.locale()),
        it.notice(),
        new Occasion(new Moment(it.at()), it.address(), it.userAgent(), it.requestId()),
        Optional.ofNullable(it.report()).map(Secret::of));
  }

  private static Kind kind(Notice notice) {
    return switch (notice) {
      case Notice.FactorEnrolled _ -> Kind.FACTOR_ENROLLED;
      case Notice.FactorRemoved _ -> Kind.FACTOR_REMOVED;
      case Notice.FactorsReset _ -> Kind.FACTORS_RESET;
      case Notice.BackupCodeUsed _ -> Kind.BACKUP_CODE_USED;
      case Notice.BackupCodesRegenerated _ -> Kind.BACKUP_CODES_REGENERATED;
      case Notice.Locked _ -> Kind.LOCKED;
      case Notice.PasswordLocked _ -> Kind.PASSWORD_LOCKED;
      case Notice.CodeReplayed _ -> Kind.CODE_REPLAYED;
      case Notice.PasswordChanged _ -> Kind.PASSWORD_CHANGED;
      case Notice.PasswordReset _ -> Kind.PASSWORD_RESET;
      case Notice.SignInDisowned _ -> Kind.SIGN_IN_DISOWNED;
      case Notice.FactorUsedElsewhere _ -> Kind.FACTOR_USED_ELSEWHERE;
      case Notice.EnrolmentTicket _ -> Kind.ENROLMENT_TICKET;
      case Notice.AccessCodeIssued _ -> Kind.ACCESS_CODE_ISSUED;
      case Notice.AccessCodeUsed _ -> Kind.ACCESS_CODE_USED;
      case Notice.RecoveryWaiting _ -> Kind.RECOVERY_WAITING;
      case Notice.RecoveryCancelled _ -> Kind.RECOVERY_CANCELLED;
      case Notice.RecoveryCompleted _ -> Kind.RECOVERY_COMPLETED;
    };
  }

  private static Map<String, String> facts(Notice notice) {
    return switch (notice) {
      case Notice.FactorEnrolled(var factor, var name, var _) ->
          Map.of("factor", factor.value(), "name", name);
      case Notice.FactorRemoved(var factor, var name) ->
          Map.of("factor", factor.value(), "name", name);
      case Notice.FactorUsedElsewhere(var factor, var name) ->
          Map.of("factor", factor.value(), "name", name);
      case Notice.BackupCodeUsed(var left) -> Map.of("left", String.valueOf(left));
      case Notice.Locked(var factor, var until) ->
          Map.of("factor", factor.value(), "until", text(until));
      case Notice.PasswordLocked(var until) -> Map.of("until", text(until));
      case Notice.CodeReplayed(var factor) -> Map.of("factor", factor.value());
      case Notice.PasswordReset(var link, var expires) ->
          Map.of("link", link.reveal(), "until", text(Optional.of(expires)));
      case Notice.EnrolmentTicket(var link, var expires, var _, var _) ->
          Map.of("link", link.reveal(), "until", text(Optional.of(expires)));
      case Notice.AccessCodeIssued(var until) -> Map.of("until", text(Optional.of(until)));
      case Notice.RecoveryWaiting(var due, var again) ->
          Map.of("until", text(Optional.of(due)), "again", String.valueOf(again));
      case Notice.FactorsReset _,
          Notice.BackupCodesRegenerated _,
          Notice.PasswordChanged _,
          Notice.SignInDisowned _,
          Notice.AccessCodeUsed _,
          Notice.RecoveryCancelled _,
          Notice.RecoveryCompleted _ ->
          Map.of();
    };
  }

  private Notice notice() {
    return switch (kind) {
      case FACTOR_ENROLLED -> new Notice.FactorEnrolled(factor(), fact("name"));
      case FACTOR_REMOVED -> new Notice.FactorRemoved(factor(), fact("name"));
      case FACTORS_RESET -> new Notice.FactorsReset();
      case BACKUP_CODE_USED -> new Notice.BackupCodeUsed(Integer.parseInt(fact("left")));
      case BACKUP_CODES_REGENERATED -> new Notice.BackupCodesRegenerated();
      case LOCKED -> new Notice.Locked(factor(), until());
      case PASSWORD_LOCKED -> new Notice.PasswordLocked(until());
      case CODE_REPLAYED -> new Notice.CodeReplayed(factor());
      case PASSWORD_CHANGED -> new Notice.PasswordChanged();
      case PASSWORD_RESET ->
          new Notice.PasswordReset(Secret.of(fact("link")), until().orElseThrow());
      case SIGN_IN_DISOWNED -> new Notice.SignInDisowned();
      case ENROLMENT_TICKET ->
          new Notice.EnrolmentTicket(
              Secret.of(fact("link")),
              until().orElseThrow(),
              Optional.of(to),
              Optional.ofNullable(locale));
      case FACTOR_USED_ELSEWHERE -> new Notice.FactorUsedElsewhere(factor(), fact("name"));
      case ACCESS_CODE_ISSUED -> new Notice.AccessCodeIssued(until().orElseThrow());
      case ACCESS_CODE_USED -> new Notice.AccessCodeUsed();
      case RECOVERY_WAITING ->
          new Notice.RecoveryWaiting(until().orElseThrow(), Boolean.parseBoolean(fact("again")));
      case RECOVERY_CANCELLED -> new Notice.RecoveryCancelled();
      case RECOVERY_COMPLETED -> new Notice.RecoveryCompleted();
    };
  }

  private String fact(String name) {
    var value = facts.get(name);
    if (value == null) {
      throw new IllegalStateException(kind + " without " + name);
    }
    return value;
  }

  private FactorId factor() {
    return new FactorId(fact("factor"));
  }

  private Optional<Moment> until() {
    return Optional.of(fact("until"))
        .filter(text -> !text.isEmpty())
        .map(text -> new Moment(Long.parseLong(text)));
  }

  private static String text(Optional<Moment> moment) {
    return moment.map(it -> String.valueOf(it.millis())).orElse("");
  }
}
