package dev.countersign.loginsession;

import dev.countersign.enforcement.Facts;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.function.Consumer;

/** What was decided, with the facts that it rested on: to be explained, and to be asked of another policy. Thread-safe. */
public final class History {
  private static final int PAGE = 1_000;

  private final Database database;
  private final DecisionStore store = new DecisionStore();

  public History(Database database) {
    this.database = database;
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
   */
  public void eachSince(TenantId tenant, Moment since, Consumer<Recorded> taker) {
    String after = "";
    while (true) {
      String from = after;
      var page = database.read(tx -> store.since(tx, tenant, since, from, PAGE));
      String taken = "";
      for (var record : page) {
        boolean begun = record.facts().proofs().stream().anyMatch(Facts.Proven::first);
        if (begun && !record.signIn().value().equals(taken)) {
          taken = record.signIn().value();
          taker.accept(record);
        }
      }
      if (page.size() < PAGE) {
        return;
      }
      after = page.getLast().signIn().value();
    }
  }
}
