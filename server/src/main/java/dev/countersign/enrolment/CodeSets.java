package dev.countersign.enrolment;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.factor.RecoveryCodes;
import dev.countersign.identity.People;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sets of backup codes. A new set counts from when the person says that it is kept safe; the one before is worthless from
 * when the new one is made. Codes exist outside the person's hands only while the page is made. Thread-safe.
 */
public final class CodeSets {
  private static final Duration AGES = Duration.ofDays(36_500);

  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Spendables spendables;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;

  public CodeSets(
      People people,
      Factors factors,
      Enrolments enrolments,
      Spendables spendables,
      Guesses guesses,
      Audit audit,
      Notices notices) {
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.spendables = spendables;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** Makes the codes of a set; slow by intent, so to be called outside any transaction. */
  public RecoveryCodes.Issue draw() {
    return factors.recovery().issue();
  }

  /** Makes a set of one long code, for an admin to pass on; slow as well. */
  public RecoveryCodes.Issue drawOne() {
    return factors.recovery().issueOne();
  }

  /** Makes a drawn set the person's at an admin's word: it counts at once, and every earlier one is worthless. */
  public void give(Tx tx, AdminSetUp.Act act, RecoveryCodes.Issue drawn) {
    var profile = factors.recovery().profile();
    var now = act.occasion().at();
    people.hold(tx, act.tenant(), act.user());
    discard(tx, act.tenant(), act.user(), now);
    var id = enrolments.add(tx, act.tenant(), act.user(), profile.id(), "", drawn.document(), now);
    put(tx, act.tenant(), id, drawn, now);
    guesses.reset(tx, act.tenant(), act.user().value(), profile.door().name());
    audit.record(
        tx,
        act.tenant(),
        AuditEvent.success(AuditType.BACKUP_CODES_REGENERATED, act.occasion())
            .by(act.actor(), act.user())
            .with("factor", profile.id().value())
            .with("enrolment", id.value()));
    notices.tell(tx, act.tenant(), act.user(), new Notice.BackupCodesRegenerated(), act.occasion());
  }

  private void put(Tx tx, TenantId tenant, EnrolmentId set, RecoveryCodes.Issue drawn, Moment now) {
    for (var value : drawn.values()) {
      spendables.put(
          tx, tenant, Spendables.Kind.BACKUP_CODE, value, set.value(), "{}", now, now.plus(AGES));
    }
  }

  /** Makes a drawn set the person's, unacknowledged, and every earlier one worthless. */
  public EnrolmentId issue(Tx tx, SetUp.Whose whose, RecoveryCodes.Issue drawn, Occasion occasion) {
    var tenant = whose.tenant();
    var now = occasion.at();
    var profile = factors.recovery().profile();
    people.hold(tx, tenant, whose.user()); // Of two sets made at once, one is the earlier.
    boolean again = false;
    for (var old : sets(tx, tenant, whose.user())) {
      spendables.discard(tx, tenant, Spendables.Kind.BACKUP_CODE, old.id().value());
      enrolments.remove(tx, tenant, old.id(), now);
      again = true;
    }
    var id = enrolments.begin(tx, tenant, whose.user(), profile.id(), "", drawn.document(), now);
    put(tx, tenant, id, drawn, now);
    var type = again ? AuditType.BACKUP_CODES_REGENERATED : AuditType.FACTOR_ENROLLED;
    audit.record(
        tx,
        tenant,
        AuditEvent.success(type, occasion)
            .by(whose.user())
            .in(whose.signIn(), whose.application())
            .with("factor", profile.id().value())
            .with("enrolment", id.value()));
    if (again) {
      notices.tell(tx, tenant, whose.user(), new Notice.BackupCodesRegenerated(), occasion);
    }
    return id;
  }

  /** What came of saying that a set is kept safe. */
  public enum Keeping {
    KEPT,
    /** It was worthless already: another set came after it, or the factor beside it went. */
    OUTDATED,
    /** It is no set that waits to be acknowledged. */
    NOTHING
  }

  /** Notes that the person says this set, and no other, is kept safe. */
  public Keeping acknowledge(Tx tx, TenantId tenant, UserId user, EnrolmentId set, Moment now) {
    var shown = shown(tx, tenant, user, set);
    boolean kept =
        shown.filter(it -> it.state() == Enrolment.State.PENDING).isPresent()
            && enrolments.confirm(tx, tenant, set, shown.get().document(), "", now);
    if (kept) {
      guesses.reset(
          tx,
          tenant,
          user.value(),
          factors.recovery().profile().door().name()); // What was guessed at exists no more.
    }
    if (kept) {
      return Keeping.KEPT;
    }
    return isOutdated(tx, tenant, user, set) ? Keeping.OUTDATED : Keeping.NOTHING;
  }

  /** Whether this was a set of the person's and is worthless now. */
  public boolean isOutdated(Tx tx, TenantId tenant, UserId user, EnrolmentId set) {
    return shown(tx, tenant, user, set)
        .filter(it -> it.state() == Enrolment.State.REMOVED)
        .isPresent();
  }

  private Optional<Enrolment> shown(Tx tx, TenantId tenant, UserId user, EnrolmentId set) {
    return enrolments
        .find(tx, tenant, user, set)
        .filter(it -> it.factor().equals(factors.recovery().profile().id()));
  }

  /** Notes the same of a set that was made at this time or later, where it was handed out beside a factor that is confirmed now. */
  void acknowledgeSince(Tx tx, TenantId tenant, UserId user, Moment since, Moment now) {
    for (var set : sets(tx, tenant, user)) {
      if (set.state() == Enrolment.State.PENDING && !set.createdAt().isBefore(since)) {
        acknowledge(tx, tenant, user, set.id(), now);
      }
    }
  }

  /** The person's set that counts, for {@link #replace}. */
  public Optional<Enrolment> counted(Tx tx, TenantId tenant, UserId user) {
    return sets(tx, tenant, user).stream().filter(Enrolment::isActive).findFirst();
  }

  /** Makes one more code of this set; slow by intent, so to be called outside any transaction. */
  public RecoveryCodes.Piece draw(Enrolment set) {
    return factors.recovery().another(set.document());
  }

  /**
   * Adds a drawn code to the set in the place of one that was used (SP 800-63B-4 section 4.2.1.1); false when the set counts
   * no more.
   */
  public boolean replace(
      Tx tx, SetUp.Whose whose, Enrolment set, RecoveryCodes.Piece drawn, Occasion occasion) {
    var tenant = whose.tenant();
    var now = occasion.at();
    people.hold(tx, tenant, whose.user());
    if (counted(tx, tenant, whose.user()).filter(it -> it.id().equals(set.id())).isEmpty()) {
      return false;
    }
    spendables.put(
        tx,
        tenant,
        Spendables.Kind.BACKUP_CODE,
        drawn.value(),
        set.id().value(),
        "{}",
        now,
        now.plus(AGES));
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.BACKUP_CODE_REPLACED, occasion)
            .by(whose.user())
            .in(whose.signIn(), whose.application())
            .with("factor", factors.recovery().profile().id().value())
            .with("enrolment", set.id().value()));
    return true;
  }

  /** How many codes of the acknowledged set are left; nothing when there is none. */
  public Optional<Integer> left(Tx tx, TenantId tenant, UserId user, Moment now) {
    return sets(tx, tenant, user).stream()
        .filter(Enrolment::isActive)
        .findFirst()
        .map(
            set -> spendables.left(tx, tenant, Spendables.Kind.BACKUP_CODE, set.id().value(), now));
  }

  /** The set that was shown and never acknowledged. */
  public Optional<EnrolmentId> waiting(Tx tx, TenantId tenant, UserId user) {
    return sets(tx, tenant, user).stream()
        .filter(it -> it.state() == Enrolment.State.PENDING)
        .map(Enrolment::id)
        .findFirst();
  }

  /** Makes all sets worthless. */
  public void discard(Tx tx, TenantId tenant, UserId user, Moment now) {
    for (var set : sets(tx, tenant, user)) {
      spendables.discard(tx, tenant, Spendables.Kind.BACKUP_CODE, set.id().value());
      enrolments.remove(tx, tenant, set.id(), now);
    }
  }

  /** Makes those sets worthless that were made at this time or later. */
  void discardSince(Tx tx, TenantId tenant, UserId user, Moment since, Moment now) {
    for (var set : sets(tx, tenant, user)) {
      if (!set.createdAt().isBefore(since)) {
        spendables.discard(tx, tenant, Spendables.Kind.BACKUP_CODE, set.id().value());
        enrolments.remove(tx, tenant, set.id(), now);
      }
    }
  }

  private List<Enrolment> sets(Tx tx, TenantId tenant, UserId user) {
    var recovery = factors.recovery().profile().id();
    return enrolments.of(tx, tenant, user).stream()
        .filter(it -> it.factor().equals(recovery))
        .toList();
  }
}
