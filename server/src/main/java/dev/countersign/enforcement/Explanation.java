package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import dev.countersign.risk.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All there is to say about a decision: which rules took part, what counted for risk, and of each factor why it was offered
 * or left out. Made from the same policy and facts as the decision itself, whenever it is asked for.
 *
 * @param exempt whether nothing was demanded although something would have been
 * @param acts what the person is about to do, as far as step-up rules are for it
 * @param factors in the order of offering
 */
public record Explanation(
    Decision decision,
    boolean exempt,
    List<String> acts,
    List<Rule> rules,
    Risk risk,
    List<Considered> factors) {

  private static final String STEP_UP = "step_up";

  /** A rule that took part; its kind is {@code enforcement} or {@code step_up}. */
  public record Rule(String kind, String id, String name) {}

  /**
   * What was noteworthy.
   *
   * @param response what the score calls for
   * @param followed whether that was done; otherwise it is only told
   */
  public record Risk(
      int score,
      String confidence,
      Adaptive.Response response,
      boolean followed,
      List<Point> points) {}

  /** One thing noticed, with what it counted. */
  public record Point(Finding finding, int points) {}

  public record Considered(FactorId factor, Standing standing) {}

  /** Why a factor was offered, or was not. */
  public enum Standing {
    OFFERED,
    /** What was proven by it counts. */
    PROVEN,
    SWITCHED_OFF,
    LEFT_OUT_BY_RULE,
    LOCKED,
    NOT_SUITABLE,
    NOT_SET_UP,
    NONE_LEFT,
    BY_TELEPHONE,
    NOT_PHISHING_RESISTANT,
    RAISES_NO_LEVEL,
    NOT_BOUND_TO_DEVICE,
    NOT_NEEDED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Explanation of(Policy policy, Facts facts) {
    var decision = Enforcement.decide(policy, facts);
    var effective = policy.effective(facts);
    var sensitive = policy.stepUpsFor(facts.asked().acts());
    var adaptive = policy.adaptive();
    var findings = facts.circumstances().findings();
    int score = adaptive.score(findings);
    boolean followed = adaptive.isFollowed(facts.at());
    var risk =
        new Risk(
            score,
            adaptive.confidence(score),
            adaptive.response(score),
            followed,
            findings.stream().map(it -> new Point(it, adaptive.points(it))).toList());
    var rules =
        Stream.concat(
                effective.rules().stream()
                    .map(id -> new Rule("enforcement", id, policy.rule(id).orElseThrow().name())),
                sensitive.stream().map(it -> new Rule(STEP_UP, it.id(), it.name())))
            .toList();
    var kind =
        followed && risk.response() == Adaptive.Response.PHISHING_RESISTANT
            ? StepUp.Kind.PHISHING_RESISTANT
            : sensitive.stream().map(StepUp::kind).max(Enum::compareTo).orElse(StepUp.Kind.ANY);
    var offered = Set.copyOf(decision.factors());
    boolean third =
        facts.asked().level() == Level.AAL3
            || sensitive.stream().anyMatch(it -> it.level() == Level.AAL3);
    return new Explanation(
        decision,
        effective.exempt(),
        facts.asked().acts().stream()
            .filter(act -> sensitive.stream().anyMatch(it -> it.isFor(List.of(act))))
            .toList(),
        rules,
        risk,
        facts.offers().stream()
            .map(offer ->
                new Considered(
                    offer.factor(),
                    standing(policy, effective, facts, offer, offered, kind, third)))
            .toList());
  }

  private static Standing standing(
      Policy policy,
      Policy.Effective effective,
      Facts facts,
      Facts.Offer offer,
      Set<FactorId> offered,
      StepUp.Kind kind,
      boolean third) {
    if (offered.contains(offer.factor())) {
      return Standing.OFFERED;
    }
    if (!policy.allowed().contains(offer.factor())) {
      return Standing.SWITCHED_OFF;
    }
    if (!offer.recovers() && !effective.allowed().contains(offer.factor())) {
      return Standing.LEFT_OUT_BY_RULE;
    }
    if (facts.proofs().stream().anyMatch(it -> it.method().equals(offer.factor().value()))) {
      return Standing.PROVEN;
    }
    if (offer.enrolled() == 0) {
      if (offer.disabled() > 0) {
        return Standing.LOCKED;
      }
      return offer.suits() ? Standing.NOT_SET_UP : Standing.NOT_SUITABLE;
    }
    if (offer.recovers() && facts.backupCodes().left() == 0) {
      return Standing.NONE_LEFT;
    }
    if (kind == StepUp.Kind.NOT_BY_TELEPHONE && offer.byTelephone()) {
      return Standing.BY_TELEPHONE;
    }
    if (kind == StepUp.Kind.PHISHING_RESISTANT && !offer.phishingResistant()) {
      return Standing.NOT_PHISHING_RESISTANT;
    }
    if (!offer.kind().isMoreThanPassword()) {
      return Standing.RAISES_NO_LEVEL;
    }
    return third && !offer.reachesThird() ? Standing.NOT_BOUND_TO_DEVICE : Standing.NOT_NEEDED;
  }

  /** In plain words, a line each, for admins; everything, thresholds included. */
  public List<String> lines(Policy policy) {
    var lines = new ArrayList<String>();
    lines.add("Result: " + result());
    lines.add("Why: " + decision.because().reason().word().replace('_', ' ') + forActs());
    if (exempt) {
      lines.add("The person is exempt from the policy.");
    }
    lines.add(
        "Rules: "
            + (rules.isEmpty()
                ? "none but what holds for everyone"
                : rules.stream()
                    .map(it -> it.name() + " (" + it.kind().replace('_', '-') + " " + it.id() + ")")
                    .collect(Collectors.joining(", "))));
    var adaptive = policy.adaptive();
    lines.add(
        "Risk: "
            + risk.score()
            + " of 100, confidence "
            + risk.confidence()
            + "; a second proof from "
            + adaptive.challengeAt()
            + ", phishing-resistant from "
            + adaptive.resistantAt()
            + ", blocked from "
            + adaptive.blockAt()
            + (risk.followed() ? "" : "; not followed (" + word(adaptive.state()) + ")"));
    for (var point : risk.points()) {
      lines.add(
          "  +"
              + point.points()
              + " "
              + point.finding().signal().word()
              + point.finding().details().entrySet().stream()
                  .map(it -> " " + it.getKey() + "=" + it.getValue())
                  .collect(Collectors.joining()));
    }
    for (var each : factors) {
      lines.add("Factor " + each.factor() + ": " + each.standing().word().replace('_', ' '));
    }
    return List.copyOf(lines);
  }

  /** What a step-up was for, and the rules that have it so. */
  private String forActs() {
    return switch (decision.because().reason()) {
      case STEP_UP, STEP_UP_NEEDS_FACTOR ->
          acts.isEmpty()
              ? ""
              : ", for "
                  + String.join(", ", acts)
                  + " by "
                  + rules.stream()
                      .filter(it -> it.kind().equals(STEP_UP))
                      .map(it -> "the rule " + it.name())
                      .collect(Collectors.joining(" and "));
      default -> "";
    };
  }

  private String result() {
    return switch (decision) {
      case Cleared cleared -> "let in at " + cleared.level().acr();
      case Decision.Denied _ -> "denied";
      case Decision.Demanded(var demand, var _) ->
          switch (demand) {
            case Demand.FirstProof _ -> "the first proof is asked for again";
            case Demand.Password _ -> "the password is asked for";
            case Demand.Challenge(var anyOf) -> "a second proof is asked for, by " + any(anyOf);
            case Demand.Enrol(var anyOf, var optional) ->
                (optional ? "invited" : "made") + " to set up " + any(anyOf);
            case Demand.SeeBackupCodes _ -> "new backup codes are shown";
          };
    };
  }

  private static String any(List<FactorId> factors) {
    return factors.stream().map(FactorId::value).collect(Collectors.joining(" or "));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
