package dev.countersign.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An API of the folder {@code examples}, running as whoever copies it would run it. */
final class ExampleApi implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final Path TARGET = Path.of("target");

  private final Process process;
  private final int port;

  private ExampleApi(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The one for Express. */
  static ExampleApi express(String issuer, String audience) throws IOException {
    var folder = TARGET.resolve("example-express");
    NodeClients.install(EXAMPLES.resolve("express"), folder);
    // Node does not find *.localhost on every system.
    var names = TARGET.resolve("loopback.mjs").toAbsolutePath();
    Files.writeString(
        names,
        """
        import dns from 'node:dns';
        const { lookup } = dns;
        dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest);
        """);
    return started(
        folder,
        Map.of("ISSUER", issuer, "AUDIENCE", audience, "PORT", "0"),
        Pattern.compile("listening on (\\d+)"),
        List.of("node", "--import", names.toUri().toString(), "server.mjs"));
  }

  /** The one for Spring Boot. */
  static ExampleApi springBoot(String issuer, String audience) throws IOException {
    var hosts = TARGET.resolve("example-hosts").toAbsolutePath();
    Files.writeString(hosts, "127.0.0.1 localhost " + URI.create(issuer).getHost() + "\n");
    return started(
        TARGET,
        Map.of(),
        Pattern.compile("started on port (\\d+)"),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djdk.net.hosts.file=" + hosts,
            "-jar",
            EXAMPLES.resolve("spring-boot/target/bank-api.jar").toAbsolutePath().toString(),
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--countersign.issuer=" + issuer,
            "--countersign.audience=" + audience));
  }

  private static ExampleApi started(
      Path folder, Map<String, String> environment, Pattern ready, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var said = new ArrayList<String>();
    var out = process.inputReader();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      var port = ready.matcher(line);
      if (port.find()) {
        Thread.ofVirtual().start(() -> drain(out));
        return new ExampleApi(process, Integer.parseInt(port.group(1)));
      }
    }
    throw new AssertionError(String.join(" ", command) + " said:\n" + String.join("\n", said));
  }

  private static void drain(BufferedReader out) {
    try (out) {
      while (out.readLine() != null) {
        // A process whose output nobody reads stops.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls it with that token. */
  HttpResponse<String> call(String method, String path, String token) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
