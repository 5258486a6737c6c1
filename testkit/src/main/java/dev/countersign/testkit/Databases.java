package dev.countersign.testkit;

import dev.countersign.kernel.Secret;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The databases of this process: one of each engine that Worlds share, its schema made once, and as many of a World's own
 * as it wants. Worlds on a shared one live apart by their tenants, as customers do.
 */
final class Databases {
  /** One for each thread that runs tests, so that no test meets another's connections. */
  private static final ThreadLocal<Map<Engine, Shared>> SHARED =
      ThreadLocal.withInitial(() -> new EnumMap<>(Engine.class));

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable EmbeddedPostgres postgres;

  /** Enough for the races: 16 threads on each of two nodes. */
  private static final int POOL = 20;

  private Databases() {}

  /** A prepared database, the keys it is written with, and a pool for each server on it. */
  static final class Shared implements AutoCloseable {
    private final String url;
    private final KeyRing keys;
    private final Duration patience;
    private final @Nullable FlakyLink link;
    private final List<Database> pools = new ArrayList<>();

    Shared(String url, KeyRing keys, Duration patience, @Nullable FlakyLink link) {
      this.url = url;
      this.keys = keys;
      this.patience = patience;
      this.link = link;
    }

    Optional<FlakyLink> link() {
      return Optional.ofNullable(link);
    }

    KeyRing keys() {
      return keys;
    }

    synchronized Database pool(int index) {
      while (pools.size() <= index) {
        pools.add(open(url, patience));
      }
      return pools.get(index);
    }

    @Override
    public synchronized void close() {
      pools.forEach(Database::close);
      if (link != null) {
        link.close();
      }
    }
  }

  static Shared shared(Engine engine) {
    return SHARED.get().computeIfAbsent(engine, Databases::fresh);
  }

  /** A new database of its own. */
  static Shared fresh(Engine engine) {
    return prepared(
        switch (engine) {
          case EMBEDDED -> "jdbc:sqlite:" + file() + "?synchronous=OFF";
          case POSTGRES -> created("world" + COUNT.incrementAndGet());
        });
  }

  /** Where a database can be; what is made there goes when the process ends. */
  private static Path file() {
    try {
      var folder = Files.createTempDirectory("countersign-world");
      folder.toFile().deleteOnExit();
      var file = folder.resolve("countersign.db");
      for (var beside : List.of("", "-wal", "-shm", ".lock")) {
        folder.resolve(file.getFileName() + beside).toFile().deleteOnExit();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new PostgreSQL database of its own, reached over a line that can be cut, by a server as impatient as in earnest. */
  static Shared behindFlakyLink() {
    var url = created("world" + COUNT.incrementAndGet());
    var link = FlakyLink.to(server().getPort());
    return prepared(
        url.replace(":" + server().getPort() + "/", ":" + link.port() + "/"),
        Duration.ofMillis(1_500),
        link);
  }

  private static Shared prepared(String url) {
    return prepared(url, Duration.ofSeconds(10), null);
  }

  private static Shared prepared(String url, Duration patience, @Nullable FlakyLink link) {
    var keys = KeyRing.fresh(new SeededEntropy(COUNT.get()));
    var shared = new Shared(url, keys, patience, link);
    Schema.prepare(shared.pool(0), keys);
    return shared;
  }

  private static Database open(String url, Duration patience) {
    return Database.at(new Database.Address(url, "postgres", Secret.of(""), POOL, patience));
  }

  private static String created(String name) {
    var server = server();
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not make a database", e);
    }
    return server.getJdbcUrl("postgres", name);
  }

  /** One server for the whole process; it ends with it. */
  static synchronized EmbeddedPostgres server() {
    if (postgres == null) {
      try {
        postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "64MB")
                .setPgBinaryResolver(new PostgresBinaries())
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException("PostgreSQL does not start", e);
      }
    }
    return postgres;
  }
}
