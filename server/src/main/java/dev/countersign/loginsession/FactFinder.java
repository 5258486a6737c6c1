package dev.countersign.loginsession;

import dev.countersign.enforcement.Facts;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofKind;
import dev.countersign.proof.Purpose;
import dev.countersign.proof.Spendables;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what enforcement decides on. Three reads: the person, their factors, and their backup codes if they have any; a
 * fourth where a browser is trusted, and while nothing known was proven another, whether there is a password. Thread-safe.
 */
public final class FactFinder {
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Spendables spendables;
  private final Scenes scenes;
  private final TrustedBrowsers trustedBrowsers;
  private final Passwords passwords;

  public FactFinder(
      People people,
      Factors factors,
      Enrolments enrolments,
      Spendables spendables,
      Scenes scenes,
      TrustedBrowsers trustedBrowsers,
      Passwords passwords) {
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.spendables = spendables;
    this.scenes = scenes;
    this.trustedBrowsers = trustedBrowsers;
    this.passwords = passwords;
  }

  /**
   * The facts about a person who is asked to clear {@code asked} now. A person who is gone counts as blocked.
   *
   * @param traits which traits of the person the policy looks at
   */
  public Facts gather(
      Tx tx,
      TenantId tenant,
      UserId user,
      List<Proof> proofs,
      Facts.Asked asked,
      boolean interactive,
      boolean declined,
      Set<String> traits,
      Moment now) {
    var person = people.find(tx, tenant, user);
    var who =
        person
            .map(it -> Facts.Who.of(it, traits))
            .orElseGet(() -> new Facts.Who(user.value(), Set.of(), Set.of(), true));
    boolean hasAddress = person.flatMap(Person::confirmedEmail).isPresent();
    var living = enrolments.of(tx, tenant, user);
    var holder = person.map(it -> scenes.holder(tx, tenant, it));
    boolean known =
        proofs.stream()
            .filter(it -> it.purpose() != Purpose.TRUST)
            .anyMatch(it -> it.evidence().kind() == ProofKind.KNOWS);
    var offers =
        factors.of(tenant, living.stream().map(Enrolment::factor).toList()).inOrder().stream()
            .map(factor -> offer(tx, tenant, factor, living, holder, !known, hasAddress))
            .toList();
    var proven =
        proofs.stream()
            .filter(it -> it.purpose() != Purpose.TRUST)
            .map(it ->
                new Facts.Proven(
                    it.method(),
                    it.evidence().kind(),
                    it.evidence().phishingResistant(),
                    it.evidence().hardwareBound(),
                    it.purpose() == Purpose.FIRST,
                    it.at(),
                    it.purpose() == Purpose.ENROL))
            .toList();
    return new Facts(
        now,
        who,
        asked,
        proven,
        offers,
        backupCodes(tx, tenant, living, now),
        interactive,
        declined,
        trust(tx, tenant, user, proofs),
        !known && passwords.find(tx, tenant, user).isPresent());
  }

  /** What a ticket asks this person to set up, if it is theirs and still good and they could have it. */
  List<FactorId> invitedTo(Tx tx, TenantId tenant, Invitation ticket, Facts facts) {
    var all = factors.of(tenant);
    boolean theirs = ticket.who().value().equals(facts.who().user());
    boolean others =
        facts.offers().stream()
            .anyMatch(offer -> offer.enrolled() > 0 && all.profile(offer.factor()).protects());
    return theirs
            && (ticket.besideOthers() || !others)
            && spendables.isGood(
                tx, tenant, Spendables.Kind.ENROLMENT_TICKET, ticket.ticket(), facts.at())
        ? facts.offers().stream()
            .filter(offer -> ticket.anyOf().contains(offer.factor()) && offer.suits())
            .filter(offer -> offer.enrolled() < all.profile(offer.factor()).perPerson())
            .map(Facts.Offer::factor)
            .toList()
        : List.of();
  }

  /** Asks the database only where the ledger names a browser, and for the newest that it names. */
  private Facts.@Nullable Trust trust(Tx tx, TenantId tenant, UserId user, List<Proof> proofs) {
    return proofs.stream()
        .filter(it -> it.purpose() == Purpose.TRUST)
        .reduce((_, newer) -> newer)
        .flatMap(Proof::enrolment)
        .flatMap(browser -> trustedBrowsers.find(tx, tenant, user, browser.value()))
        .map(it -> new Facts.Trust(it.factor(), it.createdAt(), it.expiresAt()))
        .orElse(null);
  }

  /**
   * Gives this person what everybody of the tenant has without setting it up, where the policy allows it and they lack it;
   * tells what was given. To be called while the person is held.
   */
  List<Enrolment> provide(Tx tx, TenantId tenant, UserId user, Set<FactorId> allowed, Moment now) {
    var everybodys =
        factors.of(tenant, allowed).inOrder().stream()
            .filter(it -> it.forEverybody().isPresent() && allowed.contains(it.profile().id()))
            .toList();
    if (everybodys.isEmpty()) {
      return List.of();
    }
    var mine = enrolments.of(tx, tenant, user);
    return everybodys.stream()
        .filter(factor -> mine.stream().noneMatch(it -> it.factor().equals(factor.profile().id())))
        .map(factor ->
            enrolments.add(
                tx,
                tenant,
                user,
                factor.profile().id(),
                "",
                factor.forEverybody().orElseThrow(),
                now))
        .flatMap(id -> enrolments.find(tx, tenant, user, id).stream())
        .toList();
  }

  /**
   * Lets codes reach the confirmed address of the account by these, where they do not yet; tells what was given. What is
   * given goes where the account's address is at the time, not where it was today.
   */
  List<Enrolment> provideAddress(
      Tx tx, TenantId tenant, UserId user, Set<FactorId> reaching, Moment now) {
    if (people.find(tx, tenant, user).flatMap(Person::confirmedEmail).isEmpty()) {
      return List.of();
    }
    var mine = enrolments.of(tx, tenant, user);
    return factors.of(tenant, reaching).inOrder().stream()
        .filter(factor -> reaching.contains(factor.profile().id()))
        .filter(factor -> mine.stream().noneMatch(it -> it.factor().equals(factor.profile().id())))
        .flatMap(factor ->
            factor.forOwnAddress().stream()
                .map(
                    kept -> enrolments.add(tx, tenant, user, factor.profile().id(), "", kept, now)))
        .flatMap(id -> enrolments.find(tx, tenant, user, id).stream())
        .toList();
  }

  /** Keeps others from changing this person until the transaction ends. */
  void hold(Tx tx, TenantId tenant, UserId user) {
    people.hold(tx, tenant, user);
  }

  /** Whether this is the way of proving that comes in sets, whose sets follow one another. */
  public boolean isRecovery(String method) {
    return factors.recovery().profile().id().value().equals(method);
  }

  private Facts.Offer offer(
      Tx tx,
      TenantId tenant,
      Factor factor,
      List<Enrolment> living,
      Optional<Holder> holder,
      boolean nothingKnown,
      boolean hasAddress) {
    var profile = factor.profile();
    int active = 0;
    int bound = 0;
    int disabled = 0;
    for (var enrolment : living) {
      if (enrolment.factor().equals(profile.id())) {
        boolean usable =
            enrolment.isActive() && holder.filter(it -> factor.isUsable(it, enrolment)).isPresent();
        active += usable ? 1 : 0;
        bound += usable && factor.hardwareBound(enrolment) ? 1 : 0;
        disabled += enrolment.state() == Enrolment.State.DISABLED ? 1 : 0;
      }
    }
    return Facts.Offer.of(
        factor,
        active,
        disabled,
        holder.filter(factor::suits).isPresent()
            && (profile.kind() != ProofKind.REACHES || hasAddress || active > 0),
        bound,
        nothingKnown
            && active > 0
            && factor.mayProveBoth(scenes.settings(tx, tenant, profile.id())));
  }

  private Facts.BackupCodes backupCodes(
      Tx tx, TenantId tenant, List<Enrolment> living, Moment now) {
    var recovery = factors.recovery().profile().id();
    var sets = living.stream().filter(enrolment -> enrolment.factor().equals(recovery)).toList();
    if (sets.isEmpty()) {
      return Facts.BackupCodes.NONE;
    }
    var active = sets.stream().filter(Enrolment::isActive).findFirst();
    int left =
        active
            .map(set ->
                spendables.left(tx, tenant, Spendables.Kind.BACKUP_CODE, set.id().value(), now))
            .orElse(0);
    return new Facts.BackupCodes(true, active.isPresent(), left);
  }
}
