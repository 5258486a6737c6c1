package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's policy: which factors may be used at all, how much is demanded of everyone, and rules for some.
 *
 * @param version grows by one with each change; kept with every decision made by it
 * @param trustDays for how many days a browser that its person trusts may spare them the challenge; 0 is never
 * @param remembering what more there is to say of such browsers
 */
public record Policy(
    long version,
    Set<FactorId> allowed,
    Mode mode,
    List<Rule> rules,
    int trustDays,
    Remembering remembering) {

  /**
   * How trusted browsers are remembered, in the terms of Auth0's Guardian settings.
   *
   * @param overallSeconds the longest, within the days; 0 leaves it at those
   * @param idleSeconds for how long one may lie unused; 0 for as long as one likes
   * @param ticked whether the box is ticked before anybody ticks it
   */
  public record Remembering(long overallSeconds, long idleSeconds, boolean ticked) {
    public static final Remembering USUAL = new Remembering(0, 0, false);
  }

  /** One that says nothing more of trusted browsers than for how many days. */
  public Policy(long version, Set<FactorId> allowed, Mode mode, List<Rule> rules, int trustDays) {
    this(version, allowed, mode, rules, trustDays, Remembering.USUAL);
  }

  /** One under which no browser spares anybody anything. */
  public Policy(long version, Set<FactorId> allowed, Mode mode, List<Rule> rules) {
    this(version, allowed, mode, rules, 0);
  }

  public Policy {
    allowed = Set.copyOf(allowed);
    rules = List.copyOf(rules);
  }

  /**
   * A rule for some people.
   *
   * @param groups matches who is in any of them; empty matches everyone
   * @param roles matches who has any of them; empty matches everyone
   * @param factors which factors satisfy it; empty leaves that to the tenant
   * @param trustDays as for the tenant, and never more than there; null leaves that to the tenant
   */
  public record Rule(
      String id,
      String name,
      Set<String> groups,
      Set<String> roles,
      Mode mode,
      Set<FactorId> factors,
      @Nullable Integer trustDays) {
    /** One that leaves trusted browsers to the tenant. */
    public Rule(
        String id,
        String name,
        Set<String> groups,
        Set<String> roles,
        Mode mode,
        Set<FactorId> factors) {
      this(id, name, groups, roles, mode, factors, null);
    }

    boolean matches(Facts.Who who) {
      return (groups.isEmpty() || who.groups().stream().anyMatch(groups::contains))
          && (roles.isEmpty() || who.roles().stream().anyMatch(roles::contains));
    }
  }

  /**
   * What holds for one person: of all that match, the strictest.
   *
   * @param rules the ids of the rules that matched, sorted
   * @param trustDays the shortest time of all
   * @param trustFor the same, or less where trusted browsers are remembered for less
   */
  public record Effective(
      Mode mode, Set<FactorId> allowed, List<String> rules, int trustDays, Duration trustFor) {}

  public Effective effective(Facts.Who who) {
    var strictest = mode;
    var factors = new TreeSet<>(allowed);
    var matched = new TreeSet<String>();
    int shortest = trustDays;
    for (var rule : rules) {
      if (rule.matches(who)) {
        matched.add(rule.id());
        strictest = strictest.compareTo(rule.mode()) >= 0 ? strictest : rule.mode();
        if (!rule.factors().isEmpty()) {
          factors.retainAll(rule.factors());
        }
        var spared = rule.trustDays();
        shortest = spared == null ? shortest : Math.min(shortest, spared);
      }
    }
    var days = Duration.ofDays(shortest);
    var overall = Duration.ofSeconds(remembering.overallSeconds());
    return new Effective(
        strictest,
        factors,
        List.copyOf(matched),
        shortest,
        overall.isZero() || days.compareTo(overall) < 0 ? days : overall);
  }

  public Policy withMode(Mode changed) {
    return new Policy(version, allowed, changed, rules, trustDays, remembering);
  }

  public Policy allowing(FactorId factor, boolean on) {
    var changed = new TreeSet<>(allowed);
    if (on) {
      changed.add(factor);
    } else {
      changed.remove(factor);
    }
    return new Policy(version, changed, mode, rules, trustDays, remembering);
  }

  public Policy withRules(List<Rule> changed) {
    return new Policy(version, allowed, mode, changed, trustDays, remembering);
  }

  /** What was said of the longest time in seconds ends with it. */
  public Policy trustingFor(int days) {
    return new Policy(
        version,
        allowed,
        mode,
        rules,
        days,
        days == trustDays
            ? remembering
            : new Remembering(0, remembering.idleSeconds(), remembering.ticked()));
  }

  public Policy remembering(Remembering how) {
    return new Policy(version, allowed, mode, rules, trustDays, how);
  }

  Policy at(long newVersion) {
    return new Policy(newVersion, allowed, mode, rules, trustDays, remembering);
  }

  /** The rule of that id. */
  public Optional<Rule> rule(String id) {
    return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}
