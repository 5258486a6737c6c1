package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Takes a tenant away with everything that is its own. */
public final class DeleteTenant implements Command.Configured {
  static final String NAME = "tenant delete";

  private static final Key<List<String>> CONFIRM =
      new Key<>(
          "confirm",
          Kind.text().list(),
          "",
          "The tenant's name once more: nothing brings back what is deleted.");

  private final Product.Launcher launcher;

  public DeleteTenant(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Deletes a tenant with its people, applications, keys and audit log. For ever.";
  }

  @Override
  public List<String> operands() {
    return List.of("NAME");
  }

  @Override
  public List<Key<?>> options() {
    return List.of(CONFIRM);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(
            NAME,
            call.operands().getFirst(),
            "confirm=" + String.join(",", call.settings().get(CONFIRM))));
  }
}
