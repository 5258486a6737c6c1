package dev.countersign.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Brings the schema up to date: the files named in {@code db/migrations.txt} in order, each once, each in a transaction
 * of its own, its checksum kept. Several processes may start at once: a row lock lets one of them work and the others
 * find it done.
 */
public final class Migrations {
  private final Database database;
  private final List<Migration> all;

  private record Migration(String name, String sql, String checksum) {}

  /** The schema is not one that this version can work with; the message says which file and why. */
  public static final class Unusable extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }

    Unusable(String message, StorageException cause) {
      super(message, cause);
    }
  }

  public Migrations(Database database) {
    this.database = database;
    this.all =
        read("migrations.txt")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(name -> migration(name, read(name)))
            .toList();
  }

  /** Applies what is missing and returns the names of what it applied. */
  public List<String> apply() {
    database.run(tx -> {
      tx.unhurried(); // Another process may be at it.
      tx.sql(
              "create table if not exists schema_migrations (name varchar(100) primary key, checksum varchar(64) not null)")
          .update();
      if (tx.sql("select name from schema_migrations where name = 'lock'")
          .one(row -> row.text("name"))
          .isEmpty()) {
        try {
          tx.sql("insert into schema_migrations (name, checksum) values ('lock', '')").update();
        } catch (StorageException.Duplicate e) {
          throw new StorageException("another process is creating the schema; start again", e);
        }
      }
      // Whoever cannot write finds it out here: nothing below writes where all is up to date.
      tx.sql("update schema_migrations set checksum = '' where name = 'lock'").update();
    });
    var applied = new ArrayList<String>();
    for (var migration : all) {
      if (database.write(tx -> applyOne(tx, migration))) {
        applied.add(migration.name());
      }
    }
    refuseUnknown();
    return applied;
  }

  private static boolean applyOne(Tx tx, Migration migration) {
    tx.unhurried();
    tx.sql("select name from schema_migrations where name = 'lock' for update").hold();
    var known =
        tx.sql("select checksum from schema_migrations where name = :name")
            .set("name", migration.name())
            .one(row -> row.text("checksum"));
    if (known.isPresent()) {
      if (!known.get().equals(migration.checksum())) {
        throw new Unusable(
            "migration "
                + migration.name()
                + " was applied with another content: the schema is not ours");
      }
      return false;
    }
    if (tx.dialect() == Dialect.POSTGRES) {
      // Whoever wants a table that this waits for would wait as long; so it begins again.
      tx.sql("set local lock_timeout = '2s'").update();
    }
    for (var statement : migration.sql().split(";\\s*(\\n|$)", -1)) {
      if (!statement.isBlank()) {
        try {
          tx.sql(statement.strip()).update();
        } catch (StorageException.Contention | StorageException.Unavailable e) {
          throw e;
        } catch (StorageException e) {
          throw new Unusable(
              "migration "
                  + migration.name()
                  + " does not fit the tables that are there: restore a backup, or begin with an empty database",
              e);
        }
      }
    }
    tx.sql("insert into schema_migrations (name, checksum) values (:name, :checksum)")
        .set("name", migration.name())
        .set("checksum", migration.checksum())
        .update();
    if (tx.dialect() == Dialect.SQLITE) {
      Plans.write(tx);
    }
    return true;
  }

  private void refuseUnknown() {
    var ours = all.stream().map(Migration::name).toList();
    var theirs =
        database.read(tx ->
            tx.sql("select name from schema_migrations where name <> 'lock'")
                .list(row -> row.text("name")));
    theirs.stream()
        .filter(name -> !ours.contains(name))
        .findAny()
        .ifPresent(name -> {
          throw new Unusable(
              "the database was migrated by a newer version ("
                  + name
                  + "): start that version, or restore a backup");
        });
  }

  private static Migration migration(String name, String sql) {
    var plain =
        sql.lines()
            .filter(line -> !line.strip().startsWith("--"))
            .reduce("", (a, b) -> a + b + "\n");
    return new Migration(name, plain, checksum(plain));
  }

  private static String checksum(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream("/db/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
