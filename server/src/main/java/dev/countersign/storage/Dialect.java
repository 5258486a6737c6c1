package dev.countersign.storage;

import java.sql.SQLException;

/** The few things in which the two databases differ. */
public enum Dialect {
  H2,
  POSTGRES;

  static Dialect of(String url) {
    return url.startsWith("jdbc:h2:") ? H2 : POSTGRES;
  }

  /** Two transactions got in each other's way and one may simply try again (SQLSTATE class 40, H2's lock time-out). */
  boolean isContention(SQLException e) {
    var state = e.getSQLState();
    if (state == null) {
      return false;
    }
    return state.startsWith("40")
        || state.equals("55P03")
        || (this == H2 && (state.equals("HYT00") || e.getErrorCode() == 90131));
  }

  /** A unique key is already taken (SQLSTATE 23505 on both). */
  boolean isDuplicate(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  /** Another process has the embedded database open (H2's DATABASE_ALREADY_OPEN). */
  boolean isTaken(Throwable e) {
    for (var cause = e; cause != null; cause = cause.getCause()) {
      if (this == H2 && cause instanceof SQLException said && said.getErrorCode() == 90020) {
        return true;
      }
    }
    return false;
  }

  /** It can be read but not written: a read-only disk (H2's DATABASE_IS_READ_ONLY) or a standby (SQLSTATE 25006). */
  boolean isReadOnly(SQLException e) {
    return this == H2 ? e.getErrorCode() == 90097 : "25006".equals(e.getSQLState());
  }

  /** The connection or the server is gone (SQLSTATE class 08, PostgreSQL's 57P0x, H2's closed database). */
  boolean isGone(SQLException e) {
    var state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || (this == H2
            && (state.startsWith("90098")
                || state.startsWith("90121")
                || state.startsWith("90067")));
  }
}
