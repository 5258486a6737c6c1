package dev.countersign.storage;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections to PostgreSQL for the pool. While the server is known not to answer it waits for its pulse instead of
 * trying: the pool pauses longer after each vain try, and would be the last to learn that the server is back.
 */
final class PostgresDoor extends PGSimpleDataSource {
  private static final long serialVersionUID = 1;

  /** So long the pool may wait in vain before it tries all the same. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final transient Pulse pulse;

  @SuppressWarnings("this-escape") // final, and the calls are to the superclass alone
  PostgresDoor(Database.Address address) {
    setURL(address.url());
    setUser(address.user());
    setPassword(address.password().reveal());
    setPrepareThreshold(3);
    setPreparedStatementCacheQueries(512);
    setSocketTimeout(10);
    setConnectTimeout(2);
    setApplicationName("countersign");
    this.pulse = Pulse.of(() -> greet(address));
  }

  Pulse pulse() {
    return pulse;
  }

  /** Signing on is a conversation of several turns; whoever refuses us has answered. */
  private static void greet(Database.Address address) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password().reveal());
    properties.setProperty("loginTimeout", "0.9");
    properties.setProperty("connectTimeout", "1");
    properties.setProperty("socketTimeout", "1");
    properties.setProperty("ApplicationName", "countersign pulse");
    DriverManager.getConnection(address.url(), properties).close();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(getUser(), getPassword());
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    try {
      pulse.await(LONGEST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while the database does not answer", "08001", e);
    }
    return super.getConnection(user, password);
  }
}
