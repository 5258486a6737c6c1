package dev.countersign.bench;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Secret;
import dev.countersign.storage.Database;
import dev.countersign.testkit.PostgresBinaries;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is measured on: a data folder and, where it is wanted, a PostgreSQL of its own. Both go when it is closed. */
final class Ground implements AutoCloseable {
  private static final String USER = "postgres";

  private final Path folder;
  private final Optional<EmbeddedPostgres> server;

  private Ground(Path folder, Optional<EmbeddedPostgres> server) {
    this.folder = folder;
    this.server = server;
  }

  /**
   * Makes one.
   *
   * @param buffers how much of the database PostgreSQL keeps in memory
   */
  static Ground make(boolean postgres, String buffers) throws IOException {
    return new Ground(
        Files.createTempDirectory("countersign-bench"),
        postgres ? Optional.of(started(buffers)) : Optional.empty());
  }

  /** What makes commits durable is on in PostgreSQL; this wrapper, made for tests, turns it off. */
  private static EmbeddedPostgres started(String buffers) throws IOException {
    return EmbeddedPostgres.builder()
        .setPgBinaryResolver(new PostgresBinaries())
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("shared_buffers", buffers)
        .start();
  }

  /** Where the server keeps its files. */
  Path data() {
    return folder.resolve("data");
  }

  /** By which a server finds the database; nothing for the embedded one. */
  List<String> flags() {
    return server
        .map(it -> List.of("--database-url", url(it), "--database-user", USER))
        .orElse(List.of());
  }

  Deployment deployment() throws IOException {
    Files.createDirectories(data());
    Map<String, String> settings = new TreeMap<>(Map.of("data", data().toString()));
    server.ifPresent(it -> {
      settings.put("database.url", url(it));
      settings.put("database.user", USER);
    });
    return switch (Deployment.of(Settings.with(settings))) {
      case Deployment.Sound(var it) -> it;
      case Deployment.Contradictory(var mistakes) ->
          throw new IllegalStateException(mistakes.toString());
    };
  }

  /** How this process reaches the database. */
  Database.Address address() throws IOException {
    var deployment = deployment();
    return new Database.Address(
        deployment.databaseUrl(),
        deployment.databaseUser(),
        Secret.of(""),
        4,
        Duration.ofMinutes(1));
  }

  /** The processes that all others of the database descend from. */
  List<Long> processes() throws SQLException {
    return server.isEmpty() ? List.of() : List.of(postmaster(server.get()));
  }

  private static String url(EmbeddedPostgres postgres) {
    return postgres.getJdbcUrl(USER, "postgres").replaceAll("\\?.*", "");
  }

  private static long postmaster(EmbeddedPostgres postgres) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery("select pg_backend_pid()")) {
      result.next();
      return ProcessHandle.of(result.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow().pid();
    }
  }

  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      server.get().close();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
