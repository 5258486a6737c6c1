package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The packaged server in a process of its own, as {@code countersign serve} starts it, to be killed without a word. */
final class ServerProcess implements AutoCloseable {
  private static final Path JAR =
      Path.of("..", "server", "target", "countersign", "countersign.jar");
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final Process process;
  private final HttpClient http;
  private final int port;
  private final int operatorPort;
  private final Path log;
  private final Duration untilReady;

  /**
   * Starts it and waits until it is ready.
   *
   * @param port where it is found; a server that is started again has to be found where it was
   * @param flags of {@code serve}, without the dashes
   * @param log where it logs, after what was logged before
   */
  ServerProcess(HttpClient http, FreePort port, Map<String, String> flags, Path log) {
    this.http = http;
    this.port = port.number();
    this.operatorPort = FreePort.find().number();
    this.log = log;
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                JAR.toString(),
                "serve",
                "--http-port",
                String.valueOf(this.port),
                "--operator-port",
                String.valueOf(operatorPort)));
    flags.forEach((name, value) -> command.addAll(List.of("--" + name, value)));
    long started = System.nanoTime();
    try {
      this.process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (!isReady()) {
      assertThat(process.isAlive()).as(() -> "the server runs; it said:\n" + logged()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .as(() -> "ready; it said:\n" + logged())
          .isLessThan(LONGEST_START);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    this.untilReady = Duration.ofNanos(System.nanoTime() - started);
  }

  private boolean isReady() {
    try {
      return operator("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  /** How long it took from nothing to ready. */
  Duration untilReady() {
    return untilReady;
  }

  /** Where the default tenant is found. */
  String origin() {
    return "http://127.0.0.1:" + port;
  }

  /** What its operator's port says. */
  java.net.http.HttpResponse<String> operator(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + operatorPort + path)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String logged() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL: no time for anything. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
