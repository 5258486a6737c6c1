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
