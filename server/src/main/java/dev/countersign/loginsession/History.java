package dev.countersign.loginsession;

import dev.countersign.enforcement.Facts;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/** What was decided, with the facts that it rested on: to be explained, and to be asked of another policy. Thread-safe. */
public final class History {
  /** As many as fit into a small heap several times over: one record can take some ten kilobytes. */
  private static final int PAGE = 200;

  private final Database database;
  private final int page;
  private final DecisionStore store = new DecisionStore();

  public History(Database database) {
    this(database, PAGE);
  }

  /**
   * One that reads so much at once.
   *
   * @param page how many records
   */
  History(Database database, int page) {
    this.database = database;
    this.page = page;
  }

  /**
   * One asking of the question.
   *
   * @param result the word of what was decided
   */
  public record Recorded(SignInId signIn, long policyVersion, Facts facts, String result) {}

  /** Everything decided in a sign-in, in its order. */
  public List<Recorded> of(Tx tx, TenantId tenant, SignInId signIn) {
    return store.of(tx, tenant, signIn);
  }

  /**
   * Of every sign-in since then the first record in which somebody had given the first proof: what the policy said before
   * anything else was answered. Reads a page at a time, whatever there is.
   *
   * @param share told after each page how much is done, from 0 to 1: ids of sign-ins are random, so how far one has come in their
   *     order says it without counting
   */
  public void eachSince(
      TenantId tenant, Moment since, Consumer<Recorded> taker, DoubleConsumer share) {
    var after = DecisionStore.Mark.BEFORE_ALL;
    String taken = "";
    while (true) {
      var from = after;
      var read = database.read(tx -> store.since(tx, tenant, since, from, page));
      for (var each : read) {
        var record = each.record();
        boolean begun = record.facts().proofs().stream().anyMatch(Facts.Proven::first);
        if (begun && !record.signIn().value().equals(taken)) {
          taken = record.signIn().value();
          taker.accept(record);
        }
      }
      if (read.size() < page) {
        share.accept(1);
        return;
      }
      after = read.getLast().mark();
      share.accept(read.getLast().record().signIn().share());
    }
  }
}
