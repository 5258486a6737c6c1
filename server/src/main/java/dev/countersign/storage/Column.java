package dev.countersign.storage;

import java.util.List;

/**
 * A column as the database itself reports it.
 *
 * @param type in the database's own word, in lower case
 */
public record Column(String table, String name, String type) {

  /** Of every table, in the order of their names; within a table as they stand. */
  public static List<Column> all(Tx tx) {
    return tx.sql(
            switch (tx.dialect()) {
              case SQLITE ->
                  "select t.name as of_table, c.name, lower(c.type) as type from sqlite_master t join pragma_table_info(t.name) c"
                      + " where t.type = 'table' and t.name not like 'sqlite%' order by t.name, c.cid";
              case POSTGRES ->
                  "select table_name as of_table, column_name as name, data_type as type from information_schema.columns"
                      + " where table_schema = current_schema order by table_name, ordinal_position";
            })
        .list(row -> new Column(row.text("of_table"), row.text("name"), row.text("type")));
  }
}
