package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.operator.Answer;
import dev.countersign.operator.ControlSocket;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who does an operator's command: the running server, if it holds the embedded database open; else this process, which
 * opens it once. On PostgreSQL always this process, for the database lets both in.
 */
final class Asking implements AutoCloseable {
  private final Product.Launcher launcher;
  private final String words;
  private final Settings settings;
  private final Deployment deployment;
  private @Nullable Operations here;

  /**
   * Ready to ask.
   *
   * @param words of the command
   */
  Asking(Product.Launcher launcher, String words, Settings settings, Deployment deployment) {
    this.launcher = launcher;
    this.words = words;
    this.settings = settings;
    this.deployment = deployment;
  }

  /** Has the command done with these. */
  Exit ask(List<String> arguments, Answer answer) {
    var all = Stream.concat(Stream.of(words), arguments.stream()).toList();
    if (here == null) {
      var exit = server(deployment, all, answer);
      if (exit.isPresent()) {
        return exit.get();
      }
    }
    try {
      if (here == null) {
        here = launcher.open(settings, deployment);
      }
      return perform(here, all, answer);
    } catch (RuntimeException e) {
      answer.tell("countersign: " + Serve.reason(e));
      return Exit.FAILED;
    }
  }

  @Override
  public void close() {
    if (here != null) {
      here.close();
    }
  }

  /** Asks the server that runs on the data folder; empty when this process has to do it. */
  static Optional<Exit> server(Deployment deployment, List<String> arguments, Answer answer) {
    if (!deployment.embedded()) {
      return Optional.empty();
    }
    try {
      return ControlSocket.send(deployment.data(), arguments, answer)
          .map(status -> status == 0 ? Exit.OK : Exit.FAILED);
    } catch (IOException e) {
      answer.tell("countersign: the running server did not answer: " + e.getMessage());
      return Optional.of(Exit.FAILED);
    }
  }

  /** Does what the arguments say, of which the first is the command's words. */
  static Exit perform(Operations operations, List<String> arguments, Answer answer) {
    var words = arguments.stream().findFirst().orElse("this");
    var known = OperatorWords.of(words);
    if (known.isEmpty()) {
      answer.tell(
          "countersign: this server does not know " + words + "; is it of another version?");
      return Exit.FAILED;
    }
    return known.get().command().perform(operations, arguments.subList(1, arguments.size()), answer)
        ? Exit.OK
        : Exit.FAILED;
  }
}
