package dev.countersign.enforcement;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Each tenant's policy. A change counts from the next step of every sign-in on every server: reading asks the database each
 * time which version is the newest, or knows that nobody has changed it where one process has the database to itself. The
 * document of a version never changes and is kept. Thread-safe.
 */
public final class Policies {
  /** As many people are named to whoever would lock them out. */
  private static final int SOME = 5;

  private static final int PAGE = 500;

  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final People people;
  private final PolicyStore store = new PolicyStore();
  private final Cache<Key, Policy> versions = Caches.begin().maximumSize(10_000).build();

  private record Key(TenantId tenant, long version) {}

  public Policies(Factors factors, Enrolments enrolments, Scenes scenes, People people) {
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
  }

  /** What came of a change. */
  public sealed interface Change {
    record Saved(Policy policy) implements Change {}

    /**
     * Refused: that many people would have no factor left that they may use.
     *
     * @param some what a few of them are called
     */
    record LocksOut(int people, List<String> some) implements Change {}

    /** Refused: multi-factor authentication would be required of some people and no factor would satisfy it. */
    record NoFactorLeft() implements Change {}
  }

  public Policy current(Tx tx, TenantId tenant) {
    return tx.once(new Newest(tenant), () -> newest(tx, tenant));
  }

  /** For how long a trusted browser may lie unused in a tenant; zero for as long as one likes. */
  public Duration idle(Tx tx, TenantId tenant) {
    return Duration.ofSeconds(current(tx, tenant).remembering().idleSeconds());
  }

  private record Newest(TenantId tenant) {}

  private Policy newest(Tx tx, TenantId tenant) {
    long version = store.newest(tx, tenant).orElse(0);
    if (version == 0) {
      return initial();
    }
    var known = versions.getIfPresent(new Key(tenant, version));
    if (known != null) {
      return known;
    }
    var policy = store.find(tx, tenant, version).orElseThrow();
    versions.put(new Key(tenant, version), policy);
    return policy;
  }

  public Policy version(Tx tx, TenantId tenant, long version) {
    return version == 0 ? initial() : store.find(tx, tenant, version).orElseThrow();
  }

  /** What a new tenant starts with: what people can set up and is not to be turned on first, and nobody made to. */
  private Policy initial() {
    var all =
        factors.fixed().inOrder().stream()
            .filter(Factor::isOnAtFirst)
            .map(Factor::profile)
            .filter(profile -> profile.audience() != FactorProfile.Audience.ADMIN_DRIVEN)
            .map(FactorProfile::id)
            .collect(Collectors.toSet());
    return new Policy(0, all, Mode.OPTIONAL, List.of());
  }

  /** Changes the newest version, unless that would strand somebody. When another took the version meanwhile, a {@link dev.countersign.storage.StorageException.Duplicate} ends the transaction. */
  public Change change(
      Tx tx, TenantId tenant, UnaryOperator<Policy> edit, String author, Moment moment) {
    var before = current(tx, tenant);
    var after = edit.apply(before).at(before.version() + 1);
    var usable = usable(tx, tenant, after.allowed());
    boolean requires =
        after.mode() == Mode.REQUIRED
            || after.rules().stream().anyMatch(rule -> rule.mode() == Mode.REQUIRED);
    if ((requires && usable.isEmpty())
        || (after.adaptive().state() == Adaptive.State.ON
            && after.adaptive().withoutFactor() == Adaptive.WithoutFactor.BLOCK
            && usable.isEmpty())
        || after.rules().stream().anyMatch(rule -> demandsTheImpossible(after, rule, usable))) {
      return new Change.NoFactorLeft();
    }
    var lost = usable(tx, tenant, before.allowed());
    lost.removeAll(usable);
    int stranded = enrolments.peopleWithOnly(tx, tenant, lost, usable);
    if (stranded > 0) {
      return new Change.LocksOut(
          stranded,
          enrolments.somePeopleWithOnly(tx, tenant, lost, usable, SOME).stream()
              .flatMap(id -> people.find(tx, tenant, id).stream())
              .map(Person::label)
              .toList());
    }
    var between = betweenRules(tx, tenant, after, usable, moment);
    if (between.people() > 0) {
      return between;
    }
    store.insert(tx, tenant, after, author, moment);
    return new Change.Saved(after);
  }

  /** How many people would have no factor left that they may use if these could not be used any more. */
  public int strandedWithout(Tx tx, TenantId tenant, Set<FactorId> lost) {
    var usable = usable(tx, tenant, current(tx, tenant).allowed());
    return usable.removeAll(lost) ? enrolments.peopleWithOnly(tx, tenant, lost, usable) : 0;
  }

  /**
   * Who would be left with nothing because several rules are for them that have no factor in common. Everybody is looked at
   * only if there are such rules, in every application and network that rules tell apart.
   */
  private Change.LocksOut betweenRules(
      Tx tx, TenantId tenant, Policy after, Set<FactorId> usable, Moment now) {
    var narrowing = after.rules().stream().filter(rule -> !rule.factors().isEmpty()).toList();
    var common = new HashSet<>(usable);
    narrowing.forEach(rule -> common.retainAll(rule.factors()));
    if (narrowing.size() < 2 || !common.isEmpty()) {
      return new Change.LocksOut(0, List.of());
    }
    var begun =
        after
            .from(Timing.AT_ONCE)
            .withRules(after.rules().stream().map(rule -> rule.from(Timing.AT_ONCE)).toList());
    var places = places(begun);
    var traits = begun.traits();
    int stranded = 0;
    List<String> some = new ArrayList<>();
    var at = Moment.ofSeconds(0);
    var id = "";
    List<Person> page;
    do {
      page = people.after(tx, tenant, at, id, PAGE);
      for (var person : page) {
        at = person.createdAt();
        id = person.id().value();
        var who = Facts.Who.of(person, traits);
        if (places.stream().anyMatch(it -> it.strands(begun, who, usable, now))) {
          stranded++;
          if (some.size() < SOME) {
            some.add(person.label());
          }
        }
      }
    } while (page.size() == PAGE);
    return new Change.LocksOut(stranded, List.copyOf(some));
  }

  /** Where somebody could be, as far as rules can tell. */
  private record Place(String application, Facts.Where where) {
    boolean strands(Policy policy, Facts.Who who, Set<FactorId> usable, Moment now) {
      var effective = policy.effective(who, application, where, now);
      return effective.mode() == Mode.REQUIRED
          && effective.allowed().stream().noneMatch(usable::contains);
    }
  }

  private static List<Place> places(Policy policy) {
    Set<String> applications = new TreeSet<>(Set.of(""));
    Set<String> addresses = new TreeSet<>(Set.of(""));
    for (var rule : policy.rules()) {
      applications.addAll(rule.match().applications());
      rule.match().networks().forEach(it -> addresses.add(it.first()));
      rule.match().notNetworks().forEach(it -> addresses.add(it.first()));
    }
    return applications.stream()
        .flatMap(application ->
            addresses.stream()
                .map(address -> new Place(application, new Facts.Where(address, null))))
        .toList();
  }

  private static boolean demandsTheImpossible(
      Policy policy, Policy.Rule rule, Set<FactorId> usable) {
    boolean requires = policy.mode() == Mode.REQUIRED || rule.mode() == Mode.REQUIRED;
    return requires
        && !rule.factors().isEmpty()
        && rule.factors().stream().noneMatch(usable::contains);
  }

  /**
   * Of what is allowed, that by which what is required can be met (reaching an address raises no level), and which people of
   * this tenant can use at all.
   */
  private Set<FactorId> usable(Tx tx, TenantId tenant, Set<FactorId> allowed) {
    var anybody = scenes.anybody(tx, tenant);
    return factors.of(tenant).inOrder().stream()
        .filter(factor -> factor.suits(anybody))
        .map(Factor::profile)
        .filter(FactorProfile::protects)
        .map(FactorProfile::id)
        .filter(allowed::contains)
        .collect(Collectors.toSet());
  }
}
