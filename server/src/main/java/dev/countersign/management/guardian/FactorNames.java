package dev.countersign.management.guardian;

import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.api.Shape;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Factors by the names of the Guardian API. */
public final class FactorNames {
  static final Shape SHAPE = new Shape.Word(Set.copyOf(Factors.GUARDIAN));

  private final Factors factors;

  public FactorNames(Factors factors) {
    this.factors = factors;
  }

  /** Those of our own endpoints, and those that tenants define. */
  public Shape all() {
    return new Shape.Word(Set.copyOf(factors.names())).orBeginning(Factors.DEFINED);
  }

  /** The factor of that name, if this build has it. */
  Optional<FactorId> id(String name) {
    return factors.byGuardianName(name).map(Factor::profile).map(profile -> profile.id());
  }

  /** The factor of that name, if this build or the tenant has it. */
  private Optional<FactorId> id(TenantId tenant, String name) {
    return factors.of(tenant).byGuardianName(name).map(factor -> factor.profile().id());
  }

  /** The first name that there is no factor for. */
  public Optional<String> missing(TenantId tenant, Collection<String> names) {
    return names.stream().filter(name -> id(tenant, name).isEmpty()).findFirst();
  }

  public Set<FactorId> ids(TenantId tenant, Collection<String> names) {
    var out = new LinkedHashSet<FactorId>();
    names.forEach(name -> id(tenant, name).ifPresent(out::add));
    return out;
  }

  /** In the order of the Guardian API, then those that it does not have, then the tenant's own. */
  public List<String> names(TenantId tenant, Collection<FactorId> ids) {
    var own =
        factors.of(tenant).profiles().stream()
            .map(profile -> profile.guardianName())
            .filter(name -> !factors.names().contains(name));
    return Stream.concat(factors.names().stream(), own)
        .filter(name -> id(tenant, name).filter(ids::contains).isPresent())
        .toList();
  }
}
