package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.operator.Product;
import java.util.List;

/** Says what a policy file looks like. */
public final class PolicySchema implements Command.Configured {
  static final String NAME = "policy schema";

  private final Product.Launcher launcher;

  public PolicySchema(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints the JSON Schema of policy files.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of();
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(launcher, call, deployment, List.of(NAME));
  }
}
