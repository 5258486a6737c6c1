package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Takes a policy out. */
public final class ExportPolicy implements Command.Configured {
  static final String NAME = "policy export";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public ExportPolicy(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints a tenant's whole policy as JSON, to be kept under version control.";
  }

  @Override
  public String notes() {
    return "The same is at /api/v2/enforcement. countersign policy schema prints the JSON Schema of the file.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(launcher, call, deployment, List.of(NAME, call.settings().get(TENANT)));
  }
}
