package dev.countersign.storage;

import java.sql.SQLException;

/** A statement failed. The message names the kind of failure and the SQL text, never a parameter. */
public sealed class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Somebody else was quicker, and the whole unit of work has to run again on what is there now. */
  public static Contention overtaken(String what) {
    return new Contention("overtaken: " + what, new IllegalStateException(what));
  }

  /** A unique key is already taken. The transaction can only be rolled back. */
  public static final class Duplicate extends StorageException {
    private static final long serialVersionUID = 1;

    Duplicate(String message, SQLException cause) {
      super(message, cause);
    }
  }

  /** Another transaction was in the way; {@link Database#write} has retried already when this is seen outside. */
  public static final class Contention extends StorageException {
    private static final long serialVersionUID = 1;

    Contention(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The database cannot be reached now; the web edge answers 503. */
  public static final class Unavailable extends StorageException {
    private static final long serialVersionUID = 1;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
