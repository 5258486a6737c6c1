package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds an application to a tenant and prints its client id and secret. */
public final class CreateClient implements Command.Configured {
  static final String NAME = "client create";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Type> TYPE =
      new Key<>(
          "type",
          Kind.oneOf(Type.class),
          "regular-web",
          "What sort of program it is; management calls the management API with all scopes.");
  private static final Key<List<String>> CALLBACKS =
      new Key<>(
          "callbacks",
          Kind.text().list(),
          "",
          "Where people may be sent after signing in, exactly.");
  private static final Key<List<String>> LOGOUT_URLS =
      new Key<>(
          "logout-urls",
          Kind.text().list(),
          "",
          "Where people may be sent after signing out, exactly.");
  private static final Key<Optional<String>> START_URL =
      new Key<>(
          "start-url",
          Kind.text().optional(),
          "",
          "Where people who are signed in already go on: its page that begins a sign-in, or its home.");

  /** The sorts of programs. */
  public enum Type {
    REGULAR_WEB,
    SPA,
    NATIVE,
    MANAGEMENT
  }

  private final Product.Launcher launcher;

  public CreateClient(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Adds an application to a tenant and prints its client id and secret, once.";
  }

  @Override
  public List<String> operands() {
    return List.of("NAME");
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, TYPE, CALLBACKS, LOGOUT_URLS, START_URL);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var settings = call.settings();
    var arguments =
        new ArrayList<String>(
            List.of(
                NAME, settings.get(TENANT), call.operands().getFirst(), settings.get(TYPE).name()));
    settings.get(CALLBACKS).forEach(url -> arguments.add("callback=" + url));
    settings.get(LOGOUT_URLS).forEach(url -> arguments.add("logout=" + url));
    settings.get(START_URL).ifPresent(url -> arguments.add("start=" + url));
    return Asking.either(launcher, call, deployment, List.copyOf(arguments));
  }
}
