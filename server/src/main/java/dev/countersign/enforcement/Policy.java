package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tenant's policy: which factors may be used at all, how much is demanded of everyone, and rules for some.
 *
 * @param version grows by one with each change; kept with every decision made by it
 */
public record Policy(long version, Set<FactorId> allowed, Mode mode, List<Rule> rules) {

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
   */
  public record Rule(
      String id,
      String name,
      Set<String> groups,
      Set<String> roles,
      Mode mode,
      Set<FactorId> factors) {
    boolean matches(Facts.Who who) {
      return (groups.isEmpty() || who.groups().stream().anyMatch(groups::contains))
          && (roles.isEmpty() || who.roles().stream().anyMatch(roles::contains));
    }
  }

  /**
   * What holds for one person: of all that match, the strictest.
   *
   * @param rules the ids of the rules that matched, sorted
   */
  public record Effective(Mode mode, Set<FactorId> allowed, List<String> rules) {}

  public Effective effective(Facts.Who who) {
    var strictest = mode;
    var factors = new TreeSet<>(allowed);
    var matched = new TreeSet<String>();
    for (var rule : rules) {
      if (rule.matches(who)) {
        matched.add(rule.id());
        strictest = strictest.compareTo(rule.mode()) >= 0 ? strictest : rule.mode();
        if (!rule.factors().isEmpty()) {
          factors.retainAll(rule.factors());
        }
      }
    }
    return new Effective(strictest, factors, List.copyOf(matched));
  }

  public Policy withMode(Mode changed) {
    return new Policy(version, allowed, changed, rules);
  }

  public Policy allowing(FactorId factor, boolean on) {
    var changed = new TreeSet<>(allowed);
    if (on) {
      changed.add(factor);
    } else {
      changed.remove(factor);
    }
    return new Policy(version, changed, mode, rules);
  }

  public Policy withRules(List<Rule> changed) {
    return new Policy(version, allowed, mode, changed);
  }

  Policy at(long newVersion) {
    return new Policy(newVersion, allowed, mode, rules);
  }

  /** The rule of that id. */
  public Optional<Rule> rule(String id) {
    return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}
