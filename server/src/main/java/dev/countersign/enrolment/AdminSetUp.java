package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Guesses;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an admin does to somebody else's factors: brings one along, takes one off, takes all off. Recorded as the admin's
 * doing, and the person is told each time. Within the caller's transaction; thread-safe.
 */
public final class AdminSetUp {
  private final Factors factors;
  private final FactorSettings settings;
  private final Enrolments enrolments;
  private final Policies policies;
  private final CodeSets codeSets;
  private final Guesses guesses;
  private final EndAccess endAccess;
  private final Audit audit;
  private final Notices notices;
  private final TrustedBrowsers trustedBrowsers;

  public AdminSetUp(
      Factors factors,
      FactorSettings settings,
      Enrolments enrolments,
      Policies policies,
      CodeSets codeSets,
      Guesses guesses,
      EndAccess endAccess,
      Audit audit,
      Notices notices,
      TrustedBrowsers trustedBrowsers) {
    this.factors = factors;
    this.settings = settings;
    this.enrolments = enrolments;
    this.policies = policies;
    this.codeSets = codeSets;
    this.guesses = guesses;
    this.endAccess = endAccess;
    this.audit = audit;
    this.notices = notices;
    this.trustedBrowsers = trustedBrowsers;
  }

  /** Who does it, to whom. */
  public record Act(TenantId tenant, UserId user, String actor, Occasion occasion) {}

  /** What came of bringing one along. */
  public sealed interface Outcome {
    record Added(Enrolment enrolment) implements Outcome {}

    record Unfit(String field, String why) implements Outcome {}

    /** Only the person can set this factor up. */
    record Impossible() implements Outcome {}

    /** The factor is off for this tenant. */
    record NotAllowed() implements Outcome {}

    /** The person has as many as one may have. */
    record Enough(int most) implements Outcome {}

    /** This very thing is somebody's already. */
    record Taken() implements Outcome {}
  }

  /** Adds a factor that was confirmed elsewhere; it is active at once. */
  public Outcome bring(Tx tx, Act act, FactorId factorId, Map<String, Secret> fields, String name) {
    var factor = factors.of(act.tenant()).get(factorId);
    var profile = factor.profile();
    return switch (factor.bring(settings.of(tx, act.tenant(), factorId), fields)) {
      case Factor.Brought.Impossible _ -> new Outcome.Impossible();
      case Factor.Brought.Unfit(var field, var why) -> new Outcome.Unfit(field, why);
      case Factor.Brought.Ready(var document, var handles) -> {
        if (!policies.current(tx, act.tenant()).allowed().contains(factorId)) {
          yield new Outcome.NotAllowed();
        }
        var standing =
            enrolments.of(tx, act.tenant(), act.user()).stream()
                .filter(it -> it.factor().equals(factorId))
                .toList();
        if (standing.stream().filter(Enrolment::isActive).count() >= profile.perPerson()) {
          yield new Outcome.Enough(profile.perPerson());
        }
        if (enrolments.isTaken(tx, handles)) {
          yield new Outcome.Taken();
        }
        // Binding anew is what ends the disabled state; the disabled one itself goes.
        standing.stream()
            .filter(it -> it.state() == Enrolment.State.DISABLED)
            .forEach(it -> takeOff(tx, act, it));
        var id =
            enrolments.add(
                tx, act.tenant(), act.user(), factorId, name, document, act.occasion().at());
        enrolments.take(tx, act.tenant(), id, handles);
        guesses.reset(tx, act.tenant(), act.user().value(), profile.door().name());
        audit.record(
            tx,
            act.tenant(),
            event(AuditType.FACTOR_ENROLLED, act)
                .with("factor", factorId.value())
                .with("enrolment", id.value()));
        notices.tell(
            tx,
            act.tenant(),
            act.user(),
            new Notice.FactorEnrolled(factorId, name, id),
            act.occasion());
        forgetBrowsers(tx, act);
        yield new Outcome.Added(enrolments.find(tx, act.tenant(), act.user(), id).orElseThrow());
      }
    };
  }

  /** Takes one off; with the last one that people set up, their backup codes go too. False when there is no such one. */
  public boolean remove(Tx tx, Act act, EnrolmentId id) {
    var found = standing(tx, act).stream().filter(it -> it.id().equals(id)).findFirst();
    if (found.isEmpty() || !takeOff(tx, act, found.get())) {
      return false;
    }
    if (standing(tx, act).stream()
        .allMatch(it -> factors.of(act.tenant()).profile(it.factor()).recovers())) {
      codeSets.discard(tx, act.tenant(), act.user(), act.occasion().at());
    }
    return true;
  }

  /**
   * Takes all off, set-ups under way and backup codes included; opens every door that wrong answers had closed; ends what
   * was reached by the factors that are gone. Returns how many stood.
   */
  public int reset(Tx tx, Act act) {
    var standing = standing(tx, act);
    for (var it : enrolments.of(tx, act.tenant(), act.user())) {
      if (!factors.of(act.tenant()).profile(it.factor()).recovers()) {
        enrolments.remove(tx, act.tenant(), it.id(), act.occasion().at());
      }
    }
    codeSets.discard(tx, act.tenant(), act.user(), act.occasion().at());
    factors
        .of(act.tenant())
        .profiles()
        .forEach(
            profile -> guesses.reset(tx, act.tenant(), act.user().value(), profile.door().name()));
    endAccess.everywhere(tx, act.tenant(), act.user(), act.occasion().at());
    audit.record(
        tx,
        act.tenant(),
        event(AuditType.FACTOR_ADMIN_RESET, act)
            .with("removed", String.valueOf(standing.size()))
            .with(
                "factors",
                standing.stream()
                    .map(it -> it.factor().value())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "))));
    notices.tell(tx, act.tenant(), act.user(), new Notice.FactorsReset(), act.occasion());
    return standing.size();
  }

  /** What a person has, but for what was only begun or not acknowledged. */
  public List<Enrolment> standing(Tx tx, Act act) {
    return standing(tx, act.tenant(), act.user());
  }

  public List<Enrolment> standing(Tx tx, TenantId tenant, UserId user) {
    return enrolments.of(tx, tenant, user).stream()
        .filter(it -> it.state() != Enrolment.State.PENDING)
        .toList();
  }

  private boolean takeOff(Tx tx, Act act, Enrolment it) {
    if (factors.of(act.tenant()).profile(it.factor()).recovers()) {
      codeSets.discard(tx, act.tenant(), act.user(), act.occasion().at());
    } else if (!enrolments.remove(tx, act.tenant(), it.id(), act.occasion().at())) {
      return false;
    }
    audit.record(
        tx,
        act.tenant(),
        event(AuditType.FACTOR_REMOVED, act)
            .with("factor", it.factor().value())
            .with("enrolment", it.id().value()));
    notices.tell(
        tx,
        act.tenant(),
        act.user(),
        new Notice.FactorRemoved(it.factor(), it.name()),
        act.occasion());
    forgetBrowsers(tx, act);
    return true;
  }

  private void forgetBrowsers(Tx tx, Act act) {
    trustedBrowsers.forgetAll(
        tx,
        act.tenant(),
        act.user(),
        TrustedBrowsers.Why.FACTOR_CHANGED,
        act.actor(),
        act.occasion());
  }

  private static AuditEvent event(AuditType type, Act act) {
    return AuditEvent.success(type, act.occasion()).by(act.actor(), act.user());
  }
}
