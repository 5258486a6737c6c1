package dev.countersign.storage;

import dev.countersign.kernel.Entropy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a database ready for use: its schema up to date, and written with no other root keys than ours. */
public final class Schema {
  private Schema() {}

  /**
   * The key ring in this file. One is made where there is none, but not for a database that was written with another: there it
   * would look like the one that is missing.
   *
   * @throws KeyException when it is missing or wrong
   */
  public static KeyRing ring(Database database, Path file, Entropy entropy) {
    return Files.exists(file) || !isNew(database)
        ? KeyRing.read(file)
        : KeyRing.readOrCreate(file, entropy);
  }

  /** Whether no server has ever prepared this database, so that nothing in it is sealed. */
  private static boolean isNew(Database database) {
    var catalogue =
        switch (database.dialect()) {
          case SQLITE -> "select count(*) > 0 as there from sqlite_master where name = 'root_keys'";
          case POSTGRES -> "select to_regclass('root_keys') is not null as there";
        };
    return database.<Boolean>read(tx -> {
      boolean migrated = tx.sql(catalogue).one(row -> row.flag("there")).orElse(false);
      return !migrated || new RootKeyStore().all(tx).isEmpty();
    });
  }

  /**
   * Brings the schema up to date and compares the keys; returns the migrations that were applied.
   *
   * @throws KeyException when the key ring is not the one that this database was written with
   * @throws Migrations.Unusable when the schema is not one that this version can work with
   */
  public static List<String> prepare(Database database, KeyRing ring) {
    var applied = new Migrations(database).apply();
    var store = new RootKeyStore();
    database.run(tx -> {
      switch (KeyCheck.of(ring, store.all(tx))) {
        case KeyCheck.Fits(var toStore) ->
            toStore.forEach((id, fingerprint) -> store.insert(tx, id, fingerprint));
        case KeyCheck.Unfit(var problems) -> throw new KeyException(String.join(" ", problems));
      }
    });
    return applied;
  }
}
