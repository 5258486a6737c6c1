package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Report;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Spendables;
import dev.countersign.recovery.WaysBack;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.Optional;

/**
 * Takes the link 'This was not me' of a notice. It closes and opens nothing, for whoever reads the mailbox has it: all that
 * earlier proofs opened ends, every way back in is closed, the password is worthless until another is chosen, and a factor that the notice said was
 * added goes, as long as an older one is left to ask for. Otherwise it is disabled, so that it lets nobody in and its
 * owner is not taken for somebody without a factor. Thread-safe.
 */
public final class ReportNotMe {
  private static final int LONGEST_TICKET = 100;
  private static final String REASON = "reported_not_me";

  private final Database database;
  private final People people;
  private final Spendables spendables;
  private final Passwords passwords;
  private final Factors factors;
  private final Enrolments enrolments;
  private final CodeSets codeSets;
  private final EndAccess endAccess;
  private final Audit audit;
  private final WaysBack waysBack;

  public ReportNotMe(
      Database database,
      People people,
      Spendables spendables,
      Passwords passwords,
      Factors factors,
      Enrolments enrolments,
      CodeSets codeSets,
      EndAccess endAccess,
      Audit audit,
      WaysBack waysBack) {
    this.database = database;
    this.people = people;
    this.spendables = spendables;
    this.passwords = passwords;
    this.factors = factors;
    this.enrolments = enrolments;
    this.codeSets = codeSets;
    this.endAccess = endAccess;
    this.audit = audit;
    this.waysBack = waysBack;
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** Everything is closed. {@code who} is whose account it is. */
    record Closed(Person who, Report report) implements Outcome {}

    /** The link was used, ran out, or never was one. */
    record LinkOver() implements Outcome {}
  }

  /**
   * Whom a link is for, and about what.
   *
   * @param who whose account it is
   */
  public record Opened(Person who, Report report) {}

  /** What the page behind a link is to say; empty when the link is good for nothing. Changes nothing. */
  public Optional<Opened> open(TenantId tenant, Secret ticket, Moment now) {
    if (ticket.reveal().length() > LONGEST_TICKET) {
      return Optional.empty();
    }
    return database.read(tx ->
        spendables
            .peek(tx, tenant, Spendables.Kind.NOT_ME, ticket)
            .filter(it -> it.spentAt().isEmpty() && !now.reached(it.expiresAt()))
            .flatMap(it ->
                people
                    .find(tx, tenant, new UserId(it.owner()))
                    .map(who -> new Opened(who, Report.of(it.payload())))));
  }

  /** Acts on it, once. */
  public Outcome report(TenantId tenant, Secret ticket, Occasion occasion) {
    if (ticket.reveal().length() > LONGEST_TICKET) {
      return new Outcome.LinkOver();
    }
    return database.write(tx -> {
      if (!(spendables.spend(tx, tenant, Spendables.Kind.NOT_ME, ticket, occasion.at())
          instanceof Spendables.Spending.Spent(var it))) {
        return new Outcome.LinkOver();
      }
      var user = new UserId(it.owner());
      people.hold(tx, tenant, user);
      var who = people.find(tx, tenant, user);
      if (who.isEmpty()) {
        return new Outcome.LinkOver();
      }
      var report = Report.of(it.payload());
      report
          .enrolment()
          .flatMap(id -> enrolments.find(tx, tenant, user, id))
          .filter(Enrolment::isActive)
          .ifPresent(added -> takeBack(tx, tenant, added, occasion));
      waysBack.close(tx, tenant, user, "anonymous", REASON, occasion);
      passwords.forget(tx, tenant, user);
      var ended = endAccess.everywhere(tx, tenant, user, occasion.at());
      audit.record(
          tx,
          tenant,
          AuditEvent.success(AuditType.REPORTED_NOT_ME, occasion)
              .by("anonymous", user)
              .with("about", report.about())
              .with("sessions_ended", String.valueOf(ended.sessions()))
              .with("refresh_families_revoked", String.valueOf(ended.refreshFamilies())));
      return new Outcome.Closed(who.get(), report);
    });
  }

  /** Backup codes that were made since could be in the same hands as the factor. */
  private void takeBack(Tx tx, TenantId tenant, Enrolment added, Occasion occasion) {
    boolean older =
        enrolments.of(tx, tenant, added.user()).stream()
            .anyMatch(it ->
                it.isActive()
                    && !it.id().equals(added.id())
                    && it.createdAt().isBefore(added.createdAt())
                    && factors.of(tenant).profile(it.factor()).protects());
    var type = older ? AuditType.FACTOR_REMOVED : AuditType.FACTOR_DISABLED;
    if (older) {
      enrolments.remove(tx, tenant, added.id(), occasion.at());
    } else {
      enrolments.disable(tx, tenant, added.id());
    }
    codeSets.discardSince(tx, tenant, added.user(), added.createdAt(), occasion.at());
    audit.record(
        tx,
        tenant,
        AuditEvent.success(type, occasion)
            .by("anonymous", added.user())
            .with("reason", REASON)
            .with("factor", added.factor().value())
            .with("enrolment", added.id().value()));
  }
}
