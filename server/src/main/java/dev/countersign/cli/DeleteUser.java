package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Takes a person off a tenant. */
public final class DeleteUser implements Command.Configured {
  static final String NAME = "user delete";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public DeleteUser(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Takes a person off a tenant, with all that is theirs.";
  }

  @Override
  public List<String> operands() {
    return List.of("USER");
  }

  @Override
  public String notes() {
    return "USER is an id such as auth0|..., an email address or a user name.";
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
