package dev.countersign.storage;

import dev.countersign.kernel.Moment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * One statement, its parameters by name. Ids and other records of one text component are given as they print; a {@link
 * Moment} as its milliseconds; a collection fills {@code in (:names)}. Statement texts are parsed once and kept.
 */
public final class Query {
  private static final Map<Dialect, Map<String, Parsed>> PARSED =
      Map.of(
          Dialect.SQLITE, new ConcurrentHashMap<>(), Dialect.POSTGRES, new ConcurrentHashMap<>());

  private final Tx tx;
  private final Connection connection;
  private final Dialect dialect;
  private final String text;
  private final Parsed parsed;
  private final boolean onlyReads;
  private final Map<String, @Nullable Object> values = new HashMap<>();
  private @Nullable Object row;

  Query(Tx tx, Connection connection, String text, boolean onlyReads) {
    this.tx = tx;
    this.connection = connection;
    this.dialect = tx.dialect();
    this.text = text;
    this.parsed = parsed(dialect, text);
    this.onlyReads = onlyReads;
  }

  /** How one row becomes a value. */
  @FunctionalInterface
  public interface Mapping<T> {
    T of(Row row);
  }

  public Query set(String name, @Nullable Object value) {
    values.put(
        name,
        switch (value) {
          case null -> null;
          case Moment moment -> moment.millis();
          case Enum<?> e -> e.name();
          case Long _, Integer _, Boolean _, String _, byte[] _, Collection<?> _ -> value;
          case Sealed sealed -> sealed.bytes();
          case Object other -> other.toString();
        });
    return this;
  }

  /**
   * Says what is another after this changing statement, by the name that the {@link Mirror} of its table gives it: all that is
   * kept of the table's other rows stays.
   */
  public Query changing(Object name) {
    this.row = name;
    return this;
  }

  /** The only row, none, or an exception when there are several. */
  public <T> Optional<T> one(Mapping<T> mapping) {
    var rows = list(mapping);
    if (rows.size() > 1) {
      throw new StorageException("more than one row: " + text, new IllegalStateException());
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  public <T> List<T> list(Mapping<T> mapping) {
    if (parsed.changes() != null) {
      throw new IllegalStateException("nobody would hear what is changed by reading: " + text);
    }
    var asked = asked();
    try (var statement = prepared();
        var results = statement.executeQuery()) {
      var out = new ArrayList<T>();
      var row = new Row(results, parsed.columns());
      while (results.next()) {
        out.add(mapping.of(row));
      }
      return out;
    } catch (SQLException e) {
      throw Database.failure(dialect, text, e);
    } finally {
      told(asked);
    }
  }

  /**
   * Locks the rows that are found for this unit of work, which changes something; nothing is asked where one such unit runs at
   * a time.
   */
  public void hold() {
    if (onlyReads) {
      throw new IllegalStateException("a unit of work that only reads locks: " + text);
    }
    if (dialect == Dialect.POSTGRES) {
      list(_ -> true);
    }
  }

  /** Runs a changing statement and says how many rows it changed. */
  public int update() {
    if (onlyReads) {
      throw new IllegalStateException("a unit of work that only reads tried: " + text);
    }
    var asked = asked();
    try (var statement = prepared()) {
      int count = statement.executeUpdate();
      if (count > 0 || parsed.changes() == null) {
        tx.change(new Changes.Change(parsed.changes(), row));
      }
      return count;
    } catch (SQLException e) {
      throw Database.failure(dialect, text, e);
    } finally {
      told(asked);
    }
  }

  /** Null while nobody has ever recorded. */
  private static @Nullable Asked asked() {
    if (!FlightRecorder.isInitialized()) {
      return null;
    }
    var asked = new Asked();
    asked.begin();
    return asked;
  }

  private void told(@Nullable Asked asked) {
    if (asked != null) {
      asked.of(text);
    }
  }

  /** Whether the statement changed exactly one row: the form of every claim that only one may win. */
  public boolean changedOne() {
    return update() == 1;
  }

  private static Parsed parsed(Dialect dialect, String text) {
    var known = Objects.requireNonNull(PARSED.get(dialect));
    var parsed = known.get(text);
    return parsed == null ? known.computeIfAbsent(text, it -> Parsed.of(dialect.say(it))) : parsed;
  }

  private PreparedStatement prepared() throws SQLException {
    var statement = connection.prepareStatement(parsed.sqlFor(values));
    int index = 1;
    for (var name : parsed.names()) {
      if (!values.containsKey(name)) {
        statement.close();
        throw new IllegalStateException("no value for :" + name + " in " + text);
      }
      if (values.get(name) instanceof Collection<?> many) {
        for (var each : many) {
          statement.setObject(
              index++,
              each instanceof Long || each instanceof Integer ? each : String.valueOf(each));
        }
      } else {
        bind(statement, index++, values.get(name));
      }
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(index, Types.NULL);
      case String string -> statement.setString(index, string);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      case Boolean truth -> statement.setBoolean(index, truth);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case Object other -> statement.setObject(index, other);
    }
  }

  /**
   * A statement text cut at its parameters; a colon within quotes or doubled ({@code ::}) is no parameter.
   *
   * @param changes the table that it changes; null where that cannot be told, as of what changes the schema
   * @param columns where the columns of its answers are, as far as they were read yet
   */
  private record Parsed(
      List<String> pieces,
      List<String> names,
      String plain,
      @Nullable String changes,
      Map<String, Integer> columns) {
    static Parsed of(String text) {
      var pieces = new ArrayList<String>();
      var names = new ArrayList<String>();
      var piece = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\'') {
          quoted = !quoted;
        }
        if (c == ':'
            && !quoted
            && i + 1 < text.length()
            && Character.isJavaIdentifierStart(text.charAt(i + 1))) {
          int end = i + 1;
          while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
          }
          names.add(text.substring(i + 1, end));
          pieces.add(piece.toString());
          piece.setLength(0);
          i = end - 1;
        } else {
          piece.append(c);
        }
      }
      pieces.add(piece.toString());
      return new Parsed(
          List.copyOf(pieces),
          List.copyOf(names),
          String.join("?", pieces),
          changed(text.split("\\s+", 4)),
          new ConcurrentHashMap<>());
    }

    private static @Nullable String changed(String[] words) {
      return words.length < 3
          ? null
          : switch (words[0] + " " + words[1]) {
            case "insert into", "delete from" -> words[2].replaceFirst("\\(.*", "");
            default -> words[0].equals("update") ? words[1] : null;
          };
    }

    String sqlFor(Map<String, @Nullable Object> values) {
      if (!hasList(values)) {
        return plain;
      }
      var sql = new StringBuilder(pieces.getFirst());
      for (int i = 0; i < names.size(); i++) {
        if (values.get(names.get(i)) instanceof Collection<?> many) {
          sql.append(many.isEmpty() ? "null" : "?" + ",?".repeat(many.size() - 1));
        } else {
          sql.append('?');
        }
        sql.append(pieces.get(i + 1));
      }
      return sql.toString();
    }

    private static boolean hasList(Map<String, @Nullable Object> values) {
      for (var value : values.values()) {
        if (value instanceof Collection<?>) {
          return true;
        }
      }
      return false;
    }
  }

  /** One row of an answer, read by column name. Valid only while the mapping runs. */
  public static final class Row {
    private final ResultSet results;
    private final Map<String, Integer> columns;

    Row(ResultSet results, Map<String, Integer> columns) {
      this.results = results;
      this.columns = columns;
    }

    /** Found once for all answers to a statement, where drivers look through the names for each. */
    private int at(String column) throws SQLException {
      var known = columns.get(column);
      if (known != null) {
        return known;
      }
      int found = results.findColumn(column);
      columns.put(column, found);
      return found;
    }

    public String text(String column) {
      var value = textOrNull(column);
      if (value == null) {
        throw new IllegalStateException("null in " + column);
      }
      return value;
    }

    public @Nullable String textOrNull(String column) {
      try {
        return results.getString(at(column));
      } catch (SQLException e) {
        throw new StorageException("column " + column, e);
      }
    }

    public long number(String column) {
      try {
        return results.getLong(at(column));
      } catch (SQLException e) {
        throw new StorageException("column " + column, e);
      }
    }

    public int count(String column) {
      return Math.toIntExact(number(column));
    }

    public boolean flag(String column) {
      try {
        return results.getBoolean(at(column));
      } catch (SQLException e) {
        throw new StorageException("column " + column, e);
      }
    }

    public Moment moment(String column) {
      return new Moment(number(column));
    }

    public @Nullable Moment momentOrNull(String column) {
      try {
        long millis = results.getLong(at(column));
        return results.wasNull() ? null : new Moment(millis);
      } catch (SQLException e) {
        throw new StorageException("column " + column, e);
      }
    }

    public byte @Nullable [] bytesOrNull(String column) {
      try {
        return results.getBytes(at(column));
      } catch (SQLException e) {
        throw new StorageException("no column " + column, e);
      }
    }

    public Sealed sealed(String column) {
      try {
        return new Sealed(results.getBytes(at(column)));
      } catch (SQLException e) {
        throw new StorageException("column " + column, e);
      }
    }
  }
}
