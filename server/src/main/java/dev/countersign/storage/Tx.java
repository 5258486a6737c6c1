package dev.countersign.storage;

import java.sql.Connection;

/** One running transaction. Not thread-safe; not to be kept beyond the unit of work that was given it. */
public final class Tx {
  private final Connection connection;
  private final Dialect dialect;
  private final boolean onlyReads;

  Tx(Connection connection, Dialect dialect, boolean onlyReads) {
    this.connection = connection;
    this.dialect = dialect;
    this.onlyReads = onlyReads;
  }

  /** A statement whose parameters are written {@code :name}. */
  public Query sql(String text) {
    return new Query(connection, dialect, text, onlyReads);
  }

  public Dialect dialect() {
    return dialect;
  }
}
