package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;

/** Brings a policy in. */
public final class ImportPolicy implements Command.Configured {
  static final String NAME = "policy import";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  private final Product.Launcher launcher;

  public ImportPolicy(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Makes a file the policy of a tenant, if that locks nobody out.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public String notes() {
    return "FILE is what countersign policy export prints. What it does not name stays as it is. Try it first with countersign policy test and countersign policy replay.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    return PolicyFiles.read(call, call.operands().getFirst())
        .map(content ->
            Asking.either(
                launcher,
                call,
                deployment,
                List.of(
                    NAME,
                    call.settings().get(TENANT),
                    ImportTokens.CONTENT + ImportTokens.encoded(content))))
        .orElse(Exit.FAILED);
  }
}
