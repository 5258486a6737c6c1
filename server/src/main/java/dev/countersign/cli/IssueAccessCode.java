package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Product;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Issues a temporary access code. */
public final class IssueAccessCode implements Command.Configured {
  static final String NAME = "user access-code";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<String>> NUMBER =
      new Key<>(
          "number",
          Kind.text().optional(),
          "",
          "The six digits that they read out from their page.");
  private static final Key<Duration> LASTS =
      new Key<>(
          "lasts",
          Kind.duration(Duration.ofMinutes(1), Duration.ofDays(1)),
          "1h",
          "How long the code can be used.");

  private final Product.Launcher launcher;

  public IssueAccessCode(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Issues a code by which somebody who lost every factor sets up a new one.";
  }

  @Override
  public List<String> operands() {
    return List.of("USER");
  }

  @Override
  public String notes() {
    return "USER is an id such as auth0|..., an email address or a user name. They sign in with their password, choose"
        + " 'Lost your methods?' and 'Ask for help', and read out the number there. Say the words that this prints before"
        + " the code: they compare them with their page.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, NUMBER, LASTS);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    var settings = call.settings();
    return Asking.either(
        launcher,
        call,
        deployment,
        List.of(
            NAME,
            settings.get(TENANT),
            call.operands().getFirst(),
            settings.get(NUMBER).orElse(""),
            String.valueOf(settings.get(LASTS).toSeconds())));
  }
}
