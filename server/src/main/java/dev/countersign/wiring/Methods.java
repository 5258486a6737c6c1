package dev.countersign.wiring;

import dev.countersign.factor.Definitions;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.web.Messages;

/** The factors there are, and what people have of them. */
public final class Methods {
  public final Factors factors;
  public final Enrolments enrolments;
  public final Habits habits;
  public final FactorSettings factorSettings;
  public final Definitions definitions;

  public Methods(Ground ground) {
    var tenants = ground.tenants;
    factors =
        Factors.all(
            ground.entropy,
            ground.outbound,
            tenant -> tenants.get(tenant).settings(),
            tenants::read);
    factors.speakers().forEach(Messages::include);
    enrolments = new Enrolments(ground.sealer, ground.entropy);
    habits = new Habits();
    factorSettings = new FactorSettings(ground.sealer);
    definitions = new Definitions(tenants, factors, factorSettings, enrolments);
  }
}
