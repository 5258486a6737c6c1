package dev.countersign.oidc;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Purpose;
import dev.countersign.session.Sessions;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a refresh token still gives tokens: the person is there and not blocked, nobody signed them out, password and
 * factors are those that they signed in with, and what they proved then satisfies today's policy. A second proof that has
 * grown old does not end it; the new tokens then say the lower level. Thread-safe.
 */
final class RefreshRules {
  private final People people;
  private final Sessions sessions;
  private final Passwords passwords;
  private final Enrolments enrolments;
  private final ProofLedger ledger;
  private final FactFinder finder;
  private final Policies policies;
  private final Graces graces;

  RefreshRules(
      People people,
      Sessions sessions,
      Passwords passwords,
      Enrolments enrolments,
      ProofLedger ledger,
      FactFinder finder,
      Policies policies,
      Graces graces) {
    this.people = people;
    this.sessions = sessions;
    this.passwords = passwords;
    this.enrolments = enrolments;
    this.ledger = ledger;
    this.finder = finder;
    this.policies = policies;
    this.graces = graces;
  }

  /** The ruling. */
  sealed interface Ruling {
    /**
     * It goes on.
     *
     * @param scopes those of the grant that still may be given: not what a step-up rule wants a more recent proof for
     */
    record Goes(Level level, List<String> amr, Person person, List<String> scopes)
        implements Ruling {}

    /** The family is over. */
    record Ends(String reason) implements Ruling {}

    /** Not before the person has proven more, at a page of ours. */
    record MfaFirst(String reason) implements Ruling {}
  }

  Ruling judge(Tx tx, TenantId tenant, Grant grant, Moment now) {
    var person = people.find(tx, tenant, grant.userId());
    if (person.isEmpty() || person.get().blocked()) {
      return new Ruling.Ends("person_gone_or_blocked");
    }
    if (sessions.wasEnded(tx, tenant, grant.sessionId())) {
      return new Ruling.Ends("signed_out");
    }
    if (passwords
        .find(tx, tenant, grant.userId())
        .filter(kept -> grant.authTime().isBefore(kept.changedAt()))
        .isPresent()) {
      return new Ruling.Ends("password_changed");
    }
    var proofs =
        ledger.of(tx, tenant, grant.signInIds()).stream()
            .filter(proof -> proof.user().equals(grant.userId()))
            .toList();
    // A set of backup codes is replaced when its last is used, often in the very sign-in that this
    // grant came of.
    var restsOn =
        proofs.stream()
            .filter(proof -> proof.purpose() != Purpose.TRUST)
            .filter(proof -> !finder.isRecovery(proof.method()))
            .map(Proof::enrolment)
            .flatMap(Optional::stream)
            .toList();
    if (!present(tx, tenant, grant).containsAll(restsOn)) {
      return new Ruling.Ends("factor_removed");
    }
    return decided(tx, tenant, grant, person.get(), proofs, now);
  }

  private Set<EnrolmentId> present(Tx tx, TenantId tenant, Grant grant) {
    return enrolments.of(tx, tenant, grant.userId()).stream()
        .map(Enrolment::id)
        .collect(Collectors.toSet());
  }

  private Ruling decided(
      Tx tx, TenantId tenant, Grant grant, Person person, List<Proof> proofs, Moment now) {
    var policy = policies.current(tx, tenant);
    var gathered =
        finder.gather(
            tx,
            tenant,
            grant.userId(),
            proofs,
            Facts.Asked.plain(grant.client()),
            false,
            true,
            policy.traits(),
            now);
    var facts =
        policy.effective(gathered).counts()
            ? gathered.in(gathered.circumstances().with(graces.of(tx, tenant, grant.userId())))
            : gathered;
    var decision = Enforcement.decide(policy, facts);
    if (decision instanceof Cleared cleared) {
      return new Ruling.Goes(
          cleared.level(),
          Amr.of(proofs, cleared.level()),
          person,
          stillGiven(policy, facts, grant));
    }
    // What has grown old since the person was last there is forgiven, and counts no more; what the
    // policy says is today's.
    var then = proofs.stream().map(Proof::at).max(Moment::compareTo).orElse(now);
    return switch (Enforcement.decide(policy, facts.withProofsLater(now.since(then)))) {
      case Cleared _ ->
          new Ruling.Goes(
              Level.AAL1, Amr.of(proofs, Level.AAL1), person, stillGiven(policy, facts, grant));
      case Decision.Demanded(var _, var because) -> new Ruling.MfaFirst(reason(because));
      case Decision.Denied(var because) -> new Ruling.Ends(reason(because));
    };
  }

  /** Each scope by itself: one whose proof has grown old takes no other with it. */
  private static List<String> stillGiven(Policy policy, Facts facts, Grant grant) {
    return grant.scopes().stream()
        .filter(scope -> {
          var act = List.of("scope:" + scope);
          return policy.stepUpsFor(act).isEmpty()
              || Enforcement.decide(policy, facts.before(act)) instanceof Cleared;
        })
        .toList();
  }

  private static String reason(Because because) {
    return because.reason().word();
  }
}
