package dev.countersign.storage;

/**
 * What SQLite's planner is told of the tables, so that it takes the same way for a statement whatever is stored. Left to
 * itself it takes a tenant for as good as a whole key, which it never is: the first column of every key is the tenant, and
 * many rows share it.
 */
final class Plans {
  private static final long ROWS = 1_000_000;
  private static final long ROWS_OF_A_TENANT = 500_000;

  private Plans() {}

  /** Writes it anew for all indexes that there are. */
  static void write(Tx tx) {
    record Index(String table, String name, int columns, boolean unique) {
      // Rows in all, and those that one value of the first column leaves, of the first two, and so
      // on.
      String rows() {
        var text = new StringBuilder().append(ROWS);
        for (int column = 1; column < columns; column++) {
          text.append(' ').append(ROWS_OF_A_TENANT >> (2 * (column - 1)));
        }
        return text.append(unique ? " 1" : " 10").toString();
      }
    }
    tx.sql("analyze schema_migrations").update(); // It makes the table of statistics.
    tx.sql("delete from sqlite_stat1").update();
    var indexes =
        tx.sql(
                """
                select t.name as of_table, i.name, i."unique" as is_unique,
                  (select count(*) from pragma_index_info(i.name)) as columns
                from sqlite_master t join pragma_index_list(t.name) i where t.type = 'table'\
                """)
            .list(row ->
                new Index(
                    row.text("of_table"),
                    row.text("name"),
                    row.count("columns"),
                    row.flag("is_unique")));
    for (var index : indexes) {
      tx.sql("insert into sqlite_stat1 (tbl, idx, stat) values (:table, :index, :rows)")
          .set("table", index.table())
          .set("index", index.name())
          .set("rows", index.rows())
          .update();
    }
    tx.sql("analyze sqlite_master").update(); // It reads them again.
  }
}
