package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;
import java.util.Optional;

/** Holds a policy against cases. */
public final class TestPolicy implements Command.Configured {
  static final String NAME = "policy test";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<String>> DRAFT =
      new Key<>(
          "draft",
          Kind.text().optional(),
          "",
          "A policy file to test, instead of the policy as it stands.");

  private final Product.Launcher launcher;

  public TestPolicy(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Holds a policy against named cases; fails when one does not stand.";
  }

  @Override
  public List<String> operands() {
    return List.of("CASES");
  }

  @Override
  public String notes() {
    return "CASES is a JSON file; docs/policy.md shows one. With --draft it is also said how many people would meet something else than today, and from what to what. Exits with 1 when a case fails, for builds.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, DRAFT);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var draft = PolicyFiles.draft(call, call.settings().get(DRAFT));
    var cases = PolicyFiles.read(call, call.operands().getFirst());
    if (cases.isEmpty() || draft.isEmpty()) {
      return Exit.FAILED;
    }
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(
            NAME,
            call.settings().get(TENANT),
            ImportTokens.CONTENT + ImportTokens.encoded(draft.get()),
            PolicyFiles.CASES + ImportTokens.encoded(cases.get())));
  }
}
