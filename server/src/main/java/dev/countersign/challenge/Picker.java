package dev.countersign.challenge;

import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which factors a challenge can be answered with, in the order in which they are shown. Thread-safe. */
public final class Picker {
  private final Factors factors;
  private final Enrolments enrolments;

  public Picker(Factors factors, Enrolments enrolments) {
    this.factors = factors;
    this.enrolments = enrolments;
  }

  /**
   * One line of the picker.
   *
   * @param name what the person called it; of several of one kind, the one used last
   */
  public record Choice(FactorId factor, String name, Optional<Moment> lastUsed, boolean recovers) {}

  /** The one used last first; recovery always last; else the order of offering. */
  public List<Choice> choices(Tx tx, TenantId tenant, UserId who, Demand.Challenge challenge) {
    var mine = enrolments.of(tx, tenant, who).stream().filter(Enrolment::isActive).toList();
    return challenge.anyOf().stream()
        .map(factor -> choice(factor, mine))
        .flatMap(Optional::stream)
        .sorted(
            Comparator.comparing(Choice::recovers)
                .thenComparing((a, b) -> Long.compare(when(b), when(a)))
                .thenComparingInt(choice -> factors.profile(choice.factor()).order()))
        .toList();
  }

  private Optional<Choice> choice(FactorId factor, List<Enrolment> mine) {
    return mine.stream()
        .filter(it -> it.factor().equals(factor))
        .max(Comparator.comparingLong(it -> it.lastUsedAt().map(Moment::millis).orElse(0L)))
        .map(it ->
            new Choice(factor, it.name(), it.lastUsedAt(), factors.profile(factor).recovers()));
  }

  private static long when(Choice choice) {
    return choice.lastUsed().map(Moment::millis).orElse(0L);
  }
}
