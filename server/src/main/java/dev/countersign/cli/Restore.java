package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.storage.EmbeddedCopy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts a backup in place of a database that is not there. */
public final class Restore implements Command.Configured {
  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String summary() {
    return "Makes the embedded database anew from a backup, while the server is stopped.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public String notes() {
    return """
    A database that is there is never overwritten: move it away first. The root keys (keys.file) have to be those of the
    time of the backup, or newer ones that still hold them.
    """;
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    Terminal terminal = call.terminal();
    if (!deployment.embedded()) {
      terminal.tell("countersign: this database is PostgreSQL; restore it with its own tools");
      return Exit.FAILED;
    }
    try {
      EmbeddedCopy.restore(Path.of(call.operands().getFirst()), deployment.data());
    } catch (EmbeddedCopy.Failed e) {
      terminal.tell("countersign: " + e.getMessage());
      return Exit.FAILED;
    }
    terminal.tell("The database is restored to " + deployment.data() + ".");
    if (!Files.exists(deployment.keysFile())) {
      terminal.tell(
          "The root keys are not there yet: put their copy at "
              + deployment.keysFile()
              + " before you start.");
    }
    return Exit.OK;
  }
}
