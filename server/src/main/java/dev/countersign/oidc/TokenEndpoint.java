package dev.countersign.oidc;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Level;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /oauth/token}. Reads the request, knows the client, lets one grant type decide in one transaction, and signs what
 * it grants after that transaction. Thread-safe.
 */
final class TokenEndpoint {
  private final Database database;
  private final Applications applications;
  private final Apis apis;
  private final People people;
  private final Sessions sessions;
  private final SigningKeys keys;
  private final Audit audit;
  private final Codes codes;
  private final RefreshFamilies families;
  private final RefreshRules refreshRules;
  private final Mint mint;
  private final DirectGrants direct;
  private final Tenants tenants;
  private final ClientAssertions assertions;
  private final PersonalScopes personal;

  TokenEndpoint(
      Database database,
      Applications applications,
      Apis apis,
      People people,
      Sessions sessions,
      SigningKeys keys,
      Audit audit,
      Codes codes,
      RefreshFamilies families,
      RefreshRules refreshRules,
      Mint mint,
      DirectGrants direct,
      Tenants tenants,
      ClientAssertions assertions) {
    this.database = database;
    this.applications = applications;
    this.apis = apis;
    this.people = people;
    this.sessions = sessions;
    this.keys = keys;
    this.audit = audit;
    this.codes = codes;
    this.families = families;
    this.refreshRules = refreshRules;
    this.mint = mint;
    this.direct = direct;
    this.tenants = tenants;
    this.assertions = assertions;
    this.personal = new PersonalScopes(apis, people);
  }

  /** What a grant type decided. */
  sealed interface Outcome {
    /**
     * Tokens for a person's application.
     *
     * @param refresh the next refresh token, where there is one
     */
    record Granted(Grant grant, Person person, Optional<Secret> refresh) implements Outcome {}

    record Failed(OAuthError error) implements Outcome {}
  }

  Reply handle(Request request) {
    return switch (TokenRequest.of(request)) {
      case TokenRequest.Reading.Unreadable(var error) -> error.reply();
      case TokenRequest.Reading.Read(var asked) -> {
        var grantType = asked.present("grant_type");
        if (grantType.isEmpty()) {
          yield OAuthError.invalidRequest("grant_type is missing.").reply();
        }
        var client = authenticated(request, asked);
        if (client.isEmpty()) {
          yield OAuthError.CLIENT_UNAUTHORIZED.reply();
        }
        yield byType(request, asked, client.get(), grantType.get());
      }
    };
  }

  /** The implicit one is a response type and never comes here. */
  static final List<String> GRANT_TYPES =
      Application.GRANT_TYPES.stream().filter(it -> !it.equals(Application.IMPLICIT)).toList();

  /** Those by which an application asks its person by itself. */
  private static final List<String> OF_PEOPLE =
      List.of(
          Application.PASSWORD,
          Application.PASSWORD_REALM,
          Application.MFA_OTP,
          Application.MFA_OOB,
          Application.MFA_RECOVERY_CODE);

  private Reply byType(Request request, TokenRequest asked, Application client, String grantType) {
    if (!GRANT_TYPES.contains(grantType)) {
      return OAuthError.of(
              "unsupported_grant_type", "Unsupported grant type: " + OAuthError.plain(grantType))
          .reply();
    }
    if (!client.may(grantType)) {
      return new OAuthError(
              403,
              "unauthorized_client",
              "Grant type '" + grantType + "' not allowed for the client.")
          .reply();
    }
    if (OF_PEOPLE.contains(grantType) && !client.connected()) {
      return new OAuthError(403, "unauthorized_client", "no connections enabled for the client")
          .reply();
    }
    return switch (grantType) {
      case Application.PASSWORD ->
          directly(request, client, "password", direct.byPassword(request, asked, client, false));
      case Application.PASSWORD_REALM ->
          directly(request, client, "password", direct.byPassword(request, asked, client, true));
      case Application.MFA_OTP ->
          directly(request, client, "password_and_otp", direct.byOtp(request, asked, client));
      case Application.MFA_OOB ->
          directly(request, client, "password_and_oob", direct.byOob(request, asked, client));
      case Application.MFA_RECOVERY_CODE ->
          directly(
              request,
              client,
              "password_and_recovery_code",
              direct.byRecoveryCode(request, asked, client));
      case Application.AUTHORIZATION_CODE ->
          answer(request, client, byCode(request, asked, client), Optional.empty());
      case Application.REFRESH_TOKEN ->
          answer(request, client, byRefreshToken(request, asked, client), Optional.empty());
      default -> byItself(request, asked, client);
    };
  }

  /** The client, if it is who it says; one wrong proof is as good as another, and as an unknown client. */
  Optional<Application> authenticated(Request request, TokenRequest asked) {
    var client = applications.find(request.site().tenant(), asked.client());
    if (client.isEmpty()) {
      return client;
    }
    var wrong = wrong(request, asked, client.get());
    if (wrong.isEmpty()) {
      return client;
    }
    var id = client.get().id();
    var event =
        AuditEvent.failure(AuditType.CLIENT_TOKEN_REFUSED, request.occasion(), wrong.get())
            .by(id + "@clients", null)
            .in(null, id);
    database.run(tx -> audit.record(tx, request.site().tenant(), event));
    return Optional.empty();
  }

  /** What is wrong with the way a client authenticates: each has one way, and no other will do. */
  private Optional<String> wrong(Request request, TokenRequest asked, Application client) {
    return switch (client.tokenAuth()) {
      case NONE ->
          asked.assertion().isPresent()
              ? Optional.of("client_assertion_unexpected")
              : Optional.empty();
      case CLIENT_SECRET_POST, CLIENT_SECRET_BASIC ->
          asked.assertion().isPresent()
              ? Optional.of("client_assertion_unexpected")
              : asked
                      .proof()
                      .filter(secret ->
                          applications.isSecretOf(request.site().tenant(), client.id(), secret))
                      .isPresent()
                  ? Optional.empty()
                  : Optional.of("client_secret_invalid");
      case PRIVATE_KEY_JWT ->
          asked.proof().isPresent()
              ? Optional.of("client_secret_unexpected")
              : asked
                  .assertion()
                  .map(it -> assertions.refused(request.site(), client, it, request.at()))
                  .orElse(Optional.of("client_assertion_missing"));
    };
  }

  // A person's application, with a code

  private Outcome byCode(Request request, TokenRequest asked, Application client) {
    var code = asked.present("code");
    var redirectUri = asked.present("redirect_uri");
    if (code.isEmpty() || redirectUri.isEmpty()) {
      return failed(OAuthError.invalidRequest("code and redirect_uri are needed."));
    }
    var verifier = asked.present("code_verifier");
    return twice(() ->
        database.write(
            tx -> redeem(tx, request, client, Secret.of(code.get()), redirectUri.get(), verifier)));
  }

  private Outcome redeem(
      Tx tx,
      Request request,
      Application client,
      Secret code,
      String redirectUri,
      Optional<String> verifier) {
    var tenant = request.site().tenant();
    var now = request.at();
    return switch (codes.spend(tx, tenant, code, now)) {
      case Spendables.Spending.Unknown _, Spendables.Spending.Expired _ ->
          refused(tx, request, client, null, "code_unknown_or_expired", INVALID_CODE);
      case Spendables.Spending.Again(var it) -> {
        var grant = Codes.Meaning.read(it.payload()).grant();
        families.revoke(tx, tenant, grant, now);
        reused(tx, request, grant, "code");
        yield failed(INVALID_CODE);
      }
      case Spendables.Spending.Spent(var it) -> {
        var meaning = Codes.Meaning.read(it.payload());
        var grant = meaning.grant();
        boolean ours =
            grant.client().equals(client.id().value())
                && grant.issuer().equals(request.site().issuer())
                && meaning.redirectUri().equals(redirectUri);
        if (!ours) {
          yield refused(tx, request, client, grant, "code_of_another_request", INVALID_CODE);
        }
        if (!isProven(meaning.challenge(), verifier)) {
          yield refused(
              tx,
              request,
              client,
              grant,
              "pkce_failed",
              OAuthError.invalidGrant("Failed to verify code verifier"));
        }
        yield granted(tx, request, client, grant, issued(request));
      }
    };
  }

  private static final OAuthError INVALID_CODE =
      OAuthError.invalidGrant("Invalid authorization code");

  /** RFC 7636 section 4.1. */
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  /** PKCE (RFC 7636 section 4.6). A verifier without a challenge is a sign of an injected code (RFC 9700 section 4.8.2). */
  static boolean isProven(@Nullable String challenge, Optional<String> verifier) {
    if (challenge == null) {
      return verifier.isEmpty();
    }
    if (verifier.isEmpty() || !VERIFIER.matcher(verifier.get()).matches()) {
      return false;
    }
    var computed =
        CodeChallenge.compute(CodeChallengeMethod.S256, new CodeVerifier(verifier.get()));
    return Secret.of(computed.getValue()).equals(Secret.of(challenge));
  }

  private static AuditEvent issued(Request request) {
    return AuditEvent.success(AuditType.TOKEN_ISSUED, request.occasion());
  }

  private Outcome granted(
      Tx tx, Request request, Application client, Grant asked, AuditEvent issued) {
    var tenant = request.site().tenant();
    var now = request.at();
    var person = people.find(tx, tenant, asked.userId()).filter(it -> !it.blocked());
    if (person.isEmpty() || sessions.find(tx, tenant, asked.sessionId(), now).isEmpty()) {
      return refused(tx, request, client, asked, "person_or_session_gone", INVALID_CODE);
    }
    var grant = asked.narrowed(allowed(tx, tenant, asked, person.get(), client, now));
    Optional<Secret> refresh =
        grant.covers("offline_access")
            ? Optional.of(families.open(tx, tenant, grant, client.refresh(), now))
            : Optional.empty();
    audit.record(tx, tenant, event(issued, client, grant));
    return new Outcome.Granted(grant, person.get(), refresh);
  }

  /** Of the scopes asked for those that are ours or the API's; the others are left out (RFC 6749 section 3.3). */
  private List<String> allowed(
      Tx tx, TenantId tenant, Grant grant, Person person, Application client, Moment now) {
    var known = new TreeSet<>(Claims.SCOPES);
    // What is given out for changing factors rests on fresh proofs, which no refresh brings.
    boolean guarded = Api.mfaAudience(grant.issuer()).equals(grant.audience());
    if (guarded || !client.may(Application.REFRESH_TOKEN)) {
      known.remove("offline_access");
    }
    if (grant.approved() != null) {
      // What was approved stands in the authorization details; the token allows nothing beside it.
      known.remove("offline_access");
      return grant.scopes().stream().filter(known::contains).toList();
    }
    var audience = grant.audience();
    var api =
        audience == null
            ? Optional.<Api>empty()
            : apis.find(tx, tenant, grant.issuer(), audience, now);
    api.ifPresent(it -> known.addAll(scopes(tx, tenant, it, grant, person, client)));
    if (api.filter(it -> !it.offline()).isPresent()) {
      known.remove("offline_access");
    }
    return grant.scopes().stream().filter(known::contains).toList();
  }

  /** Whoever administers has proven two things, always. */
  private Set<String> scopes(
      Tx tx, TenantId tenant, Api api, Grant grant, Person person, Application client) {
    if (!api.system()) {
      return api.scopeValues();
    }
    return grant.level().reaches(Level.AAL2)
        ? personal.of(tx, tenant, grant.issuer(), person, client.id())
        : Set.of();
  }

  private Optional<Api> api(TenantId tenant, Grant grant, Moment now) {
    var audience = grant.audience();
    return audience == null ? Optional.empty() : apis.find(tenant, grant.issuer(), audience, now);
  }

  // The same, with a refresh token

  private Outcome byRefreshToken(Request request, TokenRequest asked, Application client) {
    var value = asked.present("refresh_token");
    if (value.isEmpty()) {
      return failed(OAuthError.invalidRequest("refresh_token is missing."));
    }
    var scopes = asked.present("scope").map(AuthorizationRequest::words);
    return database.write(tx -> refresh(tx, request, client, Secret.of(value.get()), scopes));
  }

  private static final OAuthError INVALID_REFRESH =
      OAuthError.invalidGrant("Unknown or invalid refresh token.");

  private Outcome refresh(
      Tx tx, Request request, Application client, Secret value, Optional<List<String>> scopes) {
    var tenant = request.site().tenant();
    var now = request.at();
    var family =
        families.peek(tx, tenant, value).flatMap(it -> families.locked(tx, tenant, it.owner()));
    if (family.isEmpty()) {
      return refused(tx, request, client, null, "refresh_token_unknown", INVALID_REFRESH);
    }
    var grant = family.get().grant();
    boolean ours =
        grant.client().equals(client.id().value())
            && grant.issuer().equals(request.site().issuer());
    if (!ours || !family.get().isAlive(now)) {
      return refused(
          tx,
          request,
          client,
          grant,
          ours ? "refresh_token_revoked_or_expired" : "refresh_token_of_another_client",
          INVALID_REFRESH);
    }
    if (scopes.isPresent() && !grant.scopes().containsAll(scopes.get())) {
      return failed(
          OAuthError.of(
              "invalid_scope", "A refresh token gives no scope that was not granted before."));
    }
    if (families.peek(tx, tenant, value).flatMap(Spendables.Spendable::spentAt).isPresent()) {
      return reusedRefresh(tx, request, grant);
    }
    return switch (refreshRules.judge(tx, tenant, grant, now)) {
      case RefreshRules.Ruling.Ends(var reason) -> {
        families.revoke(tx, tenant, grant.id(), now);
        yield refused(tx, request, client, grant, reason, INVALID_REFRESH);
      }
      case RefreshRules.Ruling.MfaFirst(var reason) ->
          refused(tx, request, client, grant, reason, OAuthError.MFA_REQUIRED);
      case RefreshRules.Ruling.Goes(var level, var amr, var person, var given) ->
          switch (families.spend(tx, tenant, value, now)) {
            case Spendables.Spending.Unknown _, Spendables.Spending.Expired _ ->
                refused(tx, request, client, grant, "refresh_token_expired", INVALID_REFRESH);
            case Spendables.Spending.Again _ -> reusedRefresh(tx, request, grant);
            case Spendables.Spending.Spent _ -> {
              var next = families.issue(tx, tenant, family.get(), client.refresh(), now);
              var proven = grant.proven(level, amr).narrowed(given);
              audit.record(
                  tx,
                  tenant,
                  event(
                      AuditEvent.success(AuditType.TOKEN_REFRESHED, request.occasion()),
                      client,
                      proven));
              yield new Outcome.Granted(
                  scopes
                      .map(
                          asked -> proven.narrowed(asked.stream().filter(given::contains).toList()))
                      .orElse(proven),
                  person,
                  Optional.of(next));
            }
          };
    };
  }

  private Outcome reusedRefresh(Tx tx, Request request, Grant grant) {
    families.revoke(tx, request.site().tenant(), grant.id(), request.at());
    reused(tx, request, grant, "refresh_token");
    return failed(INVALID_REFRESH);
  }

  // An application that asks its person by itself

  private Reply directly(
      Request request, Application client, String by, DirectGrants.Outcome outcome) {
    var tenant = request.site().tenant();
    return switch (outcome) {
      case DirectGrants.Outcome.Cleared(var grant, var code) -> {
        var issued =
            AuditEvent.success(AuditType.DIRECT_TOKEN_ISSUED, request.occasion()).with("by", by);
        yield answer(
            request,
            client,
            database.write(tx -> granted(tx, request, client, grant, issued)),
            code);
      }
      case DirectGrants.Outcome.Owed(var token, var factors, var demand) -> {
        var body = OAuthError.MFA_REQUIRED.body().put("mfa_token", token.write().reveal());
        body.set("mfa_requirements", MfaRequirements.of(factors, demand));
        yield Reply.json(OAuthError.MFA_REQUIRED.status(), body).withHeader("Pragma", "no-cache");
      }
      case DirectGrants.Outcome.Refused(var error, var until, var who, var reason) -> {
        if (reason != null) {
          var event =
              AuditEvent.failure(AuditType.DIRECT_TOKEN_REFUSED, request.occasion(), reason)
                  .in(null, client.id())
                  .with("by", by);
          database.run(tx ->
              audit.record(
                  tx,
                  tenant,
                  who.map(event::by).orElseGet(() -> event.by(client.id() + "@clients", null))));
        }
        yield error.equals(OAuthError.TOO_MANY)
            ? MfaEndpoints.tooMany(request, until)
            : error.reply();
      }
    };
  }

  // The application itself

  private Reply byItself(Request request, TokenRequest asked, Application client) {
    var tenant = request.site().tenant();
    if (client.isPublic()) {
      return OAuthError.CLIENT_UNAUTHORIZED.reply();
    }
    var audience = asked.present("audience").or(() -> tenants.get(tenant).settings().audience());
    if (audience.isEmpty()) {
      return OAuthError.accessDenied(
              "No audience parameter was provided, and no default audience has been configured")
          .reply();
    }
    var api = apis.find(tenant, request.site().issuer(), audience.get(), request.at());
    var grant = api.flatMap(it -> apis.grant(tenant, client.id(), it));
    var occasion = request.occasion();
    if (api.isEmpty() || grant.isEmpty()) {
      var event =
          AuditEvent.failure(
              AuditType.CLIENT_TOKEN_REFUSED,
              occasion,
              api.isEmpty() ? "audience_unknown" : "grant_missing");
      database.run(tx ->
          audit.record(
              tx,
              tenant,
              event
                  .by(client.id() + "@clients", null)
                  .in(null, client.id())
                  .with("audience", audience.get())));
      return (api.isEmpty()
              ? OAuthError.serviceNotFound(audience.get())
              : OAuthError.accessDenied(
                  "Client is not authorized to access "
                      + OAuthError.plain(audience.get())
                      + ". Create a client grant for it."))
          .reply();
    }
    // What a grant allows and the API no longer knows allows nothing.
    var granted = new TreeSet<>(grant.get().scopes());
    granted.retainAll(api.get().scopeValues());
    var wanted = asked.present("scope").map(AuthorizationRequest::words);
    var scopes =
        wanted
            .map(words -> words.stream().filter(granted::contains).distinct().toList())
            .orElseGet(() -> List.copyOf(granted));
    database.run(tx ->
        audit.record(
            tx,
            tenant,
            AuditEvent.success(AuditType.CLIENT_TOKEN_ISSUED, occasion)
                .by(client.id() + "@clients", null)
                .in(null, client.id())
                .with("audience", audience.get())));
    var key = keys.current(tenant, api.get().algorithm(), request.at());
    var body =
        Json.object()
            .put(
                "access_token",
                mint.clientToken(
                        request.site().tenant(),
                        key,
                        request.site().issuer(),
                        client.id(),
                        api.get(),
                        scopes,
                        request.at())
                    .reveal())
            .put("token_type", "Bearer")
            .put("expires_in", api.get().accessSeconds())
            .put("scope", String.join(" ", scopes));
    return Reply.json(body).withHeader("Pragma", "no-cache");
  }

  // What all have in common

  /** The tokens, and the backup code that goes with them where one was used. */
  private Reply answer(
      Request request, Application client, Outcome outcome, Optional<Secret> recovery) {
    return switch (outcome) {
      case Outcome.Failed(var error) -> error.reply();
      case Outcome.Granted(var grant, var person, var refresh) -> {
        var tenant = request.site().tenant();
        var now = request.at();
        var api = api(tenant, grant, now);
        var key = keys.current(tenant, api.map(Api::algorithm).orElse(SigningAlgorithm.RS256), now);
        var access = mint.accessToken(tenant, key, grant, api, now);
        var body = Json.object().put("access_token", access.reveal());
        if (grant.covers("openid")) {
          var idKey = keys.current(tenant, Mint.algorithm(client), now);
          body.put(
              "id_token",
              mint.idToken(tenant, idKey, grant, person, Mint.Tied.toAccess(access), now).reveal());
        }
        refresh.ifPresent(value -> body.put("refresh_token", value.reveal()));
        var approved = grant.approved();
        if (approved != null) {
          // RFC 9396 section 7
          body.set("authorization_details", Json.tree(approved.details()));
          body.put("transaction_receipt", mint.receipt(tenant, key, grant, approved, now).reveal());
        }
        recovery.ifPresent(value -> body.put("recovery_code", value.reveal()));
        body.put("token_type", "Bearer")
            .put("expires_in", Mint.seconds(grant, api))
            .put("scope", String.join(" ", grant.scopes()));
        yield Reply.json(body).withHeader("Pragma", "no-cache");
      }
    };
  }

  /** Runs it again when two copies of one code came back at the very same time and both wanted to note that. */
  private static Outcome twice(java.util.function.Supplier<Outcome> work) {
    try {
      return work.get();
    } catch (StorageException.Duplicate _) {
      return work.get();
    }
  }

  private static Outcome failed(OAuthError error) {
    return new Outcome.Failed(error);
  }

  private Outcome refused(
      Tx tx,
      Request request,
      Application client,
      @Nullable Grant grant,
      String reason,
      OAuthError error) {
    var event =
        AuditEvent.failure(AuditType.TOKEN_REFUSED, request.occasion(), reason)
            .in(null, client.id());
    audit.record(
        tx,
        request.site().tenant(),
        grant == null ? event.by(client.id() + "@clients", null) : event.by(grant.userId()));
    return failed(error);
  }

  private void reused(Tx tx, Request request, Grant grant, String what) {
    audit.record(
        tx,
        request.site().tenant(),
        AuditEvent.failure(AuditType.REUSE_DETECTED, request.occasion(), what + "_reused")
            .by(grant.userId())
            .in(null, grant.clientId())
            .with("grant", grant.id()));
  }

  private static AuditEvent event(AuditEvent event, Application client, Grant grant) {
    return event
        .by(grant.userId())
        .in(null, client.id())
        .with("grant", grant.id())
        .with("acr", grant.level().acr());
  }
}
