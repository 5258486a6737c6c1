package dev.countersign.loginsession;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Demand;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a sign-in stands.
 *
 * <pre>
 * pending -> authenticated -> awaiting_mfa -> authenticated -> completed
 *    any of the first three -> ended
 * </pre>
 *
 * After each proof the sign-in is back at {@code authenticated}, where enforcement decides anew. What is awaited is data
 * (a {@link Demand}), so new demands add no states.
 */
public sealed interface LoginSession
    permits LoginSession.Pending,
        LoginSession.Authenticated,
        LoginSession.AwaitingMfa,
        Completed,
        LoginSession.Ended {

  /**
   * Nobody has proven anything.
   *
   * @param claimed the name that was typed, if any
   */
  record Pending(Optional<String> claimed) implements LoginSession {}

  /** The first proof is there, and perhaps more. */
  record Authenticated(UserId who, List<Proof> proofs) implements LoginSession {
    public Authenticated {
      proofs = List.copyOf(proofs);
    }

    Authenticated with(Proof proof) {
      var more = new ArrayList<>(proofs);
      more.add(proof);
      return new Authenticated(who, more);
    }
  }

  /** Something is owed. */
  record AwaitingMfa(Authenticated soFar, Demand demand, Because because) implements LoginSession {}

  /** Over without success. */
  record Ended(Why why) implements LoginSession {}

  /** Why a sign-in ended. */
  enum Why {
    CANCELLED,
    DENIED,
    EXPIRED,
    SUPERSEDED,
    ACCOUNT_CHANGED,
    /** The person, asked on another device, said that it was not them. */
    DISOWNED
  }

  /** What can happen to a sign-in. */
  sealed interface Event {
    /** A name was typed, perhaps another than before: whatever was proven is for somebody else. */
    record Identified(String claimed) implements Event {}

    record PrimaryPassed(UserId who, List<Proof> proofs) implements Event {}

    record FactorPassed(Proof proof) implements Event {}

    /** Something happened that enforcement should look at: a factor was enrolled, codes were seen, an invitation declined. */
    record LookAgain() implements Event {}

    record Decided(Decision decision) implements Event {}

    record Abandoned(Why why) implements Event {}
  }

  /** A state and what happens in it. */
  record Step(LoginSession from, Event event) {}

  /** The step is not one of the moves: somebody skipped a check, or raced another who was quicker. */
  final class IllegalMove extends IllegalStateException {
    private static final long serialVersionUID = 1;

    IllegalMove(Step step) {
      super(step.event().getClass().getSimpleName() + " at " + step.from().word());
    }
  }

  /** All moves there are. */
  static LoginSession next(Step step) {
    return switch (step) {
      case Step(Completed _, var _), Step(Ended _, var _) -> throw new IllegalMove(step);
      case Step(var _, Event.Abandoned(var why)) -> new Ended(why);
      case Step(var _, Event.Identified(var claimed)) -> new Pending(Optional.of(claimed));
      case Step(Pending _, Event.PrimaryPassed(var who, var proofs)) ->
          new Authenticated(who, proofs);
      case Step(Authenticated _, Event.Decided(Decision.Demanded(Demand.FirstProof _, var _))) ->
          new Pending(Optional.empty());
      case Step(Authenticated soFar, Event.Decided(Decision.Demanded(var demand, var because))) ->
          new AwaitingMfa(soFar, demand, because);
      case Step(Authenticated soFar, Event.Decided(Cleared cleared)) ->
          new Completed(soFar, cleared);
      case Step(Authenticated _, Event.Decided(Decision.Denied _)) -> new Ended(Why.DENIED);
      case Step(AwaitingMfa(var soFar, var _, var _), Event.FactorPassed(var proof)) ->
          soFar.with(proof);
      case Step(AwaitingMfa(var soFar, var _, var _), Event.LookAgain _) -> soFar;
      case Step(Authenticated soFar, Event.LookAgain _) -> soFar;
      case Step(Pending _, var _), Step(Authenticated _, var _), Step(AwaitingMfa _, var _) ->
          throw new IllegalMove(step);
    };
  }

  default LoginSession on(Event event) {
    return next(new Step(this, event));
  }

  /** The state's name in the database, in logs and in the documents. */
  default String word() {
    return switch (this) {
      case Pending _ -> "pending";
      case Authenticated _ -> "authenticated";
      case AwaitingMfa _ -> "awaiting_mfa";
      case Completed _ -> "completed";
      case Ended(var why) -> why == Why.EXPIRED ? "expired" : "failed";
    };
  }
}
