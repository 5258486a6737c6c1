package dev.countersign.enforcement;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.kernel.Moment;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to be proven for what the person is about to do; nobody gets there by setting something up on the way.
 *
 * @param rule the strictest of the step-up rules for it
 */
record BeforeAct(Question question, StepUp rule) {

  boolean isOwed() {
    return !question.worth.halves(after(), this::does, false).level().reaches(rule.level());
  }

  /** Nothing once it is proven. */
  Optional<Decision> decision() {
    if (!isOwed()) {
      return Optional.empty();
    }
    var means = question.means;
    var usable =
        means.usable(this::does).stream()
            .filter(offer -> rule.level() != Level.AAL3 || offer.reachesThird())
            .toList();
    if (means.suffice(usable)) {
      return Optional.of(question.prove(after(), usable, Reason.STEP_UP));
    }
    return Optional.of(
        question.denied(
            means.hasDisabled()
                ? Reason.FACTORS_DISABLED
                : means.hasUsable() ? Reason.LEVEL_OUT_OF_REACH : Reason.STEP_UP_NEEDS_FACTOR));
  }

  private boolean does(Facts.Offer offer) {
    return question.means.isAllowed(offer) && rule.kind().takes(offer);
  }

  /** What was given in this very sign-in counts, however long the person takes. */
  private @Nullable Moment after() {
    var begun = question.facts.circumstances().begun();
    var since = question.facts.at().minus(Duration.ofSeconds(rule.lastsSeconds()));
    if (begun == null) {
      return since;
    }
    return begun.isBefore(since) || rule.lastsSeconds() == 0 ? begun : since;
  }
}
