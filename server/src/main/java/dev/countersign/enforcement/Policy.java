package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's policy: which factors may be used at all, how much is demanded of everyone, rules for some, what follows from
 * risk, and what sensitive acts need. A value; each change is a new version.
 *
 * @param version grows by one with each change; kept with every decision made by it
 * @param trustDays for how many days a browser that its person trusts may spare them the challenge; 0 is never
 * @param remembering what more there is to say of such browsers
 * @param timing when what is required of everyone begins
 * @param exemptions the only way out, each with its last day
 * @param stepUps always for the acts of admins too, whatever was written down
 */
public record Policy(
    long version,
    Set<FactorId> allowed,
    Mode mode,
    List<Rule> rules,
    int trustDays,
    Remembering remembering,
    Timing timing,
    List<Exemption> exemptions,
    Adaptive adaptive,
    List<StepUp> stepUps) {
  /** The name of what is demanded of everyone, where rules have their ids. */
  public static final String EVERYONE = "everyone";

  private static final String OF_ADMINS = "admin";

  /** What a new tenant has proven afresh: what an application lets approve, and what admins could do the most harm by. */
  public static final List<StepUp> INITIAL_STEP_UPS =
      List.of(
          new StepUp(
              "operations",
              "Transactions that applications let approve",
              Set.of("operation:*"),
              Level.AAL2,
              StepUp.Kind.ANY,
              0),
          ofAdmins(OF_ADMINS, Act.OF_ADMINS));

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

  /** One without grace, exemptions and risk. */
  public Policy(
      long version,
      Set<FactorId> allowed,
      Mode mode,
      List<Rule> rules,
      int trustDays,
      Remembering remembering) {
    this(
        version,
        allowed,
        mode,
        rules,
        trustDays,
        remembering,
        Timing.AT_ONCE,
        List.of(),
        Adaptive.INITIAL,
        INITIAL_STEP_UPS);
  }

  /** One under which no browser spares anybody anything. */
  public Policy(long version, Set<FactorId> allowed, Mode mode, List<Rule> rules) {
    this(version, allowed, mode, rules, 0, Remembering.USUAL);
  }

  public Policy {
    allowed = Set.copyOf(allowed);
    rules = List.copyOf(rules);
    exemptions = List.copyOf(exemptions);
    stepUps = watchingAdmins(stepUps);
  }

  /** With the usual rule for those acts of admins that no other is for: it can be replaced, and not left out. */
  private static List<StepUp> watchingAdmins(List<StepUp> rules) {
    var unnamed =
        Act.OF_ADMINS.stream()
            .filter(act -> rules.stream().noneMatch(it -> it.isFor(List.of(act))))
            .collect(Collectors.toSet());
    if (unnamed.isEmpty()) {
      return List.copyOf(rules);
    }
    var id = OF_ADMINS;
    while (isTaken(id, rules)) {
      id += "-others";
    }
    var all = new ArrayList<>(rules);
    all.add(ofAdmins(id, unnamed));
    return List.copyOf(all);
  }

  private static boolean isTaken(String id, List<StepUp> rules) {
    return rules.stream().anyMatch(it -> it.id().equals(id));
  }

  private static StepUp ofAdmins(String id, Set<String> acts) {
    return new StepUp(id, "Admin operations", acts, Level.AAL2, StepUp.Kind.ANY, 900);
  }

  /**
   * A rule for some people.
   *
   * @param factors which factors satisfy it; empty leaves that to the tenant
   * @param trustDays as for the tenant, and never more than there; null leaves that to the tenant
   */
  public record Rule(
      String id,
      String name,
      Match match,
      Mode mode,
      Set<FactorId> factors,
      @Nullable Integer trustDays,
      Timing timing) {
    /** For who is in any of these groups and has any of these roles, at once. */
    public Rule(
        String id,
        String name,
        Set<String> groups,
        Set<String> roles,
        Mode mode,
        Set<FactorId> factors,
        @Nullable Integer trustDays) {
      this(id, name, Match.of(groups, roles), mode, factors, trustDays, Timing.AT_ONCE);
    }

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

    /** The same with this timing. */
    public Rule from(Timing changed) {
      return new Rule(id, name, match, mode, factors, trustDays, changed);
    }

    /** The same for these people. */
    public Rule of(Match changed) {
      return new Rule(id, name, changed, mode, factors, trustDays, timing);
    }
  }

  /** What is demanded of somebody by a rule, or of everyone, and from when. */
  public record Due(String by, Mode mode, Timing timing) {}

  /**
   * What holds for one person: of all that match, the strictest.
   *
   * @param rules the ids of the rules that matched, sorted
   * @param trustDays the shortest time of all
   * @param trustFor the same, or less where trusted browsers are remembered for less
   * @param dues all that demands anything, or invites
   * @param exempt whether nothing is demanded because of who it is, whatever would be
   */
  public record Effective(
      Mode mode,
      Set<FactorId> allowed,
      List<String> rules,
      int trustDays,
      Duration trustFor,
      List<Due> dues,
      boolean exempt) {
    /** Whether a factor is required and nobody can put it off. */
    public boolean requiresNow() {
      return dues.stream().anyMatch(due -> due.mode() == Mode.REQUIRED && !due.timing().gives());
    }

    /** Whether it matters how often the person has put it off. */
    public boolean counts() {
      return !counted().isEmpty();
    }

    /** Of which rules that matters. */
    public List<String> counted() {
      return dues.stream()
          .filter(due -> due.timing().gives() || due.timing().coolDownDays() > 0)
          .map(Due::by)
          .toList();
    }
  }

  public Effective effective(Facts facts) {
    return effective(
        facts.who(), facts.asked().application(), facts.circumstances().where(), facts.at());
  }

  /** What holds where nobody knows in which application, and from where: rules that depend on it are left out. */
  public Effective effective(Facts.Who who, Moment at) {
    return effective(who, "", Facts.Where.UNKNOWN, at);
  }

  public Effective effective(Facts.Who who, String application, Facts.Where where, Moment at) {
    boolean exempt =
        exemptions.stream().anyMatch(it -> it.user().equals(who.user()) && at.isBefore(it.until()));
    var strictest = timing.hasBegun(at) ? mode : lesser(mode);
    var factors = new TreeSet<>(allowed);
    var matched = new TreeSet<String>();
    int shortest = trustDays;
    var dues = new ArrayList<Due>();
    if (strictest != Mode.OFF) {
      dues.add(new Due(EVERYONE, strictest, timing));
    }
    for (var rule : rules) {
      if (rule.timing().hasBegun(at) && rule.match().holds(rule.id(), who, application, where)) {
        matched.add(rule.id());
        strictest = strictest.compareTo(rule.mode()) >= 0 ? strictest : rule.mode();
        if (!rule.factors().isEmpty()) {
          factors.retainAll(rule.factors());
        }
        var spared = rule.trustDays();
        shortest = spared == null ? shortest : Math.min(shortest, spared);
        if (rule.mode() != Mode.OFF) {
          dues.add(new Due(rule.id(), rule.mode(), rule.timing()));
        }
      }
    }
    var days = Duration.ofDays(shortest);
    var overall = Duration.ofSeconds(remembering.overallSeconds());
    return new Effective(
        exempt ? Mode.OFF : strictest,
        factors,
        List.copyOf(matched),
        shortest,
        overall.isZero() || days.compareTo(overall) < 0 ? days : overall,
        exempt ? List.of() : List.copyOf(dues),
        exempt);
  }

  /** What holds of everyone until what is required of them begins. */
  private static Mode lesser(Mode mode) {
    return mode == Mode.REQUIRED ? Mode.OPTIONAL : mode;
  }

  /** The step-up rules for these acts. */
  public List<StepUp> stepUpsFor(List<String> acts) {
    return acts.isEmpty() ? List.of() : stepUps.stream().filter(it -> it.isFor(acts)).toList();
  }

  /** Names of the traits that rules look at. */
  public Set<String> traits() {
    return rules.stream()
        .flatMap(rule -> rule.match().traits().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public Policy withMode(Mode changed) {
    return with(it -> it.mode = changed);
  }

  public Policy allowingOnly(Set<FactorId> factors) {
    return with(it -> it.allowed = factors);
  }

  public Policy allowing(FactorId factor, boolean on) {
    var changed = new TreeSet<>(allowed);
    if (on) {
      changed.add(factor);
    } else {
      changed.remove(factor);
    }
    return allowingOnly(changed);
  }

  public Policy withRules(List<Rule> changed) {
    return with(it -> it.rules = changed);
  }

  /** What was said of the longest time in seconds ends with it. */
  public Policy trustingFor(int days) {
    return days == trustDays
        ? this
        : with(it -> {
          it.trustDays = days;
          it.remembering = new Remembering(0, remembering.idleSeconds(), remembering.ticked());
        });
  }

  public Policy remembering(Remembering how) {
    return with(it -> it.remembering = how);
  }

  public Policy from(Timing changed) {
    return with(it -> it.timing = changed);
  }

  public Policy exempting(List<Exemption> changed) {
    return with(it -> it.exemptions = changed);
  }

  public Policy with(Adaptive changed) {
    return with(it -> it.adaptive = changed);
  }

  public Policy steppingUp(List<StepUp> changed) {
    return with(it -> it.stepUps = changed);
  }

  Policy at(long newVersion) {
    return with(it -> it.version = newVersion);
  }

  private Policy with(Consumer<Draft> edit) {
    var draft = new Draft();
    edit.accept(draft);
    return new Policy(
        draft.version,
        draft.allowed,
        draft.mode,
        draft.rules,
        draft.trustDays,
        draft.remembering,
        draft.timing,
        draft.exemptions,
        draft.adaptive,
        draft.stepUps);
  }

  /** What it says, while that changes. */
  private final class Draft {
    private long version = Policy.this.version;
    private Set<FactorId> allowed = Policy.this.allowed;
    private Mode mode = Policy.this.mode;
    private List<Rule> rules = Policy.this.rules;
    private int trustDays = Policy.this.trustDays;
    private Remembering remembering = Policy.this.remembering;
    private Timing timing = Policy.this.timing;
    private List<Exemption> exemptions = Policy.this.exemptions;
    private Adaptive adaptive = Policy.this.adaptive;
    private List<StepUp> stepUps = Policy.this.stepUps;
  }

  /** The rule of that id. */
  public Optional<Rule> rule(String id) {
    return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}
