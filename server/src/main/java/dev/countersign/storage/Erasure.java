package dev.countersign.storage;

import dev.countersign.kernel.TenantId;
import java.util.List;

/**
 * Takes everything of one tenant out of the database, whatever table it stands in: every key leads with the tenant. Each
 * table is a unit of work of its own, and the tenant itself goes last, so what is cut off half-way is finished by erasing
 * once more.
 */
public final class Erasure {
  private static final String LAST = "tenants";

  /** How often what others write meanwhile is looked for. */
  private static final int ROUNDS = 3;

  private Erasure() {}

  /**
   * How many rows there were; what refers to a row of another table goes with it and is not counted. What a server still
   * writes that has not heard of it, for some seconds, nobody can reach any more.
   */
  public static long erase(Database database, TenantId tenant) {
    var tables = database.read(Erasure::tables);
    long erased = 0;
    for (int i = 0; i < ROUNDS; i++) {
      erased += erase(database, tenant, tables);
    }
    erased += erase(database, tenant, List.of(LAST));
    return erased + erase(database, tenant, tables);
  }

  private static long erase(Database database, TenantId tenant, List<String> tables) {
    long erased = 0;
    for (var table : tables) {
      erased +=
          database.write(tx ->
              tx.sql("delete from " + table + " where tenant = :tenant")
                  .set("tenant", tenant)
                  .update());
    }
    return erased;
  }

  /** Those whose rows are a tenant's, but for its own. */
  static List<String> tables(Tx tx) {
    return Column.all(tx).stream()
        .filter(it -> it.name().equals("tenant"))
        .map(Column::table)
        .filter(table -> !table.equals(LAST))
        .toList();
  }
}
