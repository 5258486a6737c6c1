package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Sums up what a tenant's audit log says of refusals. */
public final class Refusals implements Command.Configured {
  static final String NAME = "audit refusals";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Integer> HOURS =
      new Key<>("hours", Kind.number(1, 8_760), "24", "How far back.");

  private final Product.Launcher launcher;

  public Refusals(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Sums up what was refused in a tenant: how often, why, and for how many people.";
  }

  @Override
  public String notes() {
    return "One JSON object a line, the most frequent first. Much for one person: that person's factor is lost, or somebody guesses at them. A little for many: the policy or the factor is at fault.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, HOURS);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(NAME, call.settings().get(TENANT), call.settings().get(HOURS).toString()));
  }
}
