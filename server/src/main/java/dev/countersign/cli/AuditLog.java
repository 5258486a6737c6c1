package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.List;
import java.util.Optional;

/** Prints a tenant's audit log. */
public final class AuditLog implements Command.Configured {
  static final String NAME = "audit";

  /** Stands for nobody in particular between this process and a running server; no user id looks like it. */
  static final String EVERYBODY = "*";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<String>> USER =
      new Key<>("user", Kind.text().optional(), "", "Only events about the user of this id.");
  private static final Key<Integer> LAST =
      new Key<>("last", Kind.number(1, 10_000), "100", "How many events at most.");

  private final Product.Launcher launcher;

  public AuditLog(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Prints the newest events of a tenant's audit log, one JSON object a line.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, USER, LAST);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    String tenant = call.settings().get(TENANT);
    String user = call.settings().get(USER).orElse(EVERYBODY);
    String last = call.settings().get(LAST).toString();
    return Asking.either(launcher, call, deployment, List.of(NAME, tenant, user, last));
  }
}
