package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.Doors;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Refusal;
import dev.countersign.identity.People;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Guesses;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets a factor up for a person whose right to do so has been seen to, and takes one off. Records and tells. Within the
 * caller's transaction; thread-safe.
 */
public final class SetUp {
  private final People people;
  private final FactFinder finder;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;

  public SetUp(
      People people,
      FactFinder finder,
      Factors factors,
      Enrolments enrolments,
      Guesses guesses,
      Audit audit,
      Notices notices) {
    this.people = people;
    this.finder = finder;
    this.factors = factors;
    this.enrolments = enrolments;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** Whose, and in which sign-in and for which application, for the record. */
  public record Whose(
      TenantId tenant, UserId user, @Nullable SignInId signIn, @Nullable ClientId application) {}

  /**
   * A set-up under way.
   *
   * @param exhibit what the person is shown, by name
   * @param renewed whether an older one of the same page had run out, so that what was scanned from it is worthless
   */
  public record UnderWay(
      EnrolmentId id,
      FactorId factor,
      Map<String, String> exhibit,
      Moment expires,
      boolean renewed) {}

  /** What came of confirming. */
  public sealed interface Confirmation {
    record Confirmed(Enrolment enrolment, Claim claim) implements Confirmation {}

    record Refused(Refusal why) implements Confirmation {}

    /** It took too long, or was confirmed elsewhere already. */
    record Gone() implements Confirmation {}
  }

  /** Begins, or shows again the one that {@code pending} names while it lives. Nothing when the person cannot have (more of) it. */
  public Optional<UnderWay> begin(
      Tx tx, Whose whose, FactorId factorId, Optional<EnrolmentId> pending, Occasion occasion) {
    var now = occasion.at();
    var factor = factors.get(factorId);
    var profile = factor.profile();
    people.hold(tx, whose.tenant(), whose.user());
    var person = people.find(tx, whose.tenant(), whose.user());
    if (person.isEmpty()) {
      return Optional.empty();
    }
    var holder = finder.holder(whose.tenant(), person.get());
    var known =
        pending
            .flatMap(id -> enrolments.find(tx, whose.tenant(), whose.user(), id))
            .filter(it -> it.state() == Enrolment.State.PENDING && it.factor().equals(factorId));
    if (known.isPresent() && !isOver(known.get(), factor, now)) {
      var it = known.get();
      return Optional.of(
          new UnderWay(
              it.id(),
              factorId,
              factor.exhibit(holder, it.document()),
              it.createdAt().plus(profile.pendingFor()),
              false));
    }
    if (hasAll(tx, whose, factor) || !factor.suits(holder)) {
      return Optional.empty();
    }
    enrolments.dropPending(
        tx, whose.tenant(), whose.user(), factorId, now.minus(profile.pendingFor()));
    var begun = factor.beginEnrolment(holder, now);
    var id =
        enrolments.begin(tx, whose.tenant(), whose.user(), factorId, "", begun.document(), now);
    audit.record(
        tx,
        whose.tenant(),
        event(AuditEvent.success(AuditType.FACTOR_ENROLMENT_BEGUN, occasion), whose, factorId, id));
    return Optional.of(
        new UnderWay(
            id, factorId, begun.exhibit(), now.plus(profile.pendingFor()), pending.isPresent()));
  }

  /** Whether this set-up is under way, and for this factor. */
  public boolean isUnderWay(Tx tx, Whose whose, EnrolmentId id, FactorId factor) {
    return enrolments
        .find(tx, whose.tenant(), whose.user(), id)
        .filter(it -> it.state() == Enrolment.State.PENDING && it.factor().equals(factor))
        .isPresent();
  }

  private boolean hasAll(Tx tx, Whose whose, Factor factor) {
    var profile = factor.profile();
    return enrolments.of(tx, whose.tenant(), whose.user()).stream()
            .filter(it -> it.isActive() && it.factor().equals(profile.id()))
            .count()
        >= profile.perPerson();
  }

  /** Judges the confirming answer; a confirmed factor is active when the transaction commits. */
  public Confirmation confirm(
      Tx tx, Whose whose, EnrolmentId id, Answer answer, String name, Occasion occasion) {
    var now = occasion.at();
    people.hold(tx, whose.tenant(), whose.user());
    var found =
        enrolments
            .find(tx, whose.tenant(), whose.user(), id)
            .filter(it -> it.state() == Enrolment.State.PENDING);
    if (found.isEmpty()) {
      return new Confirmation.Gone();
    }
    var pending = found.get();
    var factor = factors.get(pending.factor());
    if (isOver(pending, factor, now) || hasAll(tx, whose, factor)) {
      return new Confirmation.Gone();
    }
    return switch (factor.finishEnrolment(pending, answer, now)) {
      case Factor.Finish.Refused(var why) -> {
        audit.record(
            tx,
            whose.tenant(),
            event(
                AuditEvent.failure(
                    AuditType.FACTOR_ENROLMENT_FAILED, occasion, why.reason().word()),
                whose,
                pending.factor(),
                id));
        yield new Confirmation.Refused(why);
      }
      case Factor.Finish.Confirmed(var document, var claim) -> {
        if (!enrolments.confirm(tx, whose.tenant(), id, document, named(name), now)) {
          yield new Confirmation.Gone();
        }
        Doors.of(factor.profile())
            .forEach(door -> guesses.reset(tx, whose.tenant(), whose.user().value(), door.name()));
        audit.record(
            tx,
            whose.tenant(),
            event(
                AuditEvent.success(AuditType.FACTOR_ENROLLED, occasion),
                whose,
                pending.factor(),
                id));
        notices.tell(
            tx,
            whose.tenant(),
            whose.user(),
            new Notice.FactorEnrolled(pending.factor(), named(name)),
            occasion);
        dropDisabled(tx, whose, pending.factor(), occasion);
        yield new Confirmation.Confirmed(pending, claim);
      }
    };
  }

  /** Binding anew is what ends the disabled state; the disabled one itself goes. */
  private void dropDisabled(Tx tx, Whose whose, FactorId factor, Occasion occasion) {
    for (var old : enrolments.of(tx, whose.tenant(), whose.user())) {
      if (old.state() == Enrolment.State.DISABLED && old.factor().equals(factor)) {
        remove(tx, whose, old, occasion);
      }
    }
  }

  /** Takes a factor off; with the last one that people set up, their backup codes go too. False when another was quicker. */
  public boolean remove(Tx tx, Whose whose, Enrolment enrolment, Occasion occasion) {
    if (!enrolments.remove(tx, whose.tenant(), enrolment.id(), occasion.at())) {
      return false;
    }
    audit.record(
        tx,
        whose.tenant(),
        event(
            AuditEvent.success(AuditType.FACTOR_REMOVED, occasion),
            whose,
            enrolment.factor(),
            enrolment.id()));
    notices.tell(
        tx,
        whose.tenant(),
        whose.user(),
        new Notice.FactorRemoved(enrolment.factor(), enrolment.name()),
        occasion);
    return true;
  }

  /** All living enrolments of a person that stand for something: not those only begun. */
  public List<Enrolment> standing(Tx tx, TenantId tenant, UserId user) {
    return enrolments.of(tx, tenant, user).stream()
        .filter(it -> it.state() != Enrolment.State.PENDING)
        .toList();
  }

  private static boolean isOver(Enrolment pending, Factor factor, Moment now) {
    return now.reached(pending.createdAt().plus(factor.profile().pendingFor()));
  }

  /** A name as it is kept: without blanks around it, at most 40 characters. */
  static String named(String name) {
    var plain = name.strip();
    return plain.length() > 40 ? plain.substring(0, 40) : plain;
  }

  private static AuditEvent event(AuditEvent event, Whose whose, FactorId factor, EnrolmentId id) {
    return event
        .by(whose.user())
        .in(whose.signIn(), whose.application())
        .with("factor", factor.value())
        .with("enrolment", id.value());
  }
}
