package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The factors that there are for one tenant, in the order in which they are offered. One that was given up is known by name
 * only, for what was recorded of it. Immutable.
 */
public final class Catalogue {
  private final Map<FactorId, Factor> byId;
  private final Function<FactorId, Optional<Factor>> later;

  Catalogue(Collection<Factor> all) {
    this.byId = new LinkedHashMap<>();
    this.later = _ -> Optional.empty();
    all.stream()
        .sorted(Comparator.comparingInt(factor -> factor.profile().order()))
        .forEach(factor -> byId.put(factor.profile().id(), factor));
  }

  private Catalogue(Map<FactorId, Factor> byId, Function<FactorId, Optional<Factor>> later) {
    this.byId = byId;
    this.later = later;
  }

  /** The same, which looks there for a factor that somebody has and that is unknown here. */
  Catalogue orElse(Function<FactorId, Optional<Factor>> elsewhere) {
    return new Catalogue(byId, elsewhere);
  }

  Optional<Factor> known(FactorId id) {
    return Optional.ofNullable(byId.get(id));
  }

  public List<Factor> inOrder() {
    return standing().toList();
  }

  public List<FactorProfile> profiles() {
    return standing().map(Factor::profile).toList();
  }

  /** Those that were given up as well, for what was recorded of them. */
  public List<FactorProfile> known() {
    return byId.values().stream().map(Factor::profile).toList();
  }

  public Optional<Factor> find(FactorId id) {
    return known(id).filter(factor -> !factor.isGivenUp());
  }

  private Stream<Factor> standing() {
    return byId.values().stream().filter(factor -> !factor.isGivenUp());
  }

  /** A factor that must exist, since somebody has it. */
  public Factor get(FactorId id) {
    return known(id)
        .or(() -> later.apply(id))
        .orElseThrow(() -> new IllegalStateException("no factor " + id));
  }

  public FactorProfile profile(FactorId id) {
    return get(id).profile();
  }

  public Optional<Factor> byGuardianName(String name) {
    return standing().filter(factor -> factor.profile().guardianName().equals(name)).findFirst();
  }
}
