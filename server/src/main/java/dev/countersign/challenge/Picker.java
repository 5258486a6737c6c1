package dev.countersign.challenge;

import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Device;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which factors a challenge can be answered with, in the order in which they are shown. Thread-safe. */
public final class Picker {
  private final Factors factors;
  private final Enrolments enrolments;
  private final Habits habits;
  private final Scenes scenes;

  public Picker(Factors factors, Enrolments enrolments, Habits habits, Scenes scenes) {
    this.factors = factors;
    this.enrolments = enrolments;
    this.habits = habits;
    this.scenes = scenes;
  }

  /**
   * One line of the picker.
   *
   * @param name what the person called it; of several of one kind, the one used last
   */
  public record Choice(FactorId factor, String name, Optional<Moment> lastUsed, boolean recovers) {}

  /**
   * What the person wants to be asked for first; then what they used last on this kind of device; then the strongest.
   * Recovery comes last. What cannot be used here now is left out as long as something else is left.
   */
  public List<Choice> choices(
      Tx tx, TenantId tenant, Person person, Demand.Challenge challenge, Device.Kind device) {
    var mine = enrolments.of(tx, tenant, person.id()).stream().filter(Enrolment::isActive).toList();
    var all =
        challenge.anyOf().stream()
            .map(factor -> choice(factors.of(tenant), factor, mine))
            .flatMap(Optional::stream)
            .toList();
    if (all.stream().filter(choice -> !choice.recovers()).count() < 2) {
      return all.stream().sorted(Comparator.comparing(Choice::recovers)).toList();
    }
    var holder = scenes.holder(tx, tenant, person);
    var possible =
        all.stream()
            .filter(it -> it.recovers() || factors.of(tenant).get(it.factor()).suits(holder))
            .toList();
    var left = possible.stream().allMatch(Choice::recovers) ? all : possible;
    var known = habits.of(tx, tenant, person.id(), device);
    var used = known.known() ? known.lastUsed() : anywhere(left);
    return left.stream()
        .sorted(
            Comparator.comparing(Choice::recovers)
                .thenComparing(choice -> !known.first().equals(Optional.of(choice.factor())))
                .thenComparingLong(choice -> -when(used, choice))
                .thenComparingInt(choice -> factors.of(tenant).profile(choice.factor()).order()))
        .toList();
  }

  private static Optional<Choice> choice(Catalogue factors, FactorId factor, List<Enrolment> mine) {
    return mine.stream()
        .filter(it -> it.factor().equals(factor))
        .max(Comparator.comparingLong(it -> it.lastUsedAt().map(Moment::millis).orElse(0L)))
        .map(it ->
            new Choice(factor, it.name(), it.lastUsedAt(), factors.profile(factor).recovers()));
  }

  /** For people of whom it is not known on what they used which. */
  private static Map<FactorId, Moment> anywhere(List<Choice> choices) {
    return choices.stream()
        .filter(choice -> choice.lastUsed().isPresent())
        .collect(Collectors.toMap(Choice::factor, choice -> choice.lastUsed().orElseThrow()));
  }

  private static long when(Map<FactorId, Moment> used, Choice choice) {
    var at = used.get(choice.factor());
    return at == null ? 0 : at.millis();
  }
}
