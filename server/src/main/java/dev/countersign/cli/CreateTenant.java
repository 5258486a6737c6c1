package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;
import java.util.Optional;

/** Adds a tenant. */
public final class CreateTenant implements Command.Configured {
  static final String NAME = "tenant create";

  private static final Key<Optional<String>> DISPLAY_NAME =
      new Key<>(
          "display-name",
          Kind.text().optional(),
          "",
          "What people see; the tenant's name when empty.");

  private static final Key<Boolean> SANDBOX =
      new Key<>(
          "sandbox",
          Kind.toggle(),
          "false",
          "For trying things out: its clock can be moved and its messages are kept instead of being sent. Nothing changes that later.");

  /** By which the word goes to whoever does it. */
  static final String SANDBOX_WORD = "sandbox";

  private final Product.Launcher launcher;

  public CreateTenant(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Adds a tenant, which answers at NAME.<tenant-domain-suffix>.";
  }

  @Override
  public List<String> operands() {
    return List.of("NAME");
  }

  @Override
  public String notes() {
    return "The first thing a new tenant needs is a client for the management API: see countersign client create --help.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(DISPLAY_NAME, SANDBOX);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    String slug = call.operands().getFirst();
    String name = call.settings().get(DISPLAY_NAME).orElse(slug);
    return Asking.either(
        launcher,
        call,
        deployment,
        call.settings().get(SANDBOX)
            ? List.of(NAME, slug, name, SANDBOX_WORD)
            : List.of(NAME, slug, name));
  }
}
