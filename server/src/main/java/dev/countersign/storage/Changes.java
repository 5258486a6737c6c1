package dev.countersign.storage;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is changed in an embedded database, table by table, so that a {@link Mirror} knows what it must read again.
 * Thread-safe.
 */
final class Changes {
  /** Rows share a count with others; who shares one is read again too often, never too seldom. */
  private static final int COUNTS = 512;

  private final Map<String, Table> tables = new ConcurrentHashMap<>();
  private final AtomicLong all = new AtomicLong();

  /**
   * One change.
   *
   * @param table null where it may be any
   * @param row the only one that is another now, by the name that its mirror gives it; null where it may be any
   */
  record Change(@Nullable String table, @Nullable Object row) {
    /** Whether it may be one of these tables. */
    boolean mayBeIn(List<String> tables) {
      return table == null || tables.contains(table);
    }

    /** Whether it may be this row. */
    boolean mayBe(Object name) {
      return row == null || row.equals(name);
    }
  }

  private static final class Table {
    final AtomicLong whole = new AtomicLong();
    final AtomicLongArray rows = new AtomicLongArray(COUNTS);
  }

  /** A number that grows with every change of this row. */
  long of(Iterable<String> names, Object row) {
    long sum = all.get();
    for (var name : names) {
      var table = table(name);
      sum += table.whole.get() + table.rows.get(place(row));
    }
    return sum;
  }

  /** Has been committed or undone, and nobody else writes yet. */
  void happened(Change change) {
    if (change.table() == null) {
      all.incrementAndGet();
    } else if (change.row() == null) {
      table(change.table()).whole.incrementAndGet();
    } else {
      table(change.table()).rows.incrementAndGet(place(change.row()));
    }
  }

  private Table table(String name) {
    var known = tables.get(name);
    return known == null ? tables.computeIfAbsent(name, _ -> new Table()) : known;
  }

  private static int place(Object row) {
    int hash = row.hashCode();
    return (hash ^ (hash >>> 16)) & (COUNTS - 1);
  }
}
