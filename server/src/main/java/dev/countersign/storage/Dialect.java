package dev.countersign.storage;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The few things in which the two databases differ. Statements are written as PostgreSQL has them. */
public enum Dialect {
  SQLITE,
  POSTGRES;

  private static final Pattern LOCK = Pattern.compile(" for update( skip locked)?");
  private static final Pattern PAGE =
      Pattern.compile("offset (:?\\w+) rows? fetch (?:first|next) (:?\\w+) rows? only");
  private static final Pattern FIRST = Pattern.compile("fetch first (:?\\w+) rows? only");

  static Dialect of(String url) {
    return url.startsWith(EmbeddedDoor.PREFIX) ? SQLITE : POSTGRES;
  }

  /**
   * A statement in this database's words. SQLite has one writer at a time, so that no row has to be locked, and stores rows
   * with their key where it is told to, instead of once more beside it.
   */
  String say(String text) {
    if (this == POSTGRES) {
      return text;
    }
    var words = LOCK.matcher(text).replaceAll("");
    words = PAGE.matcher(words).replaceAll("limit $2 offset $1");
    words = FIRST.matcher(words).replaceAll("limit $1");
    return words.startsWith("create table ") ? words + " without rowid" : words;
  }

  /** Two transactions got in each other's way and one may simply try again (SQLSTATE class 40). */
  boolean isContention(SQLException e) {
    return this == SQLITE
        ? is(e, SQLiteErrorCode.SQLITE_BUSY) || is(e, SQLiteErrorCode.SQLITE_LOCKED)
        : state(e).startsWith("40") || state(e).equals("55P03");
  }

  /** A unique key is already taken (SQLSTATE 23505). */
  boolean isDuplicate(SQLException e) {
    return this == SQLITE
        ? e instanceof SQLiteException said
            && (said.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                || said.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE)
        : state(e).equals("23505");
  }

  /** Another process has the embedded database open. */
  boolean isTaken(Throwable e) {
    for (var cause = e; cause != null; cause = cause.getCause()) {
      if (this == SQLITE
          && cause instanceof SQLException said
          && state(said).equals(OneProcess.TAKEN)) {
        return true;
      }
    }
    return false;
  }

  /** It can be read but not written: a read-only disk or a standby (SQLSTATE 25006). */
  boolean isReadOnly(Throwable e) {
    for (var cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said
          && (is(said, SQLiteErrorCode.SQLITE_READONLY)
              || state(said).equals(OneProcess.READ_ONLY))) {
        return true;
      }
    }
    return false;
  }

  /** The connection or the server is gone (SQLSTATE class 08, PostgreSQL's 57P0x), or the disk is. */
  boolean isGone(SQLException e) {
    return this == SQLITE
        ? is(e, SQLiteErrorCode.SQLITE_IOERR)
            || is(e, SQLiteErrorCode.SQLITE_FULL)
            || is(e, SQLiteErrorCode.SQLITE_CANTOPEN)
        : state(e).isEmpty()
            || state(e).startsWith("08")
            || state(e).startsWith("57P")
            || state(e).startsWith("53");
  }

  private static String state(SQLException e) {
    var state = e.getSQLState();
    return state == null ? "" : state;
  }

  /** Of the kind of {@code code}, whose more exact codes have it as their lowest byte. */
  private static boolean is(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException said && (said.getResultCode().code & 0xff) == code.code;
  }
}
