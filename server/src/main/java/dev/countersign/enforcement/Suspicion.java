package dev.countersign.enforcement;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has to be proven because of what is noteworthy about the sign-in: in this sign-in, and by what was there before it.
 */
record Suspicion(Question question) {

  /** Somebody exempt is asked for nothing, and not let in either when it is all but certain that it is not them. */
  static Adaptive.Response response(Policy policy, Policy.Effective effective, Facts facts) {
    var adaptive = policy.adaptive();
    if (!adaptive.isFollowed(facts.at())) {
      return Adaptive.Response.ALLOW;
    }
    var response = adaptive.response(adaptive.score(facts.circumstances().findings()));
    return effective.exempt() && response != Adaptive.Response.BLOCK
        ? Adaptive.Response.ALLOW
        : response;
  }

  /** What was noteworthy, the weightiest first; of those that weigh alike a new browser tells least. */
  static List<String> signals(Adaptive adaptive, Facts facts) {
    return facts.circumstances().findings().stream()
        .filter(it -> adaptive.points(it) > 0)
        .sorted(
            Comparator.comparingInt(adaptive::points)
                .reversed()
                .thenComparing(it -> it.signal() == Signal.NEW_DEVICE)
                .thenComparing(Finding::signal))
        .map(it -> it.signal().word())
        .distinct()
        .toList();
  }

  /** Nothing where nothing is noteworthy, or it has been answered. */
  Optional<Decision> decision() {
    return switch (question.response) {
      case ALLOW -> Optional.empty();
      case BLOCK -> Optional.of(question.denied(Reason.RISK_TOO_HIGH));
      case CHALLENGE -> unlessProven(StepUp.Kind.ANY);
      case PHISHING_RESISTANT -> unlessProven(StepUp.Kind.PHISHING_RESISTANT);
    };
  }

  private Optional<Decision> unlessProven(StepUp.Kind kind) {
    var means = question.means;
    var since = begun();
    Predicate<Facts.Offer> does = offer -> means.isAllowed(offer) && kind.takes(offer);
    if (question.worth.halves(since, does, false).makeTwo()) {
      return Optional.empty();
    }
    var usable = means.usable(does);
    if (means.suffice(usable)) {
      return Optional.of(question.prove(since, usable, Reason.RISK));
    }
    if (means.hasDisabled()) {
      return Optional.of(question.denied(Reason.FACTORS_DISABLED));
    }
    if (withoutFactor() == Adaptive.WithoutFactor.BLOCK) {
      return Optional.of(question.denied(Reason.SUSPICIOUS_WITHOUT_FACTOR));
    }
    // A rule that takes one no longer makes nobody safer.
    var lesser = means.usable(means::isSwitchedOn);
    return lesser.stream().anyMatch(offer -> !offer.recovers())
            && !question.worth.halves(since, means::isSwitchedOn, false).makeTwo()
        ? Optional.of(question.prove(since, lesser, Reason.RISK))
        : ofSomebodyWithoutFactor(does);
  }

  /** Of somebody who has nothing that does: what the policy says of that. */
  private Optional<Decision> ofSomebodyWithoutFactor(Predicate<Facts.Offer> does) {
    if (withoutFactor() == Adaptive.WithoutFactor.ALLOW_ENROLMENT) {
      return question.worth.halves(begun(), does, true).makeTwo()
          ? Optional.empty()
          : Optional.of(setUp(does));
    }
    return question.worth.reachedAddress(begun()) ? Optional.empty() : Optional.of(askAddress());
  }

  private Decision setUp(Predicate<Facts.Offer> does) {
    var anyOf = question.means.offered(does);
    return anyOf.isEmpty()
        ? question.denied(Reason.SUSPICIOUS_WITHOUT_FACTOR)
        : question.demanded(new Demand.Enrol(anyOf, false), Reason.RISK);
  }

  private Decision askAddress() {
    var reaching =
        Means.ids(
            question.facts.offers().stream()
                .filter(offer -> offer.kind() == ProofKind.REACHES && offer.suits()));
    return reaching.isEmpty()
        ? question.denied(Reason.SUSPICIOUS_WITHOUT_FACTOR)
        : question.demanded(new Demand.Challenge(reaching), Reason.VERIFY_EMAIL_FIRST);
  }

  private Adaptive.WithoutFactor withoutFactor() {
    return question.policy.adaptive().withoutFactor();
  }

  private @Nullable Moment begun() {
    return question.facts.circumstances().begun();
  }
}
