package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Takes an application off a tenant. */
public final class DeleteClient implements Command.Configured {
  static final String NAME = "client delete";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public DeleteClient(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Takes an application off a tenant; its tokens are refreshed no more.";
  }

  @Override
  public List<String> operands() {
    return List.of("CLIENT_ID");
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
