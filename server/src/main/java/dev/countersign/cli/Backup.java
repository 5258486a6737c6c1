package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.operator.ControlSocket;
import dev.countersign.storage.EmbeddedCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Copies the embedded database into a file; by the running server if there is one, else directly. */
public final class Backup implements Command.Configured {
  private static final String NAME = "backup";

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
      terminal.tell("countersign: this database is PostgreSQL; back it up with pg_dump or another of its own tools");
      return Exit.FAILED;
    }
    String file = Path.of(call.operands().getFirst()).toAbsolutePath().toString();
    try {
      Optional<Integer> there = ControlSocket.send(deployment.data(), List.of(NAME, file), terminal::tell);
      int status = there.isPresent() ? there.get() : copy(deployment, List.of(file), terminal::tell);
      if (status == 0) {
        terminal.tell("The root keys are not in it. Keep a copy of " + deployment.keysFile() + " apart from the backups.");
        return Exit.OK;
      }
      return Exit.FAILED;
    } catch (IOException e) {
      terminal.tell("countersign: the running server did not answer: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  /** What a running server does when asked by {@link #NAME}. */
  static int copy(Deployment deployment, List<String> operands, Consumer<String> lines) {
    Path file = Path.of(operands.getFirst());
    try {
      EmbeddedCopy.write(deployment.databaseUrl(), deployment.databaseUser(), deployment.databasePassword(), file);
      lines.accept("The database is copied to " + file + ".");
      return 0;
    } catch (EmbeddedCopy.Failed e) {
      lines.accept("countersign: " + e.getMessage());
      return 1;
    }
  }
}
