package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is remembered of what was read, and from when on a change counts. */
class RecentTest {
  private final Recent<String, String> recent = new Recent<>(Duration.ofMinutes(1));

  private static Tx tx() {
    var nothing =
        (Connection)
            Proxy.newProxyInstance(
                RecentTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, _) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    return new Tx(nothing, Dialect.SQLITE, false, null);
  }

  @Test
  void what_was_read_is_not_read_again() {
    assertThat(recent.get(tx(), "k", () -> "first")).isEqualTo("first");
    assertThat(recent.get(tx(), "k", () -> "second")).isEqualTo("first");
  }

  @Test
  void a_change_counts_from_its_commit_on() {
    recent.get(tx(), "k", () -> "before");
    var changing = tx();
    recent.changed(changing, "k");

    assertThat(recent.get(tx(), "k", () -> "after")).as("not yet").isEqualTo("before");
    assertThat(recent.get(changing, "k", () -> "after")).as("within").isEqualTo("after");
    changing.committed();
    assertThat(recent.get(tx(), "k", () -> "after")).isEqualTo("after");
  }

  @Test
  void what_never_was_committed_is_remembered_by_nobody() {
    recent.get(tx(), "k", () -> "before");
    var rolledBack = tx();
    recent.changed(rolledBack, "k");
    recent.get(rolledBack, "k", () -> "never");

    assertThat(recent.get(tx(), "k", () -> "other")).isEqualTo("before");
  }

  @Test
  void who_reads_what_was_there_before_while_it_is_changed_does_not_make_it_last() {
    var changing = tx();
    recent.changed(changing, "k");
    recent.get(
        tx(),
        "k",
        () -> {
          changing.committed();
          return "before";
        });

    assertThat(recent.get(tx(), "k", () -> "after")).isEqualTo("after");
  }
}
