package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;
import java.util.Optional;

/** Tries a policy on history. */
public final class ReplayPolicy implements Command.Configured {
  static final String NAME = "policy replay";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<String>> DRAFT =
      new Key<>(
          "draft",
          Kind.text().optional(),
          "",
          "A policy file to try, instead of the policy as it stands.");
  private static final Key<Integer> DAYS =
      new Key<>("days", Kind.number(1, 3_650), "30", "How far back.");

  private final Product.Launcher launcher;

  public ReplayPolicy(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Asks a draft of a policy about the sign-ins that were.";
  }

  @Override
  public String notes() {
    return "By the same decision as sign-ins, on the facts that were recorded with them. Says how many would be challenged, would have to set a factor up, could not sign in, and how many texts that would cost.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, DRAFT, DAYS);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var draft = PolicyFiles.draft(call, call.settings().get(DRAFT));
    if (draft.isEmpty()) {
      return Exit.FAILED;
    }
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(
            NAME,
            call.settings().get(TENANT),
            call.settings().get(DAYS).toString(),
            ImportTokens.CONTENT + ImportTokens.encoded(draft.get())));
  }
}
