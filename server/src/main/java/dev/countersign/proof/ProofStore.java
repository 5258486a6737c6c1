package dev.countersign.proof;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.stream.Stream;

/** The table {@code proofs}, and the one column of {@code enrolments} that proofs move. */
final class ProofStore {
  private final Mirror<Key, List<Proof>> given = Mirror.of("proofs");

  private record Key(TenantId tenant, SignInId signIn) {}

  /** The conditional UPDATE: true for exactly one of any number of answers with this mark. */
  boolean advance(Tx tx, TenantId tenant, EnrolmentId enrolment, long mark, Moment now) {
    return tx.sql(
            "update enrolments set high_water = :mark, last_used_at = :now where tenant = :tenant and id = :id"
                + " and state in ('ACTIVE', 'PENDING') and high_water < :mark")
        .set("tenant", tenant)
        .set("id", enrolment)
        .set("mark", mark)
        .set("now", now)
        .changedOne();
  }

  void touch(Tx tx, TenantId tenant, EnrolmentId enrolment, Moment now) {
    tx.sql("update enrolments set last_used_at = :now where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", enrolment)
        .set("now", now)
        .update();
  }

  /** Whoever adds one holds the sign-in, so that no other takes the same number. */
  void insert(Tx tx, TenantId tenant, Proof proof) {
    tx.sql(
            "insert into proofs (tenant, sign_in, seq, user_id, method, enrolment, kind, amr, phishing_resistant, hardware_bound, purpose, proven_at, approves)"
                + " values (:tenant, :signIn, (select count(*) from proofs where tenant = :tenant and sign_in = :signIn), :user, :method, :enrolment, :kind, :amr, :resistant, :bound, :purpose, :at, :approves)")
        .set("tenant", tenant)
        .set("signIn", proof.signIn())
        .set("user", proof.user())
        .set("method", proof.method())
        .set("enrolment", proof.enrolment().orElse(null))
        .set("kind", proof.evidence().kind())
        .set("amr", String.join(" ", proof.evidence().amr()))
        .set("resistant", proof.evidence().phishingResistant())
        .set("bound", proof.evidence().hardwareBound())
        .set("purpose", proof.purpose())
        .set("at", proof.at())
        .set("approves", proof.transaction().orElse(null))
        .changing(new Key(tenant, proof.signIn()))
        .update();
  }

  /** One sign-in at a time. */
  List<Proof> of(Tx tx, TenantId tenant, SignInId signIn) {
    return given.get(tx, new Key(tenant, signIn), () -> asked(tx, tenant, signIn));
  }

  private static List<Proof> asked(Tx tx, TenantId tenant, SignInId signIn) {
    return tx.sql(
            "select sign_in, user_id, method, enrolment, kind, amr, phishing_resistant, hardware_bound, purpose, proven_at, approves from proofs"
                + " where tenant = :tenant and sign_in = :signIn order by proven_at, seq")
        .set("tenant", tenant)
        .set("signIn", signIn)
        .list(ProofStore::proof);
  }

  void forget(Tx tx, TenantId tenant, SignInId signIn) {
    tx.sql("delete from proofs where tenant = :tenant and sign_in = :signIn")
        .set("tenant", tenant)
        .set("signIn", signIn)
        .changing(new Key(tenant, signIn))
        .update();
  }

  private static Proof proof(Query.Row row) {
    var enrolment = row.textOrNull("enrolment");
    return new Proof(
        new UserId(row.text("user_id")),
        new SignInId(row.text("sign_in")),
        row.text("method"),
        enrolment == null ? null : new EnrolmentId(enrolment),
        new Evidence(
            ProofKind.valueOf(row.text("kind")),
            Stream.of(row.text("amr").split(" ")).filter(it -> !it.isEmpty()).toList(),
            row.flag("phishing_resistant"),
            row.flag("hardware_bound")),
        Purpose.valueOf(row.text("purpose")),
        row.moment("proven_at"),
        row.textOrNull("approves"));
  }
}
