package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.FreePort;
import java.io.File;
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
    this(http, port, flags, log, List.of("-jar", JAR.toString()));
  }

  /** The same with as many megabytes of heap at most. */
  static ServerProcess within(
      int megabytes, HttpClient http, FreePort port, Map<String, String> flags, Path log) {
    return new ServerProcess(
        http, port, flags, log, List.of("-Xmx" + megabytes + "m", "-jar", JAR.toString()));
  }

  /** The same of another build: what is in this folder takes the place of what the packaged server has. */
  static ServerProcess changedBy(
      Path folder, HttpClient http, FreePort port, Map<String, String> flags, Path log) {
    return new ServerProcess(
        http,
        port,
        flags,
        log,
        List.of("-cp", folder + File.pathSeparator + JAR, "dev.countersign.Main"));
  }

  private ServerProcess(
      HttpClient http, FreePort port, Map<String, String> flags, Path log, List<String> program) {
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
                // It lives for seconds: what the second compiler takes from its start it never gives
                // back.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(program);
    command.addAll(
        List.of(
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

  int port() {
    return port;
  }

  int operatorPort() {
    return operatorPort;
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

  /** SIGTERM, and what it ends with. */
  int stop() {
    process.destroy();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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
