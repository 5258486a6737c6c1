package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.Spendables;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in to an application completes: the session is opened, the code and the front-channel ID token made, and the
 * event recorded, all in the transaction that completes it. Thread-safe.
 */
public final class OidcArrival implements Arrivals {
  private final Sessions sessions;
  private final Applications applications;
  private final People people;
  private final SigningKeys keys;
  private final Audit audit;
  private final Entropy entropy;
  private final Codes codes;
  private final Mint mint;
  private final Factors factors;

  public OidcArrival(
      Sessions sessions,
      Applications applications,
      People people,
      SigningKeys keys,
      Spendables spendables,
      Audit audit,
      Entropy entropy,
      Factors factors,
      Predicate<TenantId> sandbox) {
    this.sessions = sessions;
    this.applications = applications;
    this.people = people;
    this.keys = keys;
    this.audit = audit;
    this.entropy = entropy;
    this.codes = new Codes(spendables, entropy);
    this.mint = new Mint(entropy, sandbox);
    this.factors = factors;
  }

  @Override
  public Arrived arrive(Tx tx, SignIn signIn, Completed completed, Occasion occasion) {
    if (signIn.destination().isDirect()) {
      // Its tokens go in the answer to the application, which comes of this very session.
      var opened = sessions.open(tx, signIn, completed, occasion);
      record(tx, signIn, opened.session(), completed, occasion);
      return new Arrived(opened.session().id(), opened.cookie(), new Onward.Nowhere());
    }
    var request = AuthorizationRequest.ofUrl(signIn.destination().onward());
    var application = applications.find(tx, signIn.tenant(), signIn.destination().application());
    var opened = sessions.open(tx, signIn, completed, occasion);
    var grant = grant(request, signIn, completed, opened.session());
    record(tx, signIn, opened.session(), completed, occasion);
    var onward =
        application
            .filter(Application::connected)
            .map(it ->
                AuthorizationAnswer.of(request, answer(tx, request, signIn, it, grant, occasion)))
            .orElseGet(() ->
                AuthorizationAnswer.error(
                    request,
                    new OAuthError(400, "unauthorized_client", "The application is gone.")));
    return new Arrived(opened.session().id(), opened.cookie(), onward);
  }

  private Grant grant(
      AuthorizationRequest request, SignIn signIn, Completed completed, Session session) {
    return new Grant(
        Ids.fresh("gr_", entropy),
        signIn.destination().application().value(),
        completed.who().value(),
        session.id().value(),
        request.issuer(),
        session.signIns().stream().map(SignInId::value).toList(),
        request.scopes(),
        request.audience().orElse(null),
        request.nonce().orElse(null),
        signIn.asked().acr(),
        completed.level(),
        Amr.of(completed.proofs(), completed.level()),
        completed.authenticatedAt().millis(),
        approved(signIn, completed));
  }

  private Grant.@Nullable Approved approved(SignIn signIn, Completed completed) {
    var transaction = signIn.asked().transaction();
    if (transaction == null) {
      return null;
    }
    var proof =
        completed.proofs().stream()
            .filter(it -> it.approves(signIn.id(), transaction))
            .reduce((_, newer) -> newer)
            .orElseThrow(() -> new IllegalStateException("nobody has approved " + transaction));
    var binding =
        factors
            .of(signIn.tenant())
            .find(new FactorId(proof.method()))
            .map(Factor::binding)
            .orElse(Factor.Binding.SHOWN);
    return new Grant.Approved(
        transaction.details(), transaction.hash(), proof.at().millis(), binding.word());
  }

  private Map<String, String> answer(
      Tx tx,
      AuthorizationRequest request,
      SignIn signIn,
      Application application,
      Grant grant,
      Occasion occasion) {
    var fields = new LinkedHashMap<String, String>();
    Optional<Secret> code = Optional.empty();
    if (request.wantsCode()) {
      var meaning =
          new Codes.Meaning(grant, request.redirectUri(), request.codeChallenge().orElse(null));
      code = Optional.of(codes.issue(tx, signIn.tenant(), meaning, occasion.at()));
      fields.put("code", code.get().reveal());
    }
    if (request.wantsIdToken()) {
      var person = people.find(tx, signIn.tenant(), grant.userId()).orElseThrow();
      var key = keys.current(tx, signIn.tenant(), application.idTokenAlgorithm(), occasion.at());
      fields.put(
          "id_token",
          mint.idToken(signIn.tenant(), key, grant, person, Mint.Tied.toCode(code), occasion.at())
              .reveal());
    }
    return fields;
  }

  private void record(
      Tx tx, SignIn signIn, Session session, Completed completed, Occasion occasion) {
    boolean asked =
        completed.proofs().stream().anyMatch(proof -> proof.signIn().equals(signIn.id()));
    audit.record(
        tx,
        signIn.tenant(),
        Progress.about(
                AuditEvent.success(
                    signIn.asked().transaction() == null
                        ? AuditType.SIGNED_IN
                        : AuditType.STEP_UP_APPROVED,
                    occasion),
                signIn)
            .by(completed.who())
            .with("acr", completed.level().acr())
            .with("amr", String.join(" ", Amr.of(completed.proofs(), completed.level())))
            .with("session", session.id().value())
            .with("by", asked ? "proof" : "session"));
  }
}
