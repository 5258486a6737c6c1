package dev.countersign.proof;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The only maker of {@link Proof}s. An accepted answer becomes one if its {@link Claim} could be redeemed, which one
 * conditional UPDATE decides. Thread-safe.
 */
public final class ProofLedger {
  private final Spendables spendables;
  private final ProofStore store = new ProofStore();
  private final ChallengeStore challenges = new ChallengeStore();

  public ProofLedger(Spendables spendables) {
    this.spendables = spendables;
  }

  /**
   * What is being proven.
   *
   * @param method {@code password} or a factor's id
   * @param enrolment what was answered; of {@link Purpose#TRUST} the browser's id
   * @param evidence what it is worth
   * @param transaction what it approves; of {@link Purpose#TRANSACTION}, and of nothing else
   */
  public record About(
      UserId user,
      SignInId signIn,
      String method,
      @Nullable EnrolmentId enrolment,
      Evidence evidence,
      Purpose purpose,
      @Nullable Transaction transaction) {
    public About {
      if ((purpose == Purpose.TRANSACTION) != (transaction != null)) {
        throw new IllegalArgumentException("what is approved has to be said, and only then");
      }
    }

    /** That approves no transaction. */
    public About(
        UserId user,
        SignInId signIn,
        String method,
        @Nullable EnrolmentId enrolment,
        Evidence evidence,
        Purpose purpose) {
      this(user, signIn, method, enrolment, evidence, purpose, null);
    }
  }

  /** What came of redeeming. */
  public sealed interface Redemption {
    record Proven(Proof proof) implements Redemption {}

    /** It was right once, and somebody has used it already. */
    record UsedBefore() implements Redemption {}

    /** There is no such thing to spend, or it has expired. */
    record Nothing() implements Redemption {}
  }

  /**
   * Uses up what the claim names and grants the proof, or neither. Where it is refused the caller's transaction may go on:
   * what was used up of a claim that could not be redeemed whole stays used up.
   */
  public Redemption redeem(Tx tx, TenantId tenant, Claim claim, About about, Moment now) {
    return switch (use(tx, tenant, claim, now)) {
      case USED -> {
        if (about.enrolment() != null && about.purpose() != Purpose.TRUST && !moves(claim)) {
          store.touch(tx, tenant, about.enrolment(), now);
        }
        yield proven(tx, tenant, about, now);
      }
      case USED_BEFORE -> new Redemption.UsedBefore();
      case NOTHING -> new Redemption.Nothing();
    };
  }

  private enum Use {
    USED,
    USED_BEFORE,
    NOTHING
  }

  private Use use(Tx tx, TenantId tenant, Claim claim, Moment now) {
    return switch (claim) {
      case Claim.Advances(var enrolment, var mark) ->
          store.advance(tx, tenant, enrolment, mark, now) ? Use.USED : Use.USED_BEFORE;
      case Claim.Answers(var challenge) ->
          challenges.answer(tx, tenant, challenge, now) ? Use.USED : Use.USED_BEFORE;
      case Claim.Spends(var kind, var owner, var value) ->
          switch (spendables.spend(tx, tenant, kind, owner, value, now)) {
            case Spendables.Spending.Spent _ -> Use.USED;
            case Spendables.Spending.Again _ -> Use.USED_BEFORE;
            case Spendables.Spending.Expired _, Spendables.Spending.Unknown _ -> Use.NOTHING;
          };
      case Claim.Both(var one, var other) -> {
        var first = use(tx, tenant, one, now);
        yield first == Use.USED ? use(tx, tenant, other, now) : first;
      }
      case Claim.Repeatable _ -> Use.USED;
    };
  }

  /** Whether using it up says by itself when the enrolment was used last. */
  private static boolean moves(Claim claim) {
    return switch (claim) {
      case Claim.Advances _ -> true;
      case Claim.Both(var one, var other) -> moves(one) || moves(other);
      case Claim.Answers _, Claim.Spends _, Claim.Repeatable _ -> false;
    };
  }

  private Redemption proven(Tx tx, TenantId tenant, About about, Moment now) {
    var proof =
        new Proof(
            about.user(),
            about.signIn(),
            about.method(),
            about.enrolment(),
            about.evidence(),
            about.purpose(),
            now,
            about.transaction() == null ? null : about.transaction().hash());
    store.insert(tx, tenant, proof);
    return new Redemption.Proven(proof);
  }

  /** The proofs given in these sign-ins, oldest first; without those that approved a transaction and are worth nothing else. */
  public List<Proof> of(Tx tx, TenantId tenant, Collection<SignInId> signIns) {
    return all(tx, tenant, signIns)
        .filter(proof -> proof.purpose() != Purpose.TRANSACTION)
        .toList();
  }

  /** The same, with those that approved a transaction in that one of them. */
  public List<Proof> of(Tx tx, TenantId tenant, Collection<SignInId> signIns, SignInId approvedIn) {
    return all(tx, tenant, signIns)
        .filter(
            proof -> proof.purpose() != Purpose.TRANSACTION || proof.signIn().equals(approvedIn))
        .toList();
  }

  private Stream<Proof> all(Tx tx, TenantId tenant, Collection<SignInId> signIns) {
    return signIns.stream()
        .flatMap(signIn -> store.of(tx, tenant, signIn).stream())
        .sorted(Comparator.comparing(Proof::at));
  }

  /** Drops what was proven in a sign-in, when somebody else begins to use it. */
  public void forget(Tx tx, TenantId tenant, SignInId signIn) {
    store.forget(tx, tenant, signIn);
  }
}
