package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.enforcement.Level;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.loginsession.SignIn;
import dev.countersign.stepup.Freshness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an application may ask, once it is known which application asks and that the answer may go where it says. */
final class AuthorizationRules {
  /** RFC 7636 section 4.2, of SHA-256. */
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private static final Set<String> PROMPTS = Set.of("none", "login", "consent", "select_account");

  /** Not older than the oldest first proof that any session could hold. */
  private static final long LONGEST_AGE = Duration.ofDays(3650).toSeconds();

  private final Apis apis;

  AuthorizationRules(Apis apis) {
    this.apis = apis;
  }

  /** The ruling. */
  sealed interface Ruling {
    record Sound(SignIn.Asked asked) implements Ruling {}

    record Unsound(OAuthError error) implements Ruling {}
  }

  /** Which level is asked for, by which word; {@code unmet} when it is essential and we know none of the words. */
  private record Wanted(Level level, @Nullable String acr, boolean unmet, List<String> values) {}

  Ruling judge(TenantId tenant, AuthorizationRequest request, Application application, Moment now) {
    var error =
        form(request)
            .or(() -> application(request, application))
            .or(() -> pkce(request, application))
            .or(() -> audience(tenant, request, now));
    if (error.isPresent()) {
      return new Ruling.Unsound(error.get());
    }
    Optional<Transaction> transaction;
    switch (details(tenant, request, now)) {
      case null -> transaction = Optional.empty();
      case AuthorizationDetails.Reading.Read(var it) -> transaction = Optional.of(it);
      case AuthorizationDetails.Reading.Wrong(var wrong) -> {
        return new Ruling.Unsound(wrong);
      }
    }
    var age = maxAge(request);
    if (age.isEmpty() && request.present("max_age").isPresent()) {
      return unsound("max_age is a number of seconds.");
    }
    Wanted wanted;
    try {
      wanted = wanted(request);
    } catch (Json.Malformed _) {
      return unsound("claims is a JSON object (OpenID Connect Core 1.0 section 5.5).");
    }
    if (wanted.unmet()) {
      return new Ruling.Unsound(Unmet.unknownLevel());
    }
    var named = StepUpChallenge.acts(wanted.values());
    if (named.isEmpty()) {
      return unsound(
          "acr_values name at most " + StepUpChallenge.MOST + " acts, as a challenge had them.");
    }
    var prompts = request.prompts();
    boolean afresh = prompts.contains("login") || prompts.contains("select_account");
    var firstProofAfter =
        afresh ? now : age.map(seconds -> now.minus(Duration.ofSeconds(seconds))).orElse(null);
    boolean noLess = transaction.isPresent() || isForAdmins(tenant, request, application);
    var asked =
        new SignIn.Asked(
            noLess ? wanted.level().orHigher(Level.AAL2) : wanted.level(),
            wanted.acr(),
            firstProofAfter,
            null,
            request.present("login_hint").orElse(null),
            request.present("ui_locales").orElse(null),
            !prompts.contains("none"));
    return new Ruling.Sound(
        guarded(asked, request.issuer(), request.audience(), now)
            .before(acts(request, transaction, named.get()))
            .approving(transaction.orElse(null)));
  }

  /** Whether somebody is to administer the tenant by it. */
  private boolean isForAdmins(
      TenantId tenant, AuthorizationRequest request, Application application) {
    return request.audience().filter(Api.managementAudience(request.issuer())::equals).isPresent()
        && apis.isForAdmins(tenant, application.id());
  }

  /** What the person is about to do, in the words by which step-up rules know it. */
  private static List<String> acts(
      AuthorizationRequest request, Optional<Transaction> transaction, List<String> named) {
    return Stream.of(
            transaction.stream()
                .flatMap(it -> it.types().stream())
                .map(type -> "operation:" + type),
            scopeActs(request.scopes()).stream(),
            named.stream())
        .flatMap(it -> it)
        .distinct()
        .toList();
  }

  /** What a person does who lets an application have these. */
  static List<String> scopeActs(Collection<String> scopes) {
    return scopes.stream()
        .filter(scope -> !Claims.SCOPES.contains(scope))
        .map(scope -> "scope:" + scope)
        .toList();
  }

  private AuthorizationDetails.@Nullable Reading details(
      TenantId tenant, AuthorizationRequest request, Moment now) {
    return request
        .present(AuthorizationDetails.PARAMETER)
        .map(sent ->
            request.wantsCode()
                ? AuthorizationDetails.read(
                    sent,
                    request.audience().flatMap(it -> apis.find(tenant, request.issuer(), it, now)))
                : new AuthorizationDetails.Reading.Wrong(
                    OAuthError.invalidRequest("authorization_details need response_type=code.")))
        .orElse(null);
  }

  /** Why nobody could be answered, whatever it is about. */
  record Unanswerable(String field, String message) {}

  /** What is to be found out before anything is sent back. */
  static Optional<Unanswerable> unanswerable(AuthorizationRequest asked) {
    if (!AuthorizationRequest.RESPONSE_TYPES.contains(asked.responseType())) {
      return Optional.of(
          new Unanswerable("response_type", "Ask for code, id_token or code id_token."));
    }
    return asked.mode().isEmpty()
            || (asked.wantsIdToken() && asked.mode().get() == AuthorizationRequest.Mode.QUERY)
        ? Optional.of(
            new Unanswerable(
                "response_mode",
                "Ask for query, form_post, web_message, or fragment; not query with an ID token."))
        : Optional.empty();
  }

  /** Who is to change their factors by the MFA API proves as much as on their security page. */
  static SignIn.Asked guarded(
      SignIn.Asked asked, String issuer, Optional<String> audience, Moment now) {
    var since = now.minus(Freshness.RECENT);
    return audience.filter(Api.mfaAudience(issuer)::equals).isPresent()
        ? asked.guarding(since, since)
        : asked;
  }

  private static Ruling unsound(String description) {
    return new Ruling.Unsound(OAuthError.invalidRequest(description));
  }

  private static Optional<OAuthError> form(AuthorizationRequest request) {
    for (var unsupported : List.of("request", PushedRequests.PARAMETER, "registration")) {
      if (request.present(unsupported).isPresent() && !request.isPushed()) {
        return Optional.of(
            OAuthError.of(unsupported + "_not_supported", unsupported + " is not supported."));
      }
    }
    if (request.wantsIdToken() && !request.scopes().contains("openid")) {
      return invalid("An ID token needs the scope openid.");
    }
    if (request.wantsIdToken() && request.nonce().isEmpty()) {
      return invalid("An ID token by the browser needs a nonce.");
    }
    var prompts = request.prompts();
    if (!PROMPTS.containsAll(prompts)) {
      return invalid("prompt is none, or any of login, consent, select_account.");
    }
    if (prompts.contains("none") && prompts.size() > 1) {
      return invalid("prompt=none stands alone.");
    }
    return Optional.empty();
  }

  private static Optional<OAuthError> application(
      AuthorizationRequest request, Application application) {
    if (!application.connected()) {
      return Optional.of(
          OAuthError.of("unauthorized_client", "no connections enabled for the client"));
    }
    boolean allowed =
        (!request.wantsCode() || application.may(Application.AUTHORIZATION_CODE))
            && (!request.wantsIdToken() || application.may(Application.IMPLICIT));
    return allowed
        ? Optional.empty()
        : Optional.of(
            OAuthError.of(
                "unauthorized_client", "The application may not ask for this response type."));
  }

  /** PKCE with S256 only; whoever can keep no secret has to use it (RFC 9700 section 2.1.1). */
  private static Optional<OAuthError> pkce(AuthorizationRequest request, Application application) {
    var challenge = request.codeChallenge();
    var method = request.present("code_challenge_method");
    if (challenge.isEmpty() && method.isPresent()) {
      return invalid("code_challenge is missing.");
    }
    if (challenge.isPresent() && !method.equals(Optional.of("S256"))) {
      return invalid("code_challenge_method is S256.");
    }
    if (challenge.isPresent() && !CHALLENGE.matcher(challenge.get()).matches()) {
      return invalid("code_challenge is a SHA-256 hash in base64url.");
    }
    return request.wantsCode() && application.isPublic() && challenge.isEmpty()
        ? invalid("PKCE is required: send code_challenge and code_challenge_method=S256.")
        : Optional.empty();
  }

  private Optional<OAuthError> audience(TenantId tenant, AuthorizationRequest request, Moment now) {
    return request
        .audience()
        .filter(audience -> apis.find(tenant, request.issuer(), audience, now).isEmpty())
        .map(OAuthError::serviceNotFound);
  }

  private static Optional<Long> maxAge(AuthorizationRequest request) {
    return request
        .present("max_age")
        .filter(text -> text.matches("[0-9]{1,12}"))
        .map(text -> Math.min(Long.parseLong(text), LONGEST_AGE));
  }

  /** By {@code claims}, which may be essential, or by {@code acr_values}, which never is (OpenID Connect Core 1.0 section 5.5.1.1). */
  private static Wanted wanted(AuthorizationRequest request) throws Json.Malformed {
    var claims = request.present("claims");
    if (claims.isPresent()) {
      var acr =
          Json.parse(claims.get().getBytes(StandardCharsets.UTF_8)).path("id_token").path("acr");
      var asked = values(acr);
      if (!asked.isEmpty()) {
        return first(asked, acr.path("essential").asBoolean(false));
      }
    }
    return first(AuthorizationRequest.words(request.params().text("acr_values")), false);
  }

  private static List<String> values(JsonNode acr) {
    var all = new ArrayList<String>();
    if (acr.path("value").isString()) {
      all.add(acr.path("value").stringValue());
    }
    acr.path("values")
        .forEach(each -> {
          if (each.isString()) {
            all.add(each.stringValue());
          }
        });
    return all;
  }

  private static Wanted first(List<String> asked, boolean essential) {
    for (var acr : asked) {
      var level = Level.ofAcr(acr);
      if (level.isPresent()) {
        return new Wanted(level.get(), acr, false, asked);
      }
    }
    // What an act needs is a level that we know, and its rules see to it.
    boolean known = asked.stream().anyMatch(StepUpChallenge::isAct);
    return new Wanted(Level.NONE, null, essential && !known, asked);
  }

  private static Optional<OAuthError> invalid(String description) {
    return Optional.of(OAuthError.invalidRequest(description));
  }
}
