package dev.countersign.oidc;

import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofLedger;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person's access token is enough for what its holder is about to do, by the step-up rules of today's policy.
 * Judged by the proofs that the token rests on and no others: somebody who has proven more since has another token to show
 * for it. Thread-safe.
 */
final class StepUpRules {
  private final Sessions sessions;
  private final SignIns signIns;
  private final ProofLedger ledger;
  private final Enrolments enrolments;
  private final FactFinder finder;
  private final Policies policies;

  StepUpRules(
      Sessions sessions,
      SignIns signIns,
      ProofLedger ledger,
      Enrolments enrolments,
      FactFinder finder,
      Policies policies) {
    this.sessions = sessions;
    this.signIns = signIns;
    this.ledger = ledger;
    this.enrolments = enrolments;
    this.finder = finder;
    this.policies = policies;
  }

  /** What has to be proven first, if anything has. */
  Optional<StepUpChallenge> owed(
      Tx tx, TenantId tenant, Tokens.Genuine token, List<String> acts, Moment now) {
    var policy = policies.current(tx, tenant);
    if (policy.stepUpsFor(acts).isEmpty()) {
      return Optional.empty();
    }
    var last = new SignInId(token.text(Mint.SIGN_IN));
    boolean askedFor = signIns.acts(tx, tenant, last, token.text("client_id")).containsAll(acts);
    var proofs = proofs(tx, tenant, token, last, askedFor, now);
    var facts =
        finder
            .gather(
                tx,
                tenant,
                new UserId(token.text("sub")),
                proofs,
                Facts.Asked.plain(token.text("client_id")),
                false,
                true,
                policy.traits(),
                now)
            .before(acts)
            .in(
                new Facts.Circumstances(
                    Facts.Where.UNKNOWN,
                    askedFor ? begun(last, proofs, now) : null,
                    List.of(),
                    Map.of()));
    return Enforcement.owed(policy, facts).map(rule -> new StepUpChallenge(rule, acts));
  }

  /**
   * Those of the session up to the sign-in that the token came of, as far as what was answered is still there. What approved
   * a transaction counts for the token of that transaction and the acts that it was asked for, as it did then.
   */
  private List<Proof> proofs(
      Tx tx, TenantId tenant, Tokens.Genuine token, SignInId last, boolean askedFor, Moment now) {
    var user = new UserId(token.text("sub"));
    var all =
        sessions
            .find(tx, tenant, new SessionId(token.text("sid")), now)
            .map(it -> it.signIns().subList(0, it.signIns().indexOf(last) + 1))
            .orElse(List.of());
    boolean approved = askedFor && token.claims().has(AuthorizationDetails.PARAMETER);
    var living =
        enrolments.of(tx, tenant, user).stream().map(Enrolment::id).collect(Collectors.toSet());
    return (approved ? ledger.of(tx, tenant, all, last) : ledger.of(tx, tenant, all))
        .stream()
            .filter(proof -> proof.user().equals(user))
            .filter(proof ->
                finder.isRecovery(proof.method())
                    || proof.enrolment().filter(it -> !living.contains(it)).isEmpty())
            .toList();
  }

  /**
   * Since when proofs count however short the rules' time is: those of a sign-in in which this very application asked for
   * these very acts. Not for long, or a rule that wants a proof each time would want one for each token.
   */
  private static @Nullable Moment begun(SignInId signIn, List<Proof> proofs, Moment now) {
    var own =
        proofs.stream()
            .filter(it -> it.signIn().equals(signIn))
            .map(Proof::at)
            .sorted(Moment::compareTo)
            .toList();
    return !own.isEmpty() && now.since(own.getLast()).compareTo(Enforcement.APPROVAL_LASTS) < 0
        ? own.getFirst()
        : null;
  }
}
