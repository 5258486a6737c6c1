package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of rows that were read, and how it never outlives a change. */
class MirrorTest {
  @TempDir Path folder;
  private Database database;
  private final Mirror<String, String> mirror = Mirror.of("words");
  private int readings;

  private Database open() {
    var url = "jdbc:sqlite:" + folder.resolve("countersign.db") + "?synchronous=OFF";
    return Database.at(new Database.Address(url, "", Secret.of(""), 4, Duration.ofSeconds(10)));
  }

  @BeforeEach
  void two_words() {
    database = open();
    database.run(tx -> {
      tx.sql("create table words (id varchar(10) primary key, word varchar(10) not null)").update();
      tx.sql("create table others (id varchar(10) primary key)").update();
      tx.sql("insert into words (id, word) values ('a', 'one'), ('b', 'two')").update();
    });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String word(Tx tx, String id) {
    return mirror.get(
        tx,
        id,
        () -> {
          readings++;
          return tx
              .sql("select word from words where id = :id")
              .set("id", id)
              .list(row -> row.text("word"))
              .stream()
              .findFirst()
              .orElse("none");
        });
  }

  private String word(String id) {
    return database.read(tx -> word(tx, id));
  }

  private static void set(Tx tx, String id, String word) {
    tx.sql("update words set word = :word where id = :id")
        .set("id", id)
        .set("word", word)
        .changing(id)
        .update();
  }

  @Test
  void what_nobody_changed_is_read_once_by_readers_and_writers() {
    assertThat(word("a")).isEqualTo("one");
    assertThat(word("a")).isEqualTo("one");
    database.run(tx -> assertThat(word(tx, "a")).isEqualTo("one"));
    assertThat(readings).isEqualTo(1);
  }

  @Test
  void a_changed_row_is_read_again_and_the_others_are_not() {
    word("a");
    word("b");
    database.run(tx -> set(tx, "a", "three"));

    assertThat(word("a")).isEqualTo("three");
    assertThat(word("b")).isEqualTo("two");
    assertThat(readings).isEqualTo(3);
  }

  @Test
  void a_statement_that_names_no_row_changes_all_of_its_table() {
    word("a");
    word("b");
    database.run(tx -> tx.sql("update words set word = 'same'").update());
    assertThat(word("a")).isEqualTo("same");
    database.run(tx -> tx.sql("delete from words where id = 'b'").update());
    assertThat(word("b")).isEqualTo("none");
    database.run(tx -> tx.sql("insert into words (id, word) values ('b', 'new')").update());
    assertThat(word("b")).isEqualTo("new");
  }

  @Test
  void another_table_and_what_changed_nothing_leave_it_alone() {
    word("a");
    database.run(tx -> tx.sql("insert into others (id) values ('a')").update());
    database.run(tx -> tx.sql("update words set word = 'x' where id = 'nobody'").update());
    word("a");
    assertThat(readings).isEqualTo(1);
  }

  @Test
  void a_change_of_the_schema_may_change_everything() {
    word("a");
    database.run(tx -> tx.sql("alter table words rename column word to meaning").update());
    database.run(tx -> tx.sql("alter table words rename column meaning to word").update());
    word("a");
    assertThat(readings).isEqualTo(2);
  }

  @Test
  void who_changes_it_reads_what_they_wrote_and_nobody_else_before_the_commit() {
    word("a");
    database.run(tx -> {
      set(tx, "a", "three");
      assertThat(word(tx, "a")).isEqualTo("three");
      assertThat(database.<String>read(other -> word(other, "a"))).as("elsewhere").isEqualTo("one");
    });
    assertThat(word("a")).isEqualTo("three");
  }

  @Test
  void what_was_rolled_back_is_kept_by_nobody() {
    word("a");
    assertThatThrownBy(() ->
            database.run(tx -> {
              set(tx, "a", "three");
              assertThat(word(tx, "a")).isEqualTo("three");
              throw new IllegalStateException("changed its mind");
            }))
        .hasMessage("changed its mind");
    assertThat(word("a")).isEqualTo("one");
  }

  @Test
  void who_reads_what_was_there_before_while_it_is_changed_does_not_make_it_last() {
    database.<String>read(tx ->
        mirror.get(
            tx,
            "a",
            () -> {
              Objects.requireNonNull(tx.changes()).happened(new Changes.Change("words", "a"));
              return "before";
            }));
    assertThat(word("a")).isEqualTo("one");
  }

  private void set_and_say(Tx tx, String id, String word) {
    set(tx, id, word);
    mirror.written(tx, id, word);
  }

  @Test
  void who_says_what_they_wrote_spares_everybody_the_reading_once_it_is_committed() {
    database.run(tx -> {
      set_and_say(tx, "a", "three");
      set_and_say(tx, "a", "four");
      assertThat(database.<String>read(other -> word(other, "a"))).as("elsewhere").isEqualTo("one");
    });
    readings = 0;
    assertThat(word("a")).isEqualTo("four");
    assertThat(readings).isZero();
  }

  @Test
  void what_was_said_and_then_rolled_back_is_kept_by_nobody() {
    assertThatThrownBy(() ->
            database.run(tx -> {
              set_and_say(tx, "a", "three");
              throw new IllegalStateException("changed its mind");
            }))
        .hasMessage("changed its mind");
    assertThat(word("a")).isEqualTo("one");
  }

  @Test
  void what_was_said_does_not_outlast_a_later_change_in_the_same_unit_of_work() {
    database.run(tx -> {
      set_and_say(tx, "a", "three");
      set_and_say(tx, "b", "four");
      set(tx, "b", "five");
    });
    assertThat(word("a")).isEqualTo("three");
    assertThat(word("b")).isEqualTo("five");
    assertThat(readings).as("only what was changed once more").isEqualTo(1);

    database.run(tx -> {
      set_and_say(tx, "a", "six");
      tx.sql("update words set word = 'same'").update();
    });
    assertThat(word("a")).isEqualTo("same");
  }

  @Test
  void nothing_is_changed_by_a_statement_that_answers_with_rows() {
    assertThatThrownBy(() ->
            database.run(tx ->
                tx.sql("update words set word = 'x' returning word").list(row -> row.text("word"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(word("a")).isEqualTo("one");
  }

  @Test
  void two_servers_in_one_process_hear_of_each_other() {
    word("a");
    try (var second = open()) {
      second.run(tx -> set(tx, "a", "three"));
    }
    assertThat(word("a")).isEqualTo("three");
  }
}
