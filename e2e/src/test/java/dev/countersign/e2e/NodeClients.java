package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Clients from npm, unmodified, run by Node against a demo of the packaged product over HTTPS: the scripts of the folder
 * {@code sdk}. What they need is installed into {@code target/sdk}, once for each {@code package-lock.json}.
 */
final class NodeClients implements AutoCloseable {
  private static final Path SCRIPTS = Path.of("sdk");
  private static final Path INSTALLED = Path.of("target", "sdk");
  private static final int LONGEST_SECONDS = 600;

  private final Installation.Running demo;
  private final JsonNode told;

  private NodeClients(Installation.Running demo) {
    this.demo = demo;
    this.told = Json.tree(demo.line());
  }

  /**
   * Starts a demo of its own.
   *
   * @param folder an empty one
   */
  static NodeClients start(Path folder) throws IOException {
    install(SCRIPTS, INSTALLED);
    var home = Files.createDirectory(folder.resolve("countersign"));
    return new NodeClients(
        Installation.in(home)
            .start(
                "demo",
                "--port",
                String.valueOf(FreePort.find().number()),
                "--https-port",
                String.valueOf(FreePort.find().number()),
                "--data",
                folder.resolve("data").toString(),
                "--people",
                "20",
                "--json"));
  }

  /**
   * Copies a folder of scripts and installs what they need, once for each {@code package-lock.json}. Other processes that
   * want the same wait.
   */
  static synchronized void install(Path scripts, Path into) throws IOException {
    Files.createDirectories(into);
    try (var marker =
            FileChannel.open(
                into.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = marker.lock()) {
      try (var files = Files.list(scripts)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(
              file, into.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      var wanted = into.resolve("package-lock.json");
      var there = into.resolve("node_modules/.installed.json");
      if (Files.exists(there) && Files.mismatch(wanted, there) == -1) {
        return;
      }
      succeed(run(Map.of(), into, "npm", "ci"));
      Files.copy(wanted, there, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The line of {@code ./countersign demo --json}. */
  JsonNode told() {
    return told;
  }

  /** Runs a script, which must succeed. */
  void run(String script, String... more) {
    var command = new ArrayList<>(List.of("node", script));
    command.addAll(Arrays.asList(more));
    succeed(
        run(
            Map.of(
                "COUNTERSIGN_DEMO",
                Json.write(told),
                "NODE_EXTRA_CA_CERTS",
                told.path("ca").asString()),
            INSTALLED,
            command.toArray(String[]::new)));
  }

  private record Ran(List<String> command, int status, String said) {}

  private static void succeed(Ran ran) {
    assertThat(ran.status())
        .as(() -> String.join(" ", ran.command()) + " said:\n" + ran.said())
        .isZero();
  }

  private static Ran run(Map<String, String> environment, Path folder, String... command) {
    var builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("Node 20 and npm are needed for Auth0's clients", e);
    }
    CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try (var out = process.getInputStream()) {
      var said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(List.of(command), process.waitFor(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    demo.close();
  }
}
