package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.enrolment.OwnFactors;
import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Factors;
import dev.countersign.factor.MfaMethod;
import dev.countersign.identity.People;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.stepup.Freshness;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Auth0's MFA API for somebody who is signed in: with an access token for the audience {@code <issuer>mfa/}. What may be
 * done, and how fresh proofs have to be, {@link OwnFactors} says, as it does on the security page. Thread-safe.
 */
final class OwnAuthenticators {
  static final String ENROLL = "enroll";
  static final String READ = "read:authenticators";
  static final String REMOVE = "remove:authenticators";

  private final Database database;
  private final People people;
  private final Sessions sessions;
  private final RefreshFamilies families;
  private final Tokens tokens;
  private final Factors factors;
  private final Enrolments enrolments;
  private final OwnFactors ownFactors;
  private final OobCodes oobCodes;

  OwnAuthenticators(
      Database database,
      People people,
      Sessions sessions,
      RefreshFamilies families,
      Tokens tokens,
      Factors factors,
      Enrolments enrolments,
      OwnFactors ownFactors,
      OobCodes oobCodes) {
    this.database = database;
    this.people = people;
    this.sessions = sessions;
    this.families = families;
    this.tokens = tokens;
    this.factors = factors;
    this.enrolments = enrolments;
    this.ownFactors = ownFactors;
    this.oobCodes = oobCodes;
  }

  /** Who holds an access token. */
  private record Holder(Tokens.Genuine token, Session session) {
    UserId user() {
      return session.user();
    }

    OwnFactors.Access access() {
      return new OwnFactors.Access.Token(session.id(), token.time("iat").orElseThrow());
    }
  }

  /** Whether this is an access token for the MFA API that is good now. */
  boolean isOne(Request request, Secret token) {
    return read(request, token).isPresent();
  }

  private Optional<Tokens.Genuine> read(Request request, Secret token) {
    var site = request.site();
    return tokens.access(site, token, Api.mfaAudience(site.issuer()), request.at());
  }

  /** As with user info, the sign-in behind it has to stand. */
  private Optional<Holder> holder(Request request, Secret token) {
    var tenant = request.site().tenant();
    return read(request, token)
        .filter(it -> !it.text("sid").isEmpty())
        .flatMap(it ->
            database.read(tx -> {
              var grant = it.grant();
              var user = new UserId(it.text("sub"));
              return sessions
                  .find(tx, tenant, new SessionId(it.text("sid")), request.at())
                  .filter(session -> session.user().equals(user))
                  .filter(_ -> !families.isRevoked(tx, tenant, grant))
                  .filter(_ ->
                      people.find(tx, tenant, user).filter(person -> !person.blocked()).isPresent())
                  .map(session -> new Holder(it, session));
            }));
  }

  /** What is done by whoever holds a token that is good for it. */
  @FunctionalInterface
  private interface Deed {
    Reply by(Holder holder);
  }

  private Reply allowed(Request request, Secret token, String scope, Deed deed) {
    var holder = holder(request, token);
    if (holder.isEmpty()) {
      return OAuthError.invalidToken("The token is unknown, expired, or not for this endpoint.")
          .reply();
    }
    return holder.get().token().scopes().contains(scope)
        ? deed.by(holder.get())
        : new OAuthError(403, "insufficient_scope", "The access token needs the scope " + scope)
            .reply();
  }

  Reply list(Request request, Secret token) {
    var tenant = request.site().tenant();
    return allowed(
        request,
        token,
        READ,
        holder -> Reply.json(Authenticators.of(factors.of(tenant), active(tenant, holder.user()))));
  }

  private List<Enrolment> active(TenantId tenant, UserId user) {
    return database.read(tx -> enrolments.of(tx, tenant, user)).stream()
        .filter(Enrolment::isActive)
        .toList();
  }

  Reply remove(Request request) {
    var tenant = request.site().tenant();
    var token = Bearer.of(request);
    if (token.isEmpty()) {
      return OAuthError.invalidToken("The access token is missing.").reply();
    }
    return allowed(
        request,
        token.get(),
        REMOVE,
        holder -> {
          var named =
              active(tenant, holder.user()).stream()
                  .filter(it -> Authenticators.is(factors.of(tenant), it, request.parameter("id")))
                  .findFirst();
          if (named.isEmpty()) {
            return unknown();
          }
          var outcome =
              ownFactors.remove(tenant, holder.access(), named.get().id(), request.occasion());
          return outcome instanceof OwnFactors.Outcome.Done
              ? Reply.empty(204)
              : failed(request, outcome, unknown());
        });
  }

  private static Reply unknown() {
    return new OAuthError(404, "not_found", "There is no such authenticator to be removed.")
        .reply();
  }

  Reply associate(Request request, Secret token, MfaEndpoints.Wanted wanted) {
    var tenant = request.site().tenant();
    return allowed(
        request,
        token,
        ENROLL,
        holder -> {
          var factor =
              offered(tenant, holder, request.at()).stream().filter(wanted::isMetBy).findFirst();
          if (factor.isEmpty()) {
            return impossible();
          }
          var outcome =
              ownFactors.begin(
                  tenant,
                  holder.access(),
                  factor.get().profile().id(),
                  wanted.start(),
                  request.occasion());
          return outcome instanceof OwnFactors.Outcome.UnderWay(var going)
              ? MfaEndpoints.underWay(
                  factor.get(),
                  going.underWay(),
                  oobCodes.of(holder.session().id(), factor.get().profile().id()),
                  List.of())
              : failed(request, outcome, impossible());
        });
  }

  /** What this person may set up by themselves now. */
  private List<Factor> offered(TenantId tenant, Holder holder, Moment now) {
    return database.read(tx -> ownFactors.offered(tx, tenant, holder.session(), now)).stream()
        .map(factors.of(tenant)::get)
        .toList();
  }

  private static Reply impossible() {
    return OAuthError.invalidRequest("An authenticator of this type cannot be set up here.")
        .reply();
  }

  private static Reply failed(Request request, OwnFactors.Outcome outcome, Reply notPossible) {
    return switch (outcome) {
      case OwnFactors.Outcome.Unsent(var _, var _, var until) ->
          MfaEndpoints.unsent(request, until);
      case OwnFactors.Outcome.Unfit(var _, var field, var why) ->
          OAuthError.invalidRequest(field + ": " + why.reason().word()).reply();
      case OwnFactors.Outcome.NotPossible _ -> notPossible;
      case OwnFactors.Outcome.Stale _ -> insufficient();
      case OwnFactors.Outcome.NotSignedIn _ -> stale().reply();
      case OwnFactors.Outcome.UnderWay _,
          OwnFactors.Outcome.Wrong _,
          OwnFactors.Outcome.NotYet _,
          OwnFactors.Outcome.Done _,
          OwnFactors.Outcome.Allowed _,
          OwnFactors.Outcome.CodesAllowed _,
          OwnFactors.Outcome.Codes _ ->
          throw new IllegalStateException("no failure: " + outcome);
    };
  }

  /** Tells how to come back (RFC 9470 section 3): as whoever changes factors on the security page. */
  private static Reply insufficient() {
    var error =
        new OAuthError(
            401,
            "insufficient_user_authentication",
            "What was proven for this token is too old or not enough.");
    return error
        .reply()
        .withHeader(
            "WWW-Authenticate",
            StepUpChallenge.header(Level.AAL2.acr(), Freshness.RECENT.toSeconds()));
  }

  private static OAuthError stale() {
    return OAuthError.invalidToken("What was proven for this token is too old or not enough.");
  }

  // Confirming, which Auth0's documents leave open: the access token stands for the mfa_token

  DirectGrants.Outcome confirm(
      Request request,
      Application client,
      Secret token,
      Predicate<MfaMethod> which,
      Answer answer,
      OAuthError wrong) {
    return confirm(
        request,
        client,
        token,
        (_, factor) -> factor.mfaMethod().filter(which).isPresent(),
        answer,
        wrong);
  }

  DirectGrants.Outcome confirmOob(
      Request request,
      Application client,
      Secret token,
      String oobCode,
      Optional<Secret> bindingCode,
      OAuthError wrong) {
    return confirm(
        request,
        client,
        token,
        (session, factor) -> oobCodes.isOf(oobCode, session, factor.profile().id()),
        bindingCode.map(Answer::ofCode).orElse(Answer.NONE),
        wrong);
  }

  /** Which factor an answer is for. */
  @FunctionalInterface
  private interface Meant {
    boolean is(SessionId session, Factor factor);
  }

  private DirectGrants.Outcome confirm(
      Request request,
      Application client,
      Secret token,
      Meant meant,
      Answer answer,
      OAuthError wrong) {
    var tenant = request.site().tenant();
    var found = holder(request, token);
    if (found.isEmpty() || !found.get().token().scopes().contains(ENROLL)) {
      return DirectGrants.refused(OAuthError.MALFORMED_MFA_TOKEN, "mfa_token_unknown_or_expired");
    }
    var holder = found.get();
    if (!holder.token().text("azp").equals(client.id().value())) {
      return DirectGrants.refused(
          OAuthError.invalidRequest("The mfa_token is another application's."),
          "mfa_token_of_another_client");
    }
    var begun =
        database.read(tx -> enrolments.of(tx, tenant, holder.user())).stream()
            .filter(it -> it.state() == Enrolment.State.PENDING)
            .map(Enrolment::factor)
            .collect(Collectors.toSet());
    var factor =
        offered(tenant, holder, request.at()).stream()
            .filter(it -> begun.contains(it.profile().id()))
            .filter(it -> meant.is(holder.session().id(), it))
            .findFirst();
    if (factor.isEmpty()) {
      return DirectGrants.refused(OAuthError.NOT_ENROLLED, "nothing_set_up");
    }
    if (answer.isEmpty() && !(factor.get() instanceof AnsweredElsewhere)) {
      return DirectGrants.refused(
          OAuthError.invalidRequest("binding_code is missing."), "request_malformed");
    }
    var outcome =
        ownFactors.confirm(
            tenant, holder.access(), factor.get().profile().id(), answer, "", request.occasion());
    return switch (outcome) {
      case OwnFactors.Outcome.Done _ ->
          new DirectGrants.Outcome.Cleared(grant(request, holder), Optional.empty());
      case OwnFactors.Outcome.Wrong(var why) -> DirectGrants.refused(wrong, why.reason().word());
      case OwnFactors.Outcome.NotYet _ -> DirectGrants.notYet(OAuthError.MFA_PENDING);
      case OwnFactors.Outcome.Stale _, OwnFactors.Outcome.NotSignedIn _ ->
          DirectGrants.refused(stale(), "proof_too_old");
      case OwnFactors.Outcome.NotPossible _ ->
          DirectGrants.refused(OAuthError.NOT_ENROLLED, "nothing_set_up");
      case OwnFactors.Outcome.UnderWay _,
          OwnFactors.Outcome.Unsent _,
          OwnFactors.Outcome.Unfit _,
          OwnFactors.Outcome.Allowed _,
          OwnFactors.Outcome.CodesAllowed _,
          OwnFactors.Outcome.Codes _ ->
          throw new IllegalStateException("confirming does not end in " + outcome);
    };
  }

  /** For the same again, and no more: what the new factor proves is worth something at the next sign-in. */
  private static Grant grant(Request request, Holder holder) {
    var token = holder.token();
    var methods = new ArrayList<String>();
    token.claims().path("amr").forEach(each -> methods.add(each.asString("")));
    return new Grant(
        token.grant(),
        token.text("azp"),
        holder.user().value(),
        holder.session().id().value(),
        request.site().issuer(),
        holder.session().signIns().stream().map(it -> it.value()).toList(),
        List.copyOf(token.scopes()),
        Api.mfaAudience(request.site().issuer()),
        null,
        null,
        Level.ofAcr(token.text("acr")).orElse(Level.AAL1),
        methods,
        token.time("auth_time").map(Moment::millis).orElse(0L));
  }
}
