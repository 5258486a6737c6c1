package dev.countersign.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Level;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Proof;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grants by which an application asks its person by itself: the password first, and then whatever second proof the
 * sign-in demands. Each is a step of the same sign-in that pages lead, taken by the same operations; what is particular here
 * is only how it is asked and told. Thread-safe.
 */
final class DirectGrants {
  /** The one connection there is. */
  static final String REALM = Person.PASSWORD_CONNECTION;

  /** How soon an application may ask again whether its person has answered. */
  private static final Duration PACE = Duration.ofSeconds(1);

  private static final SignIn.Asked QUIETLY =
      new SignIn.Asked(Level.NONE, null, null, null, null, null, false);

  private final Database database;
  private final Entropy entropy;
  private final Apis apis;
  private final Tenants tenants;
  private final Progress progress;
  private final MfaTokens mfaTokens;
  private final OobCodes oobCodes;
  private final OwnAuthenticators own;
  private final Operations operations;

  /** When an application asked last, for {@link #PACE}. No harm is done where another server has not heard of it. */
  private final Cache<SignInId, Moment> asked =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  /** The steps of a sign-in, the very ones of the pages. */
  record Operations(
      SignIns signIns,
      Factors factors,
      AnswerPassword password,
      PoseChallenge pose,
      AnswerChallenge answer,
      SetUpAtSignIn setUp,
      CodeSets codeSets) {}

  DirectGrants(
      Database database,
      Entropy entropy,
      Apis apis,
      Tenants tenants,
      Progress progress,
      MfaTokens mfaTokens,
      OobCodes oobCodes,
      OwnAuthenticators own,
      Operations operations) {
    this.database = database;
    this.entropy = entropy;
    this.apis = apis;
    this.tenants = tenants;
    this.progress = progress;
    this.mfaTokens = mfaTokens;
    this.oobCodes = oobCodes;
    this.own = own;
    this.operations = operations;
  }

  /** What came of asking for one. */
  sealed interface Outcome {
    /**
     * Enforcement cleared it.
     *
     * @param code a fresh backup code in the place of the one that was used
     */
    record Cleared(Grant grant, Optional<Secret> code) implements Outcome {}

    /** More is demanded. */
    record Owed(MfaToken token, Catalogue factors, Demand demand) implements Outcome {}

    /**
     * No.
     *
     * @param until when it makes sense to try again
     * @param who the person, where the sign-in knows
     * @param reason the word of the audit log; null where asking too early is nothing to record
     */
    record Refused(
        OAuthError error, Optional<Moment> until, Optional<UserId> who, @Nullable String reason)
        implements Outcome {}
  }

  static Outcome refused(OAuthError error, String reason) {
    return new Outcome.Refused(error, Optional.empty(), Optional.empty(), reason);
  }

  private static Outcome refused(OAuthError error, SignIn signIn, String reason) {
    return new Outcome.Refused(error, Optional.empty(), signIn.who(), reason);
  }

  static Outcome notYet(OAuthError error) {
    return new Outcome.Refused(error, Optional.empty(), Optional.empty(), null);
  }

  private static Outcome resting(Optional<Moment> until, Optional<UserId> who) {
    return new Outcome.Refused(OAuthError.TOO_MANY, until, who, "throttled");
  }

  // The first proof

  Outcome byPassword(Request request, TokenRequest params, Application client, boolean byRealm) {
    var username = params.present("username");
    var password = params.present("password").map(Secret::of);
    var realm = params.present("realm");
    if (username.isEmpty() || password.isEmpty() || (byRealm && realm.isEmpty())) {
      return refused(
          OAuthError.invalidRequest(
              "username and password are needed" + (byRealm ? ", and a realm." : ".")),
          "request_malformed");
    }
    if (realm.isPresent() && !realm.get().equals(REALM)) {
      return refused(
          OAuthError.invalidRequest("Unknown realm: " + OAuthError.plain(realm.get())),
          "realm_unknown");
    }
    var site = request.site();
    var audience =
        params.present("audience").or(() -> tenants.get(site.tenant()).settings().audience());
    if (audience
        .filter(it -> apis.find(site.tenant(), site.issuer(), it, request.at()).isEmpty())
        .isPresent()) {
      return refused(OAuthError.serviceNotFound(audience.get()), "audience_unknown");
    }
    if (!Identifier.of(username.get()).isPlausible()) {
      return refused(OAuthError.WRONG_PASSWORD, "password_invalid");
    }
    var wanted =
        new DirectRequest(
            site.issuer(),
            AuthorizationRequest.words(params.params().text("scope")).stream().distinct().toList(),
            audience.orElse(null));
    var begun = begin(request, wanted, client, username.get());
    var occasion = request.occasion();
    var outcome =
        operations
            .password()
            .answer(
                site.tenant(),
                begun.signIn(),
                begun.handle(),
                Optional.empty(), // Knows no browser, so that guesses count for person and network.
                password.get(),
                occasion);
    return switch (outcome) {
      case AnswerPassword.Outcome.Moved(var moved) ->
          after(
              request, moved, new MfaToken(begun.signIn(), moved.browser().orElse(begun.secret())));
      case AnswerPassword.Outcome.Wrong _,
          AnswerPassword.Outcome.NotDemanded _,
          AnswerPassword.Outcome.Lost _ ->
          refused(OAuthError.WRONG_PASSWORD, "password_invalid");
      case AnswerPassword.Outcome.Resting(var until) -> resting(until, Optional.empty());
    };
  }

  /** Begins a sign-in in which the name is given already. No invitation fits in the answer, nor does a page of codes. */
  private MfaToken begin(
      Request request, DirectRequest wanted, Application client, String username) {
    var asked =
        AuthorizationRules.guarded(
            QUIETLY.before(AuthorizationRules.scopeActs(wanted.scopes())),
            wanted.issuer(),
            Optional.ofNullable(wanted.audience()),
            request.at());
    return database.write(tx -> {
      var begun =
          operations
              .signIns()
              .begin(
                  request.site().tenant(),
                  wanted.destination(client.id()),
                  asked,
                  SignIn.Notes.NONE,
                  request.at());
      progress.advance(
          tx,
          begun.signIn(),
          new LoginSession.Event.Identified(username.strip()),
          request.occasion());
      return new MfaToken(begun.signIn().id(), begun.browser());
    });
  }

  // The second proof

  /** A step for a sign-in that stands and is this application's. */
  @FunctionalInterface
  private interface Step {
    Outcome take(MfaTokens.Finding.Found held);
  }

  /** The same where somebody who is signed in sets a factor up by an access token. */
  @FunctionalInterface
  private interface Own {
    Outcome take(Secret token);
  }

  private Outcome within(
      Request request, TokenRequest params, Application client, Own ownStep, Step step) {
    var token = params.present("mfa_token");
    if (token.isEmpty()) {
      return refused(OAuthError.invalidRequest("mfa_token is missing."), "request_malformed");
    }
    if (own.isOne(request, Secret.of(token.get()))) {
      return ownStep.take(Secret.of(token.get()));
    }
    return switch (mfaTokens.find(request.site(), token.get(), request.at())) {
      case MfaTokens.Finding.Gone(var error) -> refused(error, "mfa_token_unknown_or_expired");
      case MfaTokens.Finding.Found held ->
          held.signIn().destination().application().equals(client.id())
              ? step.take(held)
              : refused(
                  OAuthError.invalidRequest("The mfa_token is another application's."),
                  "mfa_token_of_another_client");
    };
  }

  Outcome byOtp(Request request, TokenRequest params, Application client) {
    var typed = params.present(MfaMethod.Kind.OTP.word()).map(Secret::of);
    if (typed.isEmpty()) {
      return refused(OAuthError.invalidRequest("The code is missing."), "request_malformed");
    }
    return within(
        request,
        params,
        client,
        token ->
            own.confirm(
                request,
                client,
                token,
                it -> it.kind() == MfaMethod.Kind.OTP,
                Answer.ofCode(typed.get()),
                OAuthError.INVALID_OTP),
        held -> {
          var factor = demanded(held.signIn(), MfaMethod.Kind.OTP).map(Factor::profile);
          return factor.isEmpty()
              ? notAsked(request, held)
              : answer(
                  request,
                  held,
                  factor.get().id(),
                  Answer.ofCode(typed.get()),
                  OAuthError.INVALID_OTP);
        });
  }

  Outcome byRecoveryCode(Request request, TokenRequest params, Application client) {
    var typed = params.present("recovery_code").map(Secret::of);
    if (typed.isEmpty()) {
      return refused(OAuthError.invalidRequest("recovery_code is missing."), "request_malformed");
    }
    return within(
        request,
        params,
        client,
        _ -> refused(OAuthError.MALFORMED_MFA_TOKEN, "mfa_token_unknown_or_expired"),
        held -> {
          var recovery = operations.factors().recovery().profile().id();
          var outcome =
              answer(request, held, recovery, Answer.ofCode(typed.get()), OAuthError.MFA_REJECTED);
          return outcome instanceof Outcome.Cleared(var grant, var _)
              ? new Outcome.Cleared(grant, replacement(request, held, grant.userId()))
              : outcome;
        });
  }

  /** A code that was used is replaced by one more (SP 800-63B-4 section 4.2.1.1). */
  private Optional<Secret> replacement(Request request, MfaTokens.Finding.Found held, UserId user) {
    var tenant = request.site().tenant();
    var codeSets = operations.codeSets();
    var whose =
        new SetUp.Whose(
            tenant, user, held.signIn().id(), held.signIn().destination().application());
    return database
        .read(tx -> codeSets.counted(tx, tenant, user))
        .flatMap(set -> {
          var drawn = codeSets.draw(set);
          return database.write(tx -> codeSets.replace(tx, whose, set, drawn, request.occasion()))
              ? Optional.of(drawn.shown())
              : Optional.empty();
        });
  }

  Outcome byOob(Request request, TokenRequest params, Application client) {
    var oobCode = params.present("oob_code");
    if (oobCode.isEmpty()) {
      return refused(OAuthError.invalidRequest("oob_code is missing."), "request_malformed");
    }
    var typed = params.present("binding_code").map(Secret::of);
    return within(
        request,
        params,
        client,
        token ->
            own.confirmOob(
                request, client, token, oobCode.get(), typed, OAuthError.INVALID_BINDING_CODE),
        held -> {
          var signIn = held.signIn();
          var meant =
              all(signIn, MfaMethod.Kind.OOB).stream()
                  .filter(it -> oobCodes.isOf(oobCode.get(), signIn, it.profile().id()))
                  .findFirst();
          if (meant.isEmpty()) {
            return refused(
                OAuthError.invalidRequest("The oob_code is of another transaction."),
                signIn,
                "oob_code_of_another_transaction");
          }
          if (meant.get() instanceof AnsweredElsewhere elsewhere) {
            return look(request, held, elsewhere);
          }
          return typed.isEmpty()
              ? refused(
                  OAuthError.invalidRequest("binding_code is missing."),
                  signIn,
                  "request_malformed")
              : answer(
                  request,
                  held,
                  meant.get().profile().id(),
                  Answer.ofCode(typed.get()),
                  OAuthError.INVALID_BINDING_CODE);
        });
  }

  /** Looks whether the person has answered on their device. */
  private Outcome look(Request request, MfaTokens.Finding.Found held, AnsweredElsewhere factor) {
    var signIn = held.signIn();
    var id = factor.profile().id();
    var last = asked.getIfPresent(signIn.id());
    if (last != null && request.at().since(last).compareTo(PACE) < 0) {
      return notYet(OAuthError.SLOW_DOWN);
    }
    asked.put(signIn.id(), request.at());
    if (signIn.state() instanceof LoginSession.AwaitingMfa(var _, Demand.Enrol _, var _)) {
      return answer(request, held, id, Answer.NONE, OAuthError.MFA_REJECTED);
    }
    var occasion = request.occasion();
    var looked =
        database.read(tx ->
            operations.pose().look(tx, signIn.tenant(), signIn.id(), held.handle(), id, occasion));
    return switch (looked) {
      case PoseChallenge.Look.Ready ready -> {
        var state =
            ready
                .waiting()
                .map(waiting -> ready.factor().asking(ready.scene(), ready.mine(), waiting.memo()))
                .filter(Prompt.Approval.class::isInstance)
                .map(prompt -> ((Prompt.Approval) prompt).state())
                .orElse(Prompt.Approval.State.EXPIRED);
        yield switch (state) {
          case WAITING -> notYet(OAuthError.MFA_PENDING);
          case ANSWERED -> answer(request, held, id, Answer.NONE, OAuthError.MFA_REJECTED);
          case EXPIRED -> refused(OAuthError.MFA_REJECTED, signIn, "code_expired");
          case MISMATCHED -> refused(OAuthError.MFA_REJECTED, signIn, "code_invalid");
        };
      }
      case PoseChallenge.Look.Over(PoseChallenge.Outcome.Resting(var until)) ->
          resting(until, signIn.who());
      case PoseChallenge.Look.Over _ -> notAsked(request, held);
    };
  }

  private Outcome answer(
      Request request,
      MfaTokens.Finding.Found held,
      FactorId factor,
      Answer answer,
      OAuthError wrong) {
    var signIn = held.signIn();
    var tenant = signIn.tenant();
    var occasion = request.occasion();
    if (signIn.state() instanceof LoginSession.AwaitingMfa(var _, Demand.Enrol _, var _)) {
      return confirmed(
          request,
          held,
          operations
              .setUp()
              .confirm(tenant, signIn.id(), held.handle(), factor, answer, "", occasion),
          wrong);
    }
    var outcome =
        operations.answer().answer(tenant, signIn.id(), held.handle(), factor, answer, occasion);
    return switch (outcome) {
      case AnswerChallenge.Outcome.Passed(var moved) -> after(request, moved, held.token());
      case AnswerChallenge.Outcome.Wrong _ -> refused(wrong, signIn, "answer_refused");
      case AnswerChallenge.Outcome.Over(var why) -> refused(wrong, signIn, why.reason().word());
      case AnswerChallenge.Outcome.Resting(var until) -> resting(until, signIn.who());
      case AnswerChallenge.Outcome.NotYet _ -> notYet(OAuthError.MFA_PENDING);
      case AnswerChallenge.Outcome.NotDemanded _ -> notAsked(request, held);
      case AnswerChallenge.Outcome.Lost(var why) ->
          refused(MfaTokens.gone(why), signIn, "mfa_token_unknown_or_expired");
    };
  }

  private Outcome confirmed(
      Request request,
      MfaTokens.Finding.Found held,
      SetUpAtSignIn.Outcome outcome,
      OAuthError wrong) {
    var signIn = held.signIn();
    return switch (outcome) {
      case SetUpAtSignIn.Outcome.Moved(var moved) -> after(request, moved, held.token());
      case SetUpAtSignIn.Outcome.Wrong(var why) -> refused(wrong, signIn, why.reason().word());
      case SetUpAtSignIn.Outcome.NotYet _ -> notYet(OAuthError.MFA_PENDING);
      case SetUpAtSignIn.Outcome.Lost(var why) ->
          refused(MfaTokens.gone(why), signIn, "mfa_token_unknown_or_expired");
      case SetUpAtSignIn.Outcome.NotDemanded _ ->
          refused(OAuthError.NOT_ENROLLED, signIn, "nothing_set_up");
      case SetUpAtSignIn.Outcome.UnderWay _,
          SetUpAtSignIn.Outcome.Unsent _,
          SetUpAtSignIn.Outcome.Unfit _,
          SetUpAtSignIn.Outcome.Codes _,
          SetUpAtSignIn.Outcome.CodesOutdated _ ->
          throw new IllegalStateException("confirming does not end in " + outcome);
    };
  }

  /** The factor was not asked for, or is no more: tells what is. */
  private Outcome notAsked(Request request, MfaTokens.Finding.Found held) {
    return switch (mfaTokens.find(request.site(), held.token().write().reveal(), request.at())) {
      case MfaTokens.Finding.Gone(var error) ->
          refused(error, held.signIn(), "mfa_token_unknown_or_expired");
      case MfaTokens.Finding.Found(var now, var _) ->
          switch (now.state()) {
            case LoginSession.AwaitingMfa(var _, Demand.Enrol _, var _) ->
                refused(OAuthError.NOT_ENROLLED, now, "factor_not_asked_for");
            case LoginSession.AwaitingMfa _,
                LoginSession.Pending _,
                LoginSession.Authenticated _,
                LoginSession.Ended _,
                Completed _ ->
                refused(OAuthError.NO_SUCH_CHALLENGE, now, "factor_not_asked_for");
          };
    };
  }

  /** Of what is demanded, or being set up, the one of this kind that was asked for, or else the first. */
  private Optional<Factor> demanded(SignIn signIn, MfaMethod.Kind kind) {
    var all = all(signIn, kind);
    return all.stream()
        .filter(it -> it.profile().id().equals(signIn.notes().asked()))
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  private List<Factor> all(SignIn signIn, MfaMethod.Kind kind) {
    var factors = operations.factors().of(signIn.tenant());
    return signIn.state() instanceof LoginSession.AwaitingMfa(var _, var demand, var _)
        ? switch (demand) {
          case Demand.Challenge(var anyOf) -> MfaRequirements.among(factors, anyOf, kind).toList();
          case Demand.Enrol(var anyOf, var _) ->
              MfaRequirements.among(factors, anyOf, kind).toList();
          case Demand.FirstProof _, Demand.Password _, Demand.SeeBackupCodes _ -> List.of();
        }
        : List.of();
  }

  // Where it leads

  private Outcome after(Request request, Progress.Moved moved, MfaToken token) {
    var signIn = moved.signIn();
    return switch (signIn.state()) {
      case Completed completed ->
          new Outcome.Cleared(
              grant(signIn, completed, moved.arrived().orElseThrow()), Optional.empty());
      case LoginSession.AwaitingMfa(var _, var demand, var _) ->
          new Outcome.Owed(token, catalogue(signIn.tenant()), demand);
      case LoginSession.Ended _ -> refused(turnedAway(request, signIn), "denied");
      case LoginSession.Pending _, LoginSession.Authenticated _ ->
          throw new IllegalStateException("a sign-in does not stop at " + signIn.state().word());
    };
  }

  private Catalogue catalogue(TenantId tenant) {
    return operations.factors().of(tenant);
  }

  /** Why somebody is kept out, as far as their application may know. */
  private OAuthError turnedAway(Request request, SignIn signIn) {
    var why =
        database
            .read(tx -> progress.newestDecision(tx, request.site().tenant(), signIn.id()))
            .map(Progress.DecisionRecord::reason)
            .orElse("");
    return OAuthError.accessDenied("The person may not sign in: " + why + ".");
  }

  private Grant grant(SignIn signIn, Completed completed, Arrivals.Arrived arrived) {
    var wanted = DirectRequest.of(signIn.destination());
    return new Grant(
        Ids.fresh("gr_", entropy),
        signIn.destination().application().value(),
        completed.who().value(),
        arrived.session().value(),
        wanted.issuer(),
        completed.proofs().stream().map(Proof::signIn).distinct().map(SignInId::value).toList(),
        wanted.scopes(),
        wanted.audience(),
        null,
        null,
        completed.level(),
        Amr.of(completed.proofs(), completed.level()),
        completed.authenticatedAt().millis());
  }
}
