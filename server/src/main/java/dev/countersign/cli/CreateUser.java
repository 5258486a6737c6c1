package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds a person to a tenant. */
public final class CreateUser implements Command.Configured {
  static final String NAME = "user create";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<String>> EMAIL =
      new Key<>("email", Kind.text().optional(), "", "Their email address.");
  private static final Key<Optional<String>> USERNAME =
      new Key<>("username", Kind.text().optional(), "", "A name to sign in by.");
  private static final Key<Optional<Path>> PASSWORD_FILE =
      new Key<>(
          "password-file",
          Kind.path().optional(),
          "",
          "File with their password; without one they choose it by 'Forgot password'.");

  private final Product.Launcher launcher;

  public CreateUser(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Adds a person to a tenant and prints their id.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, EMAIL, USERNAME, PASSWORD_FILE);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var settings = call.settings();
    var arguments = new ArrayList<String>();
    arguments.add(NAME);
    arguments.add(settings.get(TENANT));
    arguments.add("email=" + settings.get(EMAIL).orElse(""));
    arguments.add("username=" + settings.get(USERNAME).orElse(""));
    var file = settings.get(PASSWORD_FILE);
    if (file.isPresent()) {
      try {
        arguments.add(
            ImportTokens.PASSWORD
                + ImportTokens.encoded(Files.readString(file.get()).replaceAll("[\\r\\n]+$", "")));
      } catch (IOException e) {
        call.terminal().tell("countersign: the file cannot be read: " + e.getMessage());
        return Exit.FAILED;
      }
    }
    return Asking.either(launcher, call, deployment, List.copyOf(arguments));
  }
}
