package dev.countersign.proof;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only maker of {@link Proof}s. An accepted answer becomes one if its {@link Claim} could be redeemed, which one
 * conditional UPDATE decides. Thread-safe.
 */
public final class ProofLedger {
  private final Spendables spendables;
  private final ProofStore store = new ProofStore();

  public ProofLedger(Spendables spendables) {
    this.spendables = spendables;
  }

  /**
   * What is being proven.
   *
   * @param method {@code password} or a factor's id
   * @param amr authentication method references of RFC 8176 that this proof adds
   */
  public record About(
      UserId user,
      SignInId signIn,
      String method,
      @Nullable EnrolmentId enrolment,
      ProofKind kind,
      List<String> amr,
      boolean phishingResistant,
      Purpose purpose) {}

  /** What came of redeeming. */
  public sealed interface Redemption {
    record Proven(Proof proof) implements Redemption {}

    /** It was right once, and somebody has used it already. */
    record UsedBefore() implements Redemption {}

    /** There is no such thing to spend, or it has expired. */
    record Nothing() implements Redemption {}
  }

  public Redemption redeem(Tx tx, TenantId tenant, Claim claim, About about, Moment now) {
    return switch (claim) {
      case Claim.Advances(var enrolment, var mark) ->
          store.advance(tx, tenant, enrolment, mark, now)
              ? proven(tx, tenant, about, now)
              : new Redemption.UsedBefore();
      case Claim.Spends(var kind, var owner, var value) ->
          switch (spendables.spend(tx, tenant, kind, owner, value, now)) {
            case Spendables.Spending.Spent _ -> {
              if (about.enrolment() != null) {
                store.touch(tx, tenant, about.enrolment(), now);
              }
              yield proven(tx, tenant, about, now);
            }
            case Spendables.Spending.Again _ -> new Redemption.UsedBefore();
            case Spendables.Spending.Expired _, Spendables.Spending.Unknown _ ->
                new Redemption.Nothing();
          };
      case Claim.Repeatable _ -> proven(tx, tenant, about, now);
    };
  }

  private Redemption proven(Tx tx, TenantId tenant, About about, Moment now) {
    var proof =
        new Proof(
            about.user(),
            about.signIn(),
            about.method(),
            about.enrolment(),
            about.kind(),
            about.amr(),
            about.phishingResistant(),
            about.purpose(),
            now);
    store.insert(tx, tenant, proof, store.count(tx, tenant, about.signIn()));
    return new Redemption.Proven(proof);
  }

  /** The proofs given in these sign-ins, oldest first. */
  public List<Proof> of(Tx tx, TenantId tenant, Collection<SignInId> signIns) {
    return signIns.isEmpty() ? List.of() : store.of(tx, tenant, signIns);
  }

  /** Drops what was proven in a sign-in, when somebody else begins to use it. */
  public void forget(Tx tx, TenantId tenant, SignInId signIn) {
    store.forget(tx, tenant, signIn);
  }
}
