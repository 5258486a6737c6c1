package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.operator.Answer;
import dev.countersign.storage.EmbeddedCopy;
import java.nio.file.Path;
import java.util.List;

/** Copies the embedded database into a file; by the running server if there is one, else directly. */
public final class Backup implements Command.Configured {
  static final String NAME = "backup";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Copies the embedded database into a file, also while the server runs.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public String notes() {
    return """
    The copy does not hold the root keys (keys.file). Without them it cannot be used: keep a copy of that file apart
    from the backups. For PostgreSQL use its own tools, such as pg_dump.
    """;
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    Terminal terminal = call.terminal();
    if (!deployment.embedded()) {
      terminal.tell(
          "countersign: this database is PostgreSQL; back it up with pg_dump or another of its own tools");
      return Exit.FAILED;
    }
    String file = Path.of(call.operands().getFirst()).toAbsolutePath().toString();
    Exit exit =
        Asking.server(deployment, List.of(NAME, file), terminal)
            .orElseGet(() -> copy(deployment, file, terminal));
    if (exit == Exit.OK) {
      terminal.tell(
          "The root keys are not in it. Keep a copy of "
              + deployment.keysFile()
              + " apart from the backups.");
    }
    return exit;
  }

  /** What a running server does when asked, and this process when none runs. */
  static Exit copy(Deployment deployment, String file, Answer answer) {
    try {
      EmbeddedCopy.write(deployment.databaseUrl(), Path.of(file));
      answer.tell("The database is copied to " + file + ".");
      return Exit.OK;
    } catch (EmbeddedCopy.Failed e) {
      answer.tell("countersign: " + e.getMessage());
      return Exit.FAILED;
    }
  }
}
