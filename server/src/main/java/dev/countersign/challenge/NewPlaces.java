package dev.countersign.challenge;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Habits;
import dev.countersign.kernel.Occasion;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Tx;
import java.time.Duration;

/**
 * Tells people when a factor of theirs let somebody in where they have never used it. Who moves from network to network all
 * day is told a few times; the rest is recorded, so that what matters is not lost among so many mails. Thread-safe.
 */
public final class NewPlaces {
  /** Mails to one person. */
  static final Allowance NOTICES = new Allowance("place-notices", 5, Duration.ofDays(1));

  private final Habits habits;
  private final Allowances allowances;
  private final Audit audit;
  private final Notices notices;

  public NewPlaces(Habits habits, Allowances allowances, Audit audit, Notices notices) {
    this.habits = habits;
    this.allowances = allowances;
    this.audit = audit;
    this.notices = notices;
  }

  /** Notes that a factor let its person in, and tells them if the place is new to it; the caller holds the person. */
  void used(Tx tx, SignIn signIn, Enrolment enrolment, Occasion occasion) {
    var tenant = signIn.tenant();
    var who = enrolment.user();
    if (!habits.used(tx, tenant, enrolment, occasion)) {
      return;
    }
    var event =
        AuditEvent.success(AuditType.FACTOR_USED_ELSEWHERE, occasion)
            .by(who)
            .in(signIn.id(), signIn.destination().application())
            .with("factor", enrolment.factor().value());
    switch (allowances.take(tx, tenant, NOTICES, who.value(), occasion.at())) {
      case Allowances.Taking.Taken _ -> {
        audit.record(tx, tenant, event);
        notices.tell(
            tx,
            tenant,
            who,
            new Notice.FactorUsedElsewhere(enrolment.factor(), enrolment.name()),
            occasion);
      }
      case Allowances.Taking.NoneLeft(var until) ->
          audit.record(
              tx,
              tenant,
              event.with("notice", "held_back").with("held_back_until", until.toString()));
    }
  }
}
