package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.ArrayList;
import java.util.List;

/** Changes what a tenant allows. */
public final class ChangeTenant implements Command.Configured {
  static final String NAME = "tenant change";

  private static final Key<List<String>> LOGOUT_URLS =
      new Key<>(
          "logout-urls",
          Kind.text().list(),
          "",
          "Where people may be sent after signing out when no application is named, exactly; these and no others.");

  private final Product.Launcher launcher;

  public ChangeTenant(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Sets what a tenant allows beside what its applications do.";
  }

  @Override
  public List<String> operands() {
    return List.of("NAME");
  }

  @Override
  public List<Key<?>> options() {
    return List.of(LOGOUT_URLS);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var arguments = new ArrayList<String>(List.of(NAME, call.operands().getFirst()));
    call.settings().get(LOGOUT_URLS).forEach(url -> arguments.add("logout=" + url));
    return Asking.either(launcher, call, deployment, List.copyOf(arguments));
  }
}
