package dev.countersign.bench;

import dev.countersign.testkit.drive.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged server in a process of its own, started by the same script that people use. */
final class ServerProcess implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(30);

  private final Process process;
  private final Stage stage;
  private final Duration ready;

  private ServerProcess(Process process, Stage stage, Duration ready) {
    this.process = process;
    this.stage = stage;
    this.ready = ready;
  }

  /**
   * How it is started.
   *
   * @param home where the script is
   * @param database further options that name the database; none for the embedded one
   * @param environment variables on top of this process's own
   */
  record Start(
      Path home, Path data, int people, List<String> database, Map<String, String> environment) {
    Start without(String feature) {
      return new Start(home, data, people, database, Map.of(feature, "off"));
    }
  }

  /** Starts it and waits for the line by which it says that it is ready. */
  static ServerProcess start(Start how) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                how.home().resolve("countersign").toString(),
                "demo",
                "--json",
                "--port",
                "0",
                "--https-port",
                "0",
                "--data",
                how.data().toString(),
                "--people",
                String.valueOf(how.people())));
    command.addAll(how.database());
    var builder =
        new ProcessBuilder(command)
            .redirectError(how.data().resolveSibling(how.data().getFileName() + ".log").toFile());
    builder.environment().putAll(how.environment());
    long started = System.nanoTime();
    var process = builder.start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var line = out.readLine();
    var ready = Duration.ofNanos(System.nanoTime() - started);
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("the server did not start; see " + how.data() + ".log");
    }
    return new ServerProcess(process, Stage.of(line), ready);
  }

  /** The script hands over to Java without a process of its own, so this is Java's. */
  long pid() {
    return process.pid();
  }

  Stage stage() {
    return stage;
  }

  /** From the start of the script to the ready line. */
  Duration ready() {
    return ready;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
