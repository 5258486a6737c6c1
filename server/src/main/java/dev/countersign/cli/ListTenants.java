package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.operator.Product;
import java.util.List;

/** Says which tenants there are. */
public final class ListTenants implements Command.Configured {
  static final String NAME = "tenant list";

  private final Product.Launcher launcher;

  public ListTenants(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints the tenants, one a line: name and address.";
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(launcher, call, deployment, List.of(NAME));
  }
}
