package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Explains a sign-in. */
public final class Explain implements Command.Configured {
  static final String NAME = "explain";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public Explain(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Says why a sign-in was asked for what it was: rules, risk, factors.";
  }

  @Override
  public List<String> operands() {
    return List.of("SIGN-IN");
  }

  @Override
  public String notes() {
    return "SIGN-IN is its id, as audit events have it.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(NAME, call.settings().get(TENANT), call.operands().getFirst()));
  }
}
