package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Gives a tenant a new signing key. */
public final class RotateKeys implements Command.Configured {
  static final String NAME = "keys rotate";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public RotateKeys(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Makes a new signing key for a tenant's tokens.";
  }

  @Override
  public String notes() {
    return "The old key stays in the tenant's key set until all it signed has expired: no token fails meanwhile.";
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
