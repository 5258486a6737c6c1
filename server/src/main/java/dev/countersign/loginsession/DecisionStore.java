package dev.countersign.loginsession;

import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Facts;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The table {@code decisions}: the facts and the decision of every asking, never changed. */
final class DecisionStore {
  /** A decision as the record shows it. */
  record Recorded(
      String result, List<String> factors, String reason, List<String> rules, String level) {
    static Recorded of(Decision decision) {
      var because = decision.because();
      return new Recorded(
          decision.word(),
          decision.factors().stream().map(FactorId::value).toList(),
          because.reason().word(),
          because.rules(),
          decision instanceof Cleared cleared ? cleared.level().acr() : "");
    }
  }

  void insert(
      Tx tx,
      TenantId tenant,
      SignInId signIn,
      long seq,
      long policyVersion,
      Facts facts,
      Decision decision) {
    tx.sql(
            "insert into decisions (tenant, sign_in, seq, user_id, decided_at, policy_version, facts, decision)"
                + " values (:tenant, :signIn, :seq, :user, :at, :version, :facts, :decision)")
        .set("tenant", tenant)
        .set("signIn", signIn)
        .set("seq", seq)
        .set("user", facts.who().user())
        .set("at", facts.at())
        .set("version", policyVersion)
        .set("facts", Json.brief(facts))
        .set("decision", Json.brief(Recorded.of(decision)))
        .update();
  }

  /** Which record of which sign-in; in the order in which {@link #since} reads. */
  record Mark(String signIn, long seq) {
    static final Mark BEFORE_ALL = new Mark("", 0);
  }

  /** A record and where it stands. */
  record Marked(Mark mark, History.Recorded record) {}

  /**
   * Records made since {@code since}, sign-in by sign-in and each in its order, that come after {@code after}; {@code most} at
   * most. In the order of the primary key, all of it, so that neither database sorts.
   */
  List<Marked> since(Tx tx, TenantId tenant, Moment since, Mark after, int most) {
    return tx.sql(
            "select sign_in, seq, policy_version, facts, decision from decisions where tenant = :tenant and sign_in >= :after"
                + " and (sign_in > :after or seq > :seq) and decided_at >= :since"
                + " order by tenant, sign_in, seq fetch first :most rows only")
        .set("tenant", tenant)
        .set("after", after.signIn())
        .set("seq", after.seq())
        .set("since", since)
        .set("most", most)
        .list(row ->
            new Marked(
                new Mark(row.text("sign_in"), row.number("seq")),
                new History.Recorded(
                    new SignInId(row.text("sign_in")),
                    row.number("policy_version"),
                    Json.read(row.text("facts"), Facts.class),
                    Json.read(row.text("decision"), Recorded.class).result())));
  }

  /** All records of a sign-in, in their order. */
  List<History.Recorded> of(Tx tx, TenantId tenant, SignInId signIn) {
    return tx.sql(
            "select policy_version, facts, decision from decisions where tenant = :tenant and sign_in = :signIn order by seq")
        .set("tenant", tenant)
        .set("signIn", signIn)
        .list(row ->
            new History.Recorded(
                signIn,
                row.number("policy_version"),
                Json.read(row.text("facts"), Facts.class),
                Json.read(row.text("decision"), Recorded.class).result()));
  }

  /** The newest record of a sign-in: facts and decision as JSON documents. */
  Optional<Progress.DecisionRecord> newest(Tx tx, TenantId tenant, SignInId signIn) {
    return tx.sql(
            "select policy_version, facts, decision from decisions where tenant = :tenant and sign_in = :signIn order by seq desc fetch first 1 rows only")
        .set("tenant", tenant)
        .set("signIn", signIn)
        .one(row ->
            new Progress.DecisionRecord(
                row.number("policy_version"), row.text("facts"), row.text("decision")));
  }
}
