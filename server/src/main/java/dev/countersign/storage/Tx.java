package dev.countersign.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One running transaction. Not thread-safe; not to be kept beyond the unit of work that was given it.
 */
public final class Tx {
  private final Connection connection;
  private final Dialect dialect;
  private final boolean onlyReads;
  private final @Nullable Changes changes;
  private final List<Changes.Change> changed = new ArrayList<>();
  private final Map<Object, Object> seen = new HashMap<>();
  private final Map<Object, Runnable> afterwards = new LinkedHashMap<>();

  Tx(Connection connection, Dialect dialect, boolean onlyReads, @Nullable Changes changes) {
    this.connection = connection;
    this.dialect = dialect;
    this.onlyReads = onlyReads;
    this.changes = changes;
  }

  /** A statement whose parameters are written {@code :name}. */
  public Query sql(String text) {
    return new Query(this, connection, text, onlyReads);
  }

  /** From here on a statement may take as long as it takes, as a change of the schema does where there is much. */
  void unhurried() {
    if (dialect != Dialect.POSTGRES) {
      return;
    }
    try {
      connection.setNetworkTimeout(Runnable::run, 0); // The pool sets it back.
    } catch (SQLException e) {
      throw Database.failure(dialect, "network timeout", e);
    }
  }

  /**
   * What {@code reading} finds; in a unit of work that only reads, whoever asks for the same again gets what was found before.
   * One that changes things looks each time: it may have changed this very thing, or waited for a lock meanwhile.
   *
   * @param what names the thing among all that is read; a value with its own notion of equality
   */
  @SuppressWarnings("unchecked") // each name is used by one reading, which has one type
  public <T> T once(Object what, Supplier<T> reading) {
    if (!onlyReads) {
      return reading.get();
    }
    var known = seen.get(what);
    if (known == null) {
      known = reading.get();
      seen.put(what, known);
    }
    return (T) known;
  }

  /** Has something told once this unit of work is committed, and never when it is not; of one thing one time. */
  public void afterCommit(Object what, Runnable telling) {
    afterwards.put(what, telling);
  }

  /** Whether something is to be told of this thing. */
  public boolean willTell(Object what) {
    return afterwards.containsKey(what);
  }

  /** What is changed in an embedded database by whomever; null of any other. */
  @Nullable Changes changes() {
    return changes;
  }

  void change(Changes.Change change) {
    if (changes != null) {
      changed.add(change);
    }
  }

  /** Whether this unit of work itself may have changed something in one of these tables. */
  boolean hasChanged(List<String> tables) {
    for (var change : changed) {
      if (change.mayBeIn(tables)) {
        return true;
      }
    }
    return false;
  }

  /** How many changes this unit of work has made until now. */
  int changedSoFar() {
    return changed.size();
  }

  /** Whether it may have changed this row of one of these tables after its first so many changes. */
  boolean hasChangedSince(int first, List<String> tables, Object row) {
    return changed.subList(first, changed.size()).stream()
        .anyMatch(change -> change.mayBeIn(tables) && change.mayBe(row));
  }

  void committed() {
    tell();
    afterwards.values().forEach(Runnable::run);
  }

  /** Not committed, as far as the database said. Should a disk have failed between the two, what is kept is read again. */
  void undone() {
    tell();
  }

  private void tell() {
    if (changes != null) {
      changed.forEach(changes::happened);
    }
  }

  public Dialect dialect() {
    return dialect;
  }
}
