package dev.countersign.management.guardian;

import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.FactorId;
import dev.countersign.management.api.Shape;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Factors by the names of the Guardian API. */
final class FactorNames {
  static final Shape SHAPE = new Shape.Word(Set.copyOf(Factors.GUARDIAN));

  /** Those of our own endpoints. */
  static final Shape ALL = new Shape.Word(Set.copyOf(Factors.NAMES));

  private final Factors factors;

  FactorNames(Factors factors) {
    this.factors = factors;
  }

  /** The factor of that name, if this build has it. */
  Optional<FactorId> id(String name) {
    return factors.byGuardianName(name).map(Factor::profile).map(profile -> profile.id());
  }

  /** The first name that this build has no factor for. */
  Optional<String> missing(Collection<String> names) {
    return names.stream().filter(name -> id(name).isEmpty()).findFirst();
  }

  Set<FactorId> ids(Collection<String> names) {
    var out = new LinkedHashSet<FactorId>();
    names.forEach(name -> id(name).ifPresent(out::add));
    return out;
  }

  /** In the order of the Guardian API, then those that it does not have. */
  List<String> names(Collection<FactorId> ids) {
    return Factors.NAMES.stream()
        .filter(name -> id(name).filter(ids::contains).isPresent())
        .toList();
  }
}
