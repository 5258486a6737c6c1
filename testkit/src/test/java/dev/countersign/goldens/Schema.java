package dev.countersign.goldens;

import dev.countersign.storage.Database;
import dev.countersign.storage.Dialect;
import dev.countersign.storage.Query.Row;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tables of a database as it reports them itself, in words that both databases share.
 *
 * @param tables the lines of each: its columns in their order, then keys and indexes by their text
 */
record Schema(Map<String, List<String>> tables) {

  static Schema of(Database database) {
    Map<String, List<String>> tables = new TreeMap<>();
    database.<Boolean>read(tx -> {
      var embedded = database.dialect() == Dialect.SQLITE;
      (embedded ? columnsOfSqlite(tx) : columns(tx)).forEach(it -> line(tables, it));
      var keys = new ArrayList<Line>();
      if (embedded) {
        keys.addAll(keysOfSqlite(tx));
        keys.addAll(references(referencesOfSqlite(tx)));
      } else {
        keys.addAll(keys(tx));
        keys.addAll(references(referencesOfPostgres(tx)));
        keys.addAll(indexesOfPostgres(tx));
      }
      keys.stream().sorted(Line.ORDER).forEach(it -> line(tables, it));
      return true;
    });
    return new Schema(tables);
  }

  String text() {
    return tables.entrySet().stream()
        .map(it -> it.getKey() + "\n  " + String.join("\n  ", it.getValue()) + "\n")
        .collect(Collectors.joining("\n"));
  }

  private record Line(String table, String text) {
    static final Comparator<Line> ORDER =
        Comparator.comparing(Line::table).thenComparing(Line::text);
  }

  private static void line(Map<String, List<String>> tables, Line it) {
    tables.computeIfAbsent(it.table(), _ -> new ArrayList<>()).add(it.text());
  }

  private static List<Line> columns(Tx tx) {
    return tx.sql(
            """
            select table_name, column_name, data_type, character_maximum_length as length, is_nullable, column_default
            from information_schema.columns where table_schema = 'public'
            order by table_name, ordinal_position\
            """)
        .list(row ->
            new Line(
                row.text("table_name"),
                row.text("column_name")
                    + " "
                    + type(row)
                    + (row.text("is_nullable").equals("NO") ? " not null" : "")
                    + (row.textOrNull("column_default") == null
                        ? ""
                        : " default " + plain(row.text("column_default")))));
  }

  private static List<Line> columnsOfSqlite(Tx tx) {
    return tx.sql(
            """
            select t.name as table_name, c.name, c.type, c."notnull" as required, c.dflt_value
            from sqlite_master t join pragma_table_info(t.name) c
            where t.type = 'table' and t.name not like 'sqlite%' order by t.name, c.cid\
            """)
        .list(row ->
            new Line(
                row.text("table_name"),
                row.text("name")
                    + " "
                    + row.text("type").toLowerCase(Locale.ROOT)
                    + (row.flag("required") ? " not null" : "")
                    + (row.textOrNull("dflt_value") == null
                        ? ""
                        : " default " + plain(row.text("dflt_value")))));
  }

  /** Of keys, uniqueness and indexes, each says what it is of. */
  private static List<Line> keysOfSqlite(Tx tx) {
    return grouped(
        tx.sql(
                """
                select t.name as table_name, i.name, c.name as column_name,
                  case i.origin when 'pk' then 'primary key' when 'u' then 'unique'
                    else case when i."unique" then 'unique index' else 'index' end end as kind
                from sqlite_master t join pragma_index_list(t.name) i join pragma_index_info(i.name) c
                where t.type = 'table' and t.name not like 'sqlite%' order by t.name, i.name, c.seqno\
                """)
            .list(Schema::part));
  }

  private static List<Reference> referencesOfSqlite(Tx tx) {
    return tx.sql(
            """
            select t.name as table_name, r.id as name, r."from" as column_name, r."table" as their_table,
              r."to" as their_column, lower(r.on_delete) as on_delete
            from sqlite_master t join pragma_foreign_key_list(t.name) r
            where t.type = 'table' order by t.name, r.id, r.seq\
            """)
        .list(Schema::reference);
  }

  /** The word of the migrations for a type. */
  private static String type(Row row) {
    long length = row.number("length");
    return switch (row.text("data_type").toLowerCase(Locale.ROOT)) {
      case "character varying" -> length == 0 ? "varchar" : "varchar(" + length + ")";
      case String other -> other;
    };
  }

  /** PostgreSQL puts a type behind a text. */
  private static String plain(String value) {
    return value.startsWith("'")
        ? value.replaceFirst("::[a-z ]+$", "")
        : value.toLowerCase(Locale.ROOT);
  }

  private static List<Line> keys(Tx tx) {
    return grouped(
        tx.sql(
                """
                select c.table_name, lower(c.constraint_type) as kind, c.constraint_name as name, k.column_name
                from information_schema.table_constraints c
                join information_schema.key_column_usage k
                  on k.constraint_schema = c.constraint_schema and k.constraint_name = c.constraint_name
                  and k.table_name = c.table_name
                where c.table_schema = 'public' and c.constraint_type in ('PRIMARY KEY', 'UNIQUE')
                order by c.table_name, c.constraint_name, k.ordinal_position\
                """)
            .list(Schema::part));
  }

  private record Reference(Part from, String table, String column, String onDelete) {}

  private static Reference reference(Row row) {
    return new Reference(
        new Part(row.text("table_name"), "foreign key", row.text("name"), row.text("column_name")),
        row.text("their_table"),
        row.text("their_column"),
        row.text("on_delete"));
  }

  private static List<Reference> referencesOfPostgres(Tx tx) {
    return tx.sql(
            """
            select f.table_name, r.constraint_name as name, f.column_name, t.table_name as their_table,
              t.column_name as their_column, lower(r.delete_rule) as on_delete
            from information_schema.referential_constraints r
            join information_schema.key_column_usage f
              on f.constraint_schema = r.constraint_schema and f.constraint_name = r.constraint_name
            join information_schema.key_column_usage t
              on t.constraint_schema = r.unique_constraint_schema and t.constraint_name = r.unique_constraint_name
              and t.ordinal_position = f.position_in_unique_constraint
            where r.constraint_schema = 'public'
            order by f.table_name, r.constraint_name, f.ordinal_position\
            """)
        .list(Schema::reference);
  }

  private static List<Line> references(List<Reference> found) {
    Map<String, List<Reference>> byName = new TreeMap<>();
    found.forEach(it ->
        byName
            .computeIfAbsent(it.from().table() + " " + it.from().name(), _ -> new ArrayList<>())
            .add(it));
    return byName.values().stream()
        .map(parts ->
            new Line(
                parts.getFirst().from().table(),
                "foreign key ("
                    + parts.stream().map(it -> it.from().column()).collect(Collectors.joining(", "))
                    + ") references "
                    + parts.getFirst().table()
                    + " ("
                    + parts.stream().map(Reference::column).collect(Collectors.joining(", "))
                    + ") on delete "
                    + parts.getFirst().onDelete()))
        .toList();
  }

  /** Indexes that somebody made, without those that the database makes for keys. */
  private static List<Line> indexesOfPostgres(Tx tx) {
    return grouped(
        tx.sql(
                """
                select t.relname as table_name, case when i.indisunique then 'unique index' else 'index' end as kind,
                  x.relname as name, a.attname as column_name
                from pg_index i
                join pg_class t on t.oid = i.indrelid
                join pg_class x on x.oid = i.indexrelid
                join pg_namespace n on n.oid = t.relnamespace
                join pg_attribute a on a.attrelid = x.oid
                where n.nspname = 'public' and not exists (select 1 from pg_constraint c where c.conindid = x.oid)
                order by t.relname, x.relname, a.attnum\
                """)
            .list(Schema::part));
  }

  /** One column of a key or index. */
  private record Part(String table, String kind, String name, String column) {}

  private static Part part(Row row) {
    return new Part(
        row.text("table_name"), row.text("kind"), row.text("name"), row.text("column_name"));
  }

  /** Names of keys are the database's own, those of indexes are ours. */
  private static List<Line> grouped(List<Part> parts) {
    Map<String, List<Part>> byName = new TreeMap<>();
    parts.forEach(
        it -> byName.computeIfAbsent(it.table() + " " + it.name(), _ -> new ArrayList<>()).add(it));
    return byName.values().stream()
        .map(key ->
            new Line(
                key.getFirst().table(),
                key.getFirst().kind()
                    + (key.getFirst().kind().endsWith("index") ? " " + key.getFirst().name() : "")
                    + " ("
                    + key.stream().map(Part::column).collect(Collectors.joining(", "))
                    + ")"))
        .toList();
  }
}
