package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Params;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /oauth/par}: takes an authorization request from the application itself (RFC 9126), who is known as at the token
 * endpoint, and judges it as if a browser had brought it. An application that can keep no secret may be anybody, so what is
 * kept of those is counted for each and the network address. Thread-safe.
 */
final class PushEndpoint {
  /** What says who pushes, and is no part of what is pushed. */
  private static final Set<String> AUTHENTICATION =
      Set.of("client_secret", "client_assertion", "client_assertion_type");

  /** Longer ones would not fit into the address by which a browser brings one either. */
  private static final int LONGEST = 16_384;

  /** For a public application from one address (of IPv6, one /64); RFC 9126 section 2.3 has 429 for it. */
  static final Allowance PUBLIC = new Allowance("pushed-requests", 300, Duration.ofMinutes(10));

  private final Database database;
  private final Tenants tenants;
  private final TokenEndpoint clients;
  private final AuthorizationRules rules;
  private final PushedRequests pushed;
  private final Allowances allowances;

  PushEndpoint(
      Database database,
      Tenants tenants,
      TokenEndpoint clients,
      AuthorizationRules rules,
      PushedRequests pushed,
      Allowances allowances) {
    this.database = database;
    this.tenants = tenants;
    this.clients = clients;
    this.rules = rules;
    this.pushed = pushed;
    this.allowances = allowances;
  }

  Reply handle(Request request) {
    return switch (TokenRequest.of(request)) {
      case TokenRequest.Reading.Unreadable(var error) -> error.reply();
      case TokenRequest.Reading.Read(var asked) ->
          clients
              .authenticated(request, asked)
              .map(client -> push(request, asked, client))
              .orElseGet(OAuthError.CLIENT_UNAUTHORIZED::reply);
    };
  }

  private Reply push(Request request, TokenRequest asked, Application client) {
    // RFC 9126 section 2.1: what is pushed names no other.
    if (asked.params().has(PushedRequests.PARAMETER)) {
      return OAuthError.invalidRequest("request_uri is not to be sent here.").reply();
    }
    var params = params(asked.params(), client);
    var tenant = request.site().tenant();
    var wanted =
        new AuthorizationRequest(request.site().issuer(), params)
            .orFor(tenants.get(tenant).settings().audience());
    var error = wrong(request, wanted, client);
    if (error.isPresent()) {
      return error.get().reply();
    }
    return database.write(tx ->
        count(tx, request, client) instanceof Allowances.Taking.NoneLeft(var until)
            ? MfaEndpoints.tooMany(request, Optional.of(until))
            : kept(pushed.keep(tx, tenant, client.id(), params, request.at())));
  }

  private static Reply kept(String name) {
    return Reply.json(
            201,
            Json.object()
                .put("request_uri", name)
                .put("expires_in", PushedRequests.LIFE.toSeconds()))
        .withHeader("Pragma", "no-cache");
  }

  /** Of an application that has a secret nothing is counted. */
  private Allowances.Taking count(Tx tx, Request request, Application client) {
    var subject = client.id().value() + " " + request.occasion().network();
    return client.isPublic()
        ? allowances.take(tx, request.site().tenant(), PUBLIC, subject, request.at())
        : new Allowances.Taking.Taken(1);
  }

  /** Without the proof of who pushes, and with the name of who does. */
  private static Params params(Params sent, Application client) {
    var all = new LinkedHashMap<String, String>();
    sent.asMap().forEach((name, values) -> all.put(name, values.getFirst()));
    AUTHENTICATION.forEach(all::remove);
    all.put("client_id", client.id().value());
    return Params.of(all);
  }

  private Optional<OAuthError> wrong(
      Request request, AuthorizationRequest wanted, Application client) {
    if (AuthorizationRequest.encoded(wanted.params()).length() > LONGEST) {
      return Optional.of(OAuthError.invalidRequest("The request is too long."));
    }
    if (!client.callbacks().contains(wanted.redirectUri())) {
      return Optional.of(
          OAuthError.invalidRequest(
              "Register this redirect_uri letter by letter with the application."));
    }
    return AuthorizationRules.unanswerable(wanted)
        .map(it -> OAuthError.invalidRequest(it.message()))
        .or(() ->
            switch (rules.judge(request.site().tenant(), wanted, client, request.at())) {
              case AuthorizationRules.Ruling.Sound _ -> Optional.empty();
              case AuthorizationRules.Ruling.Unsound(var error) -> Optional.of(error);
            });
  }
}
