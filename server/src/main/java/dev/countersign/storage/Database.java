package dev.countersign.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one door to the database. A unit of work gets a {@link Tx}, commits when it returns and rolls back when it throws.
 * Isolation is READ COMMITTED on PostgreSQL, and the embedded database has one writer at a time: what must happen once is one
 * conditional UPDATE, never a read followed by a write. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final int TRIES = 6;

  /** How long a reader waits for the connection that knows the pages before it takes one that has to read them. */
  private static final Duration FAVOUR = Duration.ofMillis(20);

  private static final String READ_ONLY = "the database can be read but not written";

  private final HikariDataSource pool;
  private final Dialect dialect;
  private final Pulse pulse;
  private final @Nullable EmbeddedDoor embedded;
  private final Duration patience;

  private Database(
      HikariDataSource pool,
      Dialect dialect,
      Pulse pulse,
      @Nullable EmbeddedDoor embedded,
      Duration patience) {
    this.pool = pool;
    this.dialect = dialect;
    this.pulse = pulse;
    this.embedded = embedded;
    this.patience = patience;
  }

  /**
   * How to reach it.
   *
   * @param url a JDBC URL of SQLite or PostgreSQL; the former has no user and no password
   * @param poolSize connections at most
   * @param patience how long a unit of work waits for a connection before it fails with {@link StorageException.Unavailable}
   */
  public record Address(
      String url,
      String user,
      dev.countersign.kernel.Secret password,
      int poolSize,
      Duration patience) {}

  /**
   * Makes the pool. Waits for the first connection, which opens an embedded database and may take longer than anybody's
   * patience; one that is down does not keep the pool from being made.
   */
  public static Database at(Address address) {
    var dialect = Dialect.of(address.url());
    var config = new HikariConfig();
    var pulse = Pulse.ofEmbedded();
    EmbeddedDoor embedded = null;
    if (dialect == Dialect.POSTGRES) {
      var server = new PostgresDoor(address);
      pulse = server.pulse();
      config.setDataSource(server);
    } else {
      embedded = new EmbeddedDoor(address.url());
      config.setDataSource(embedded);
      config.setMaxLifetime(0); // It does not age, and keeps its statements.
    }
    config.setMaximumPoolSize(address.poolSize());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(Math.max(250, address.patience().toMillis()));
    config.setValidationTimeout(Math.max(250, address.patience().toMillis() / 4));
    config.setInitializationFailTimeout(0);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setPoolName("database");
    config.setRegisterMbeans(false);
    return new Database(new HikariDataSource(config), dialect, pulse, embedded, address.patience());
  }

  /** What runs within one transaction. May run more than once when transactions collide, so it must not touch anything but the database. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T in(Tx tx);
  }

  /** The same, for nothing in return. */
  @FunctionalInterface
  public interface Deed {
    void in(Tx tx);
  }

  /** Runs {@code work}, tries again when another transaction was in the way, and commits. */
  public <T extends @Nullable Object> T write(Work<T> work) {
    return again(() -> once(work, false));
  }

  private static <T extends @Nullable Object> T again(Supplier<T> once) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once.get();
      } catch (StorageException.Contention e) {
        if (attempt == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000L << attempt));
      }
    }
  }

  public void run(Deed deed) {
    this.<Boolean>write(tx -> {
      deed.in(tx);
      return true;
    });
  }

  /** Runs {@code work} that only reads; a changing statement in it is refused. */
  public <T extends @Nullable Object> T read(Work<T> work) {
    return again(() -> once(work, true));
  }

  private <T extends @Nullable Object> T once(Work<T> work, boolean onlyReads) {
    try (var unit = pulse.begin();
        var turn = turn(onlyReads);
        var _ = unit.on(turn.connection())) {
      var connection = turn.connection();
      if (onlyReads) {
        // On PostgreSQL each statement sees what is committed when it begins, with or without a
        // transaction around it, so reads go without and spare its beginning and its end.
        return work.in(new Tx(connection, dialect, true, changes()));
      }
      var tx = new Tx(connection, dialect, false, changes());
      boolean done = false;
      connection.setAutoCommit(false);
      try {
        T result = work.in(tx);
        connection.setAutoCommit(true); // By JDBC this commits.
        done = true;
        tx.committed();
        return result;
      } finally {
        if (!done) {
          rollback(connection);
          tx.undone();
        }
      }
    } catch (SQLException e) {
      throw failure(dialect, "commit", e);
    }
  }

  private @Nullable Changes changes() {
    return embedded == null ? null : embedded.changes();
  }

  /** A connection, until it is closed. */
  private record Turn(Connection connection, Ending ending) implements AutoCloseable {
    @FunctionalInterface
    interface Ending {
      void end() throws SQLException;
    }

    @Override
    public void close() throws SQLException {
      ending.end();
    }
  }

  private Turn turn(boolean onlyReads) {
    if (embedded == null) {
      return anyTurn();
    }
    return onlyReads ? turnToRead(embedded) : turnToWrite(embedded);
  }

  private Turn anyTurn() {
    var connection = connection();
    return new Turn(connection, connection::close);
  }

  /** By the favoured connection, or by any other while that one is busy. */
  private Turn turnToRead(EmbeddedDoor door) {
    if (door.favour().isMine() || !isFavoured(door, FAVOUR)) {
      return anyTurn();
    }
    return favoured(door, EmbeddedConnection::beginReading, EmbeddedConnection::endReading);
  }

  /** By the favoured connection alone, so that there is one writer at a time. */
  private Turn turnToWrite(EmbeddedDoor door) {
    if (door.favour().isMine()) {
      throw new IllegalStateException("a unit of work that writes within another one");
    }
    if (!isFavoured(door, patience)) {
      throw new StorageException.Unavailable(
          "the database is busy writing", new SQLException("no turn", "08001"));
    }
    return favoured(door, _ -> {}, _ -> {});
  }

  private static boolean isFavoured(EmbeddedDoor door, Duration wait) {
    try {
      return door.favour().take(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException.Unavailable(
          "interrupted while waiting for the database", new SQLException("no turn", "08001", e));
    }
  }

  /** What is done to the favoured connection. */
  @FunctionalInterface
  private interface Step {
    void on(EmbeddedConnection connection) throws SQLException;
  }

  /** Of somebody who holds the favour already. */
  private Turn favoured(EmbeddedDoor door, Step first, Step last) {
    boolean begun = false;
    try {
      var connection = door.favoured(patience);
      first.on(connection);
      begun = true;
      return new Turn(
          connection,
          () -> {
            try {
              last.on(connection);
            } finally {
              door.favour().leave();
            }
          });
    } catch (SQLException e) {
      throw unreachable(e);
    } finally {
      if (!begun) {
        door.favour().leave();
      }
    }
  }

  private Connection connection() {
    if (pulse.isSilent()) {
      // Or a request that asks the database ten times would wait ten times.
      throw new StorageException.Unavailable(
          "the database does not answer", new SQLException("no greeting", "08001"));
    }
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  private StorageException unreachable(SQLException e) {
    if (dialect.isReadOnly(e)) {
      return new StorageException(READ_ONLY, e);
    }
    if (dialect.isTaken(e)) {
      return new StorageException.Unavailable(
          "another process has the embedded database open: stop it, or give this one a data folder of its own",
          e);
    }
    return new StorageException.Unavailable(
        e instanceof SQLTransientConnectionException
            ? "no database connection"
            : "no database connection: " + e.getSQLState(),
        e);
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException ignored) {
      // The pool throws the broken connection away; what went wrong first is on its way up.
    }
  }

  static StorageException failure(Dialect dialect, String what, SQLException e) {
    if (dialect.isDuplicate(e)) {
      return new StorageException.Duplicate("duplicate: " + what, e);
    }
    if (dialect.isContention(e)) {
      return new StorageException.Contention("contention: " + what, e);
    }
    if (dialect.isGone(e)) {
      return new StorageException.Unavailable("database gone: " + what, e);
    }
    if (dialect.isReadOnly(e)) {
      return new StorageException(READ_ONLY, e);
    }
    return new StorageException("statement failed (" + e.getSQLState() + "): " + what, e);
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The pool at this moment. */
  public record Load(int active, int idle, int awaited) {}

  public Load load() {
    var bean = pool.getHikariPoolMXBean();
    return bean == null
        ? new Load(0, 0, 0)
        : new Load(
            bean.getActiveConnections(),
            bean.getIdleConnections(),
            bean.getThreadsAwaitingConnection());
  }

  /** Connections in use now. */
  public int busy() {
    return load().active();
  }

  @Override
  public void close() {
    pulse.close();
    pool.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
