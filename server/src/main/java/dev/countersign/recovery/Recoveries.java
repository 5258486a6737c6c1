package dev.countersign.recovery;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.ProofKind;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recoveries by waiting, where a tenant has switched them on: somebody who lost every factor, knows the password and reads the
 * mail (SP 800-63B-4 section 4.2.2.2) waits, is told of it wherever they can be reached, and may set up a new factor when
 * nobody stopped it. What stops it: the link in any of those mails, an admin, and everything that shows that a factor is not lost.
 * Thread-safe.
 */
public final class Recoveries {
  /** What tenants wait that say nothing else. */
  public static final Duration USUAL_WAIT = Duration.ofDays(3);

  public static final Duration SHORTEST_WAIT = Duration.ofDays(1);
  public static final Duration LONGEST_WAIT = Duration.ofDays(30);

  /** How long one can be used after the waiting. */
  public static final Duration OPEN = Duration.ofDays(7);

  private static final Moment NEVER = new Moment(Long.MAX_VALUE);
  private static final int BATCH = 200;
  private static final System.Logger LOG = System.getLogger(Recoveries.class.getName());

  private final Database database;
  private final Tenants tenants;
  private final Entropy entropy;
  private final SignIns signIns;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Passwords passwords;
  private final Courier courier;
  private final Audit audit;
  private final Notices notices;
  private final RecoveryStore store = new RecoveryStore();

  public Recoveries(
      Database database,
      Tenants tenants,
      Entropy entropy,
      SignIns signIns,
      People people,
      Factors factors,
      Enrolments enrolments,
      Passwords passwords,
      Courier courier,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.tenants = tenants;
    this.entropy = entropy;
    this.signIns = signIns;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.passwords = passwords;
    this.courier = courier;
    this.audit = audit;
    this.notices = notices;
  }

  /** How long people of a tenant wait; nothing where it has not switched this on. */
  public Optional<Duration> time(TenantId tenant) {
    return Optional.of(Duration.ofSeconds(tenants.get(tenant).settings().recoverySeconds()))
        .filter(Duration::isPositive);
  }

  /** The newest of a person. */
  public Optional<Recovery> of(Tx tx, TenantId tenant, UserId user) {
    return store.find(tx, tenant, user);
  }

  /** One that goes on, unless something that happened since speaks against it. */
  public Optional<Recovery> standing(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store
        .find(tx, tenant, user)
        .filter(it -> it.goesOn(now))
        .filter(it -> overtaken(tx, tenant, it).isEmpty());
  }

  /** Why one that goes on may not: who uses a factor has it, and who changed the password is not told from whoever asked. */
  private Optional<String> overtaken(Tx tx, TenantId tenant, Recovery it) {
    if (time(tenant).isEmpty()) {
      return Optional.of("switched_off");
    }
    var mine =
        enrolments.of(tx, tenant, it.user()).stream()
            .filter(Enrolment::isActive)
            .filter(
                one -> !factors.of(tenant).profile(one.factor()).kind().equals(ProofKind.REACHES))
            .toList();
    if (mine.stream().anyMatch(one -> isSince(it, one.lastUsedAt()))) {
      return Optional.of("factor_used");
    }
    if (mine.stream().anyMatch(one -> isSince(it, one.confirmedAt()))) {
      return Optional.of("factor_added");
    }
    return passwords
            .find(tx, tenant, it.user())
            .filter(kept -> !it.startedAt().isBefore(kept.changedAt()))
            .isPresent()
        ? Optional.empty()
        : Optional.of("password_changed");
  }

  private static boolean isSince(Recovery it, Optional<Moment> when) {
    return when.filter(it.startedAt()::isBefore).isPresent();
  }

  /** Begins one, and says by text where else the person is to be told; nothing when one goes on already. */
  Optional<List<Courier.Errand>> start(
      Tx tx, TenantId tenant, UserId user, AuditEvent event, Occasion occasion) {
    var now = occasion.at();
    var wait = time(tenant).orElseThrow();
    var due = now.plus(wait);
    var it =
        new Recovery(
            user,
            Ids.ordered("rec_", now, entropy),
            Recovery.State.WAITING,
            now,
            due,
            due.plus(OPEN),
            1,
            now.plus(wait.dividedBy(2)),
            "",
            now);
    if (!store.replace(tx, tenant, it)) {
      if (store.find(tx, tenant, user).isPresent()) {
        return Optional.empty();
      }
      store.insert(tx, tenant, it);
    }
    audit.record(tx, tenant, event.with("recovery", it.id()).with("due_at", it.dueAt().toString()));
    return Optional.of(tell(tx, tenant, it, occasion));
  }

  /** Promises the mails, and says which texts and notifications are to go. */
  private List<Courier.Errand> tell(Tx tx, TenantId tenant, Recovery it, Occasion occasion) {
    notices.tell(
        tx, tenant, it.user(), new Notice.RecoveryWaiting(it.dueAt(), it.told() > 1), occasion);
    var admitted = new ArrayList<Courier.Errand>();
    // Whoever begins it may speak another language than whoever is to be told.
    var language = people.find(tx, tenant, it.user()).flatMap(Person::locale).orElse(null);
    for (var one : enrolments.of(tx, tenant, it.user())) {
      var factor = factors.of(tenant).get(one.factor());
      var warning = one.isActive() ? factor.warning(one) : Optional.<Dispatch>empty();
      warning.ifPresent(dispatch -> {
        var errand =
            new Courier.Errand(
                tenant, it.user(), one.factor().value(), null, false, "", language, dispatch);
        if (courier.admit(tx, errand, occasion) instanceof Courier.Admission.Admitted) {
          admitted.add(errand);
        }
      });
    }
    return admitted;
  }

  /** Sends texts and notifications, without holding the database; the courier records what did not go. */
  void carry(List<Courier.Errand> errands, Occasion occasion) {
    errands.forEach(errand -> courier.send(errand, occasion));
  }

  /** Stops one that goes on; false when none does. */
  public boolean cancel(
      Tx tx, TenantId tenant, UserId user, String actor, String why, Occasion occasion) {
    var found = store.find(tx, tenant, user).filter(it -> it.goesOn(occasion.at()));
    if (found.isEmpty() || !store.cancel(tx, tenant, found.get(), why, occasion.at())) {
      return false;
    }
    signIns.endUnfinished(tx, tenant, user);
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.RECOVERY_CANCELLED, occasion)
            .by(actor, user)
            .with("recovery", found.get().id())
            .with("reason", why));
    notices.tell(tx, tenant, user, new Notice.RecoveryCancelled(), occasion);
    return true;
  }

  /** Ends one that is due, because its new factor stands: one conditional UPDATE. */
  public Optional<Recovery> complete(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store.find(tx, tenant, user).filter(it -> store.complete(tx, tenant, it, now));
  }

  /** One round in one tenant: tells who is to be told again, and stops what was overtaken. */
  public void sweep(TenantId tenant, Moment now) {
    var occasion = Occasion.ofServer(now);
    for (var it : database.read(tx -> store.waiting(tx, tenant, now, BATCH))) {
      try {
        carry(database.write(tx -> next(tx, tenant, it, occasion)), occasion);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "recovery " + it.id() + " of " + tenant, e);
      }
    }
  }

  private List<Courier.Errand> next(Tx tx, TenantId tenant, Recovery it, Occasion occasion) {
    var now = occasion.at();
    var why = overtaken(tx, tenant, it);
    if (why.isPresent()) {
      cancel(tx, tenant, it.user(), "server", why.get(), occasion);
      return List.of();
    }
    if (now.isBefore(it.tellAt()) || !store.told(tx, tenant, it, next(it))) {
      return List.of();
    }
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.RECOVERY_TOLD, occasion)
            .by("server", it.user())
            .with("recovery", it.id())
            .with("times", String.valueOf(it.told() + 1)));
    return tell(
        tx,
        tenant,
        new Recovery(
            it.user(),
            it.id(),
            it.state(),
            it.startedAt(),
            it.dueAt(),
            it.endsAt(),
            it.told() + 1,
            it.tellAt(),
            it.reason(),
            it.changedAt()),
        occasion);
  }

  /** After the start it is told in the middle, and when a twelfth of the waiting is left. */
  private static Moment next(Recovery it) {
    var wait = Duration.ofMillis(it.dueAt().millis() - it.startedAt().millis());
    return it.told() == 1 ? it.dueAt().minus(wait.dividedBy(12)) : NEVER;
  }

  /** Removes those that ended before this time, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteChangedBefore(tx, tenant, before, most);
  }
}
