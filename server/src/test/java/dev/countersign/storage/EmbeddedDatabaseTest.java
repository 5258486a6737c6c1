package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One connection writes and is lent to readers; the others only read. */
class EmbeddedDatabaseTest {
  @TempDir private Path folder;

  private Database open() {
    return Database.at(
        new Database.Address(
            "jdbc:sqlite:" + folder.resolve("countersign.db"),
            "",
            Secret.of(""),
            4,
            Duration.ofSeconds(10)));
  }

  private static Database with(Database database) {
    database.run(tx -> {
      tx.sql("create table notes (tenant varchar(8), id bigint, primary key (tenant, id))")
          .update();
      note(tx, 1);
    });
    return database;
  }

  private static void note(Tx tx, long id) {
    tx.sql("insert into notes (tenant, id) values ('acme', :id)").set("id", id).update();
  }

  private static int count(Tx tx) {
    return tx.sql("select count(*) as n from notes where tenant = 'acme'")
        .one(row -> row.count("n"))
        .orElseThrow();
  }

  @Test
  void who_reads_while_somebody_writes_waits_a_moment_and_sees_what_is_committed()
      throws ExecutionException, InterruptedException {
    try (var database = with(open());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var written = new CountDownLatch(1);
      var seen = new CompletableFuture<Integer>();
      var writing =
          threads.submit(() ->
              database.run(tx -> {
                note(tx, 2);
                written.countDown();
                seen.join();
              }));
      written.await();
      seen.complete(database.read(EmbeddedDatabaseTest::count));
      writing.get();

      assertThat(seen).isCompletedWithValue(1);
      assertThat(database.read(EmbeddedDatabaseTest::count)).isEqualTo(2);
    }
  }

  @Test
  void what_is_read_within_a_unit_of_work_that_writes_is_what_was_committed_before() {
    try (var database = with(open())) {
      int seen =
          database.write(tx -> {
            note(tx, 2);
            return database.read(EmbeddedDatabaseTest::count);
          });

      assertThat(seen).isEqualTo(1);
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> database.run(_ -> database.run(tx -> note(tx, 3))))
          .withMessageContaining("within another one");
    }
  }

  @Test
  void what_fails_half_way_leaves_nothing_and_the_connection_fit_for_the_next() {
    try (var database = with(open())) {
      assertThatExceptionOfType(StorageException.Duplicate.class)
          .isThrownBy(() ->
              database.run(tx -> {
                note(tx, 2);
                note(tx, 1);
              }));

      assertThat(database.read(EmbeddedDatabaseTest::count)).isEqualTo(1);
      database.run(tx -> note(tx, 2));
      assertThat(database.read(EmbeddedDatabaseTest::count)).isEqualTo(2);
    }
  }

  @Test
  void who_comes_late_to_a_database_that_was_closed_does_not_take_its_file_again()
      throws IOException {
    var database = with(open());
    database.close();

    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() -> database.run(tx -> note(tx, 2)));
    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() -> database.read(EmbeddedDatabaseTest::count));
    try (var marker =
            FileChannel.open(folder.resolve("countersign.db.lock"), StandardOpenOption.WRITE);
        var lock = marker.tryLock()) {
      assertThat(lock).isNotNull();
    }
  }
}
