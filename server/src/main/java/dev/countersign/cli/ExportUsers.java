package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Takes everybody of a tenant along. */
public final class ExportUsers implements Command.Configured {
  static final String NAME = "user export";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public ExportUsers(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints everybody of a tenant, one JSON object a line, without hashes, seeds and whole numbers.";
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
        List.of(ListUsers.NAME, call.settings().get(TENANT), String.valueOf(Integer.MAX_VALUE)));
  }
}
