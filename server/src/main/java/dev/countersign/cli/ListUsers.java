package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Says who is in a tenant. */
public final class ListUsers implements Command.Configured {
  static final String NAME = "user list";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Integer> MOST =
      new Key<>("most", Kind.number(1, Integer.MAX_VALUE), "100", "How many people at most.");

  private final Product.Launcher launcher;

  public ListUsers(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints the people of a tenant, oldest first, one JSON object a line.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, MOST);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(NAME, call.settings().get(TENANT), call.settings().get(MOST).toString()));
  }
}
