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
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Guesses;
import dev.countersign.recovery.WaysBack;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final WaysBack waysBack;

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
      TrustedBrowsers trustedBrowsers,
      WaysBack waysBack) {
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
    this.waysBack = waysBack;
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

  /** One that was confirmed elsewhere, its fields by the names of the Management API. */
  public record Fresh(FactorId factor, Map<String, Secret> fields, String name) {}

  /** What came of replacing all. */
  public sealed interface Replacement {
    record Replaced(List<Enrolment> now) implements Replacement {}

    /** Nothing was changed. {@code at} counts from 0. */
    record Refused(int at, Outcome why) implements Replacement {}
  }

  /** What a factor makes of one that is brought. */
  private sealed interface Judged {
    record Fit(Fresh fresh, FactorProfile profile, Factor.Brought.Ready ready) implements Judged {}

    record Unfit(Outcome why) implements Judged {}
  }

  /** Adds a factor that was confirmed elsewhere; it is active at once. */
  public Outcome bring(Tx tx, Act act, FactorId factorId, Map<String, Secret> fields, String name) {
    return bring(tx, act, judged(tx, act, new Fresh(factorId, fields, name)));
  }

  /** The same with one that the factor has made by itself. */
  public Outcome bring(Tx tx, Act act, FactorId factorId, Factor.Brought.Ready made, String name) {
    return bring(tx, act, judged(tx, act, new Fresh(factorId, Map.of(), name), made));
  }

  private Outcome bring(Tx tx, Act act, Judged judged) {
    return switch (judged) {
      case Judged.Unfit(var why) -> why;
      case Judged.Fit fit -> {
        var standing =
            enrolments.of(tx, act.tenant(), act.user()).stream()
                .filter(it -> it.factor().equals(fit.profile().id()))
                .toList();
        if (standing.stream()
            .anyMatch(it -> it.isActive() && it.document().equals(fit.ready().document()))) {
          yield new Outcome.Taken();
        }
        if (standing.stream().filter(Enrolment::isActive).count() >= fit.profile().perPerson()) {
          yield new Outcome.Enough(fit.profile().perPerson());
        }
        if (enrolments.isTaken(tx, fit.ready().handles())) {
          yield new Outcome.Taken();
        }
        // Binding anew is what ends the disabled state; the disabled one itself goes.
        standing.stream()
            .filter(it -> it.state() == Enrolment.State.DISABLED)
            .forEach(it -> takeOff(tx, act, it));
        yield new Outcome.Added(keep(tx, act, fit));
      }
    };
  }

  /** Puts these in place of all that the person has, backup codes included; or changes nothing. */
  public Replacement replace(Tx tx, Act act, List<Fresh> all) {
    var fitting = new ArrayList<Judged.Fit>();
    for (var fresh : all) {
      switch (judged(tx, act, fresh)) {
        case Judged.Unfit(var why) -> {
          return new Replacement.Refused(fitting.size(), why);
        }
        case Judged.Fit fit -> {
          var alike =
              fitting.stream().filter(it -> it.profile().id().equals(fit.profile().id())).toList();
          if (alike.stream().anyMatch(it -> it.ready().document().equals(fit.ready().document()))) {
            return new Replacement.Refused(fitting.size(), new Outcome.Taken());
          }
          if (alike.size() >= fit.profile().perPerson()) {
            return new Replacement.Refused(
                fitting.size(), new Outcome.Enough(fit.profile().perPerson()));
          }
          fitting.add(fit);
        }
      }
    }
    if (!standing(tx, act).isEmpty()) {
      reset(tx, act);
    }
    return new Replacement.Replaced(fitting.stream().map(fit -> keep(tx, act, fit)).toList());
  }

  private Judged judged(Tx tx, Act act, Fresh fresh) {
    var factor = factors.of(act.tenant()).get(fresh.factor());
    return switch (factor.bring(settings.of(tx, act.tenant(), fresh.factor()), fresh.fields())) {
      case Factor.Brought.Impossible _ -> new Judged.Unfit(new Outcome.Impossible());
      case Factor.Brought.Unfit(var field, var why) ->
          new Judged.Unfit(new Outcome.Unfit(field, why));
      case Factor.Brought.Ready ready -> judged(tx, act, fresh, ready);
    };
  }

  private Judged judged(Tx tx, Act act, Fresh fresh, Factor.Brought.Ready ready) {
    return policies.current(tx, act.tenant()).allowed().contains(fresh.factor())
        ? new Judged.Fit(fresh, factors.of(act.tenant()).profile(fresh.factor()), ready)
        : new Judged.Unfit(new Outcome.NotAllowed());
  }

  private Enrolment keep(Tx tx, Act act, Judged.Fit fit) {
    var id = store(tx, act, fit);
    notices.tell(
        tx,
        act.tenant(),
        act.user(),
        new Notice.FactorEnrolled(fit.profile().id(), fit.fresh().name(), id),
        act.occasion());
    forgetBrowsers(tx, act);
    return enrolments.find(tx, act.tenant(), act.user(), id).orElseThrow();
  }

  private EnrolmentId store(Tx tx, Act act, Judged.Fit fit) {
    var factorId = fit.profile().id();
    var name = fit.fresh().name();
    var id =
        enrolments.add(
            tx,
            act.tenant(),
            act.user(),
            factorId,
            name,
            fit.ready().document(),
            act.occasion().at());
    enrolments.take(tx, act.tenant(), id, fit.ready().handles());
    guesses.reset(tx, act.tenant(), act.user().value(), fit.profile().door().name());
    waysBack.reopen(tx, act.tenant(), act.user());
    audit.record(
        tx,
        act.tenant(),
        event(AuditType.FACTOR_ENROLLED, act)
            .with("factor", factorId.value())
            .with("enrolment", id.value()));
    return id;
  }

  /** Why one could not be brought along for somebody who has none yet; nothing when it could. */
  public Optional<Outcome> objection(Tx tx, Act act, Fresh fresh) {
    return judged(tx, act, fresh) instanceof Judged.Unfit(var why)
        ? Optional.of(why)
        : Optional.empty();
  }

  /**
   * Adds what somebody who comes from elsewhere has had there; recorded as any other, but the person, who has done nothing
   * and notices nothing, is told nothing. To be asked for {@link #objection} before.
   */
  public void takeAlong(Tx tx, Act act, Fresh fresh) {
    if (!(judged(tx, act, fresh) instanceof Judged.Fit fit)) {
      throw new IllegalArgumentException("cannot be brought along");
    }
    store(tx, act, fit);
  }

  /** Gives one another name; false when there is no such one. */
  public boolean rename(Tx tx, Act act, EnrolmentId id, String name) {
    if (!enrolments.rename(tx, act.tenant(), act.user(), id, name)) {
      return false;
    }
    audit.record(
        tx,
        act.tenant(),
        event(AuditType.API_CHANGED, act)
            .with("changed", "authentication_method.name")
            .with("enrolment", id.value()));
    return true;
  }

  /** Takes one off; with the last one that people set up, their backup codes go too. False when there is no such one. */
  public boolean remove(Tx tx, Act act, EnrolmentId id) {
    var found = standing(tx, act).stream().filter(it -> it.id().equals(id)).findFirst();
    if (found.isEmpty()) {
      return false;
    }
    takeOff(tx, act, found.get());
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
    // Told first: what is taken off may be where mail reaches its person.
    notices.tell(tx, act.tenant(), act.user(), new Notice.FactorsReset(), act.occasion());
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
    waysBack.reopen(tx, act.tenant(), act.user());
    endAccess.everywhere(tx, act.tenant(), act.user(), act.occasion().at());
    waysBack.close(tx, act.tenant(), act.user(), act.actor(), "factors_reset", act.occasion());
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

  /** One by its id, whosever it is. */
  public Optional<Enrolment> find(Tx tx, TenantId tenant, EnrolmentId id) {
    return enrolments.find(tx, tenant, id);
  }

  private void takeOff(Tx tx, Act act, Enrolment it) {
    // Told first: what is taken off may be where mail reaches its person.
    notices.tell(
        tx,
        act.tenant(),
        act.user(),
        new Notice.FactorRemoved(it.factor(), it.name()),
        act.occasion());
    if (factors.of(act.tenant()).profile(it.factor()).recovers()) {
      codeSets.discard(tx, act.tenant(), act.user(), act.occasion().at());
    } else if (!enrolments.remove(tx, act.tenant(), it.id(), act.occasion().at())) {
      throw StorageException.overtaken("a factor");
    }
    audit.record(
        tx,
        act.tenant(),
        event(AuditType.FACTOR_REMOVED, act)
            .with("factor", it.factor().value())
            .with("enrolment", it.id().value()));
    forgetBrowsers(tx, act);
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
