package dev.countersign.oidc;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Params;
import dev.countersign.web.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request to the token or revocation endpoint, by form or JSON.
 *
 * @param params every parameter once, but for those that may be repeated
 * @param client who asks, as far as it says so
 * @param proof its secret, if it sent one
 * @param assertion what it signed instead (RFC 7523 section 2.2), if it sent that
 */
record TokenRequest(
    Params params, String client, Optional<Secret> proof, Optional<Secret> assertion) {
  static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** What came of reading one. */
  sealed interface Reading {
    record Read(TokenRequest request) implements Reading {}

    record Unreadable(OAuthError error) implements Reading {}
  }

  static Reading of(Request request) {
    return of(request, Set.of());
  }

  /** The same, where these may be sent more than once. */
  static Reading of(Request request, Set<String> repeated) {
    if (request.query().has("client_secret") || request.query().has("client_assertion")) {
      return unreadable("Secrets do not belong in the URL.");
    }
    var params = params(request);
    for (var entry : params.asMap().entrySet()) {
      if (entry.getValue().size() > 1 && !repeated.contains(entry.getKey())) {
        return unreadable("A parameter was sent twice.");
      }
    }
    var header = request.headers().getOrDefault("authorization", List.of());
    var posted = params.one("client_secret").filter(value -> !value.isEmpty()).map(Secret::of);
    boolean isBasic = !header.isEmpty() && header.getFirst().regionMatches(true, 0, "basic ", 0, 6);
    var type = params.one("client_assertion_type").filter(value -> !value.isEmpty());
    var assertion = params.one("client_assertion").filter(value -> !value.isEmpty());
    if (type.isPresent() || assertion.isPresent()) {
      if (isBasic || posted.isPresent()) {
        return unreadable("Authenticate in one way only.");
      }
      return type.equals(Optional.of(ASSERTION_TYPE)) && assertion.isPresent()
          ? new Reading.Read(asserted(params, Secret.of(assertion.get())))
          : unreadable("client_assertion goes with the client_assertion_type " + ASSERTION_TYPE);
    }
    if (!isBasic) {
      return new Reading.Read(
          new TokenRequest(params, params.text("client_id"), posted, Optional.empty()));
    }
    if (header.size() > 1 || posted.isPresent()) {
      return unreadable("Authenticate in one way only.");
    }
    try {
      var basic = ClientSecretBasic.parse(header.getFirst());
      var named = params.one("client_id");
      var id = basic.getClientID().getValue();
      return named.isPresent() && !named.get().equals(id)
          ? unreadable("The client_id is not the one that authenticates.")
          : new Reading.Read(
              new TokenRequest(
                  params,
                  id,
                  Optional.of(Secret.of(basic.getClientSecret().getValue())),
                  Optional.empty()));
    } catch (ParseException | IllegalArgumentException _) {
      return new Reading.Unreadable(OAuthError.CLIENT_UNAUTHORIZED);
    }
  }

  /** The assertion says who asks where nothing else does (RFC 7521 section 4.2). */
  private static TokenRequest asserted(Params params, Secret assertion) {
    var named = params.one("client_id").filter(value -> !value.isEmpty());
    return new TokenRequest(
        params,
        named.orElseGet(() -> ClientAssertions.claimedSubject(assertion)),
        Optional.empty(),
        Optional.of(assertion));
  }

  private static Reading unreadable(String description) {
    return new Reading.Unreadable(OAuthError.invalidRequest(description));
  }

  /** Strings of a JSON object stand for parameters; null for one that was not sent. */
  private static Params params(Request request) {
    if (!request.isJson()) {
      return request.form();
    }
    var values = new LinkedHashMap<String, String>();
    for (var property : request.json().properties()) {
      if (property.getValue().isString()) {
        values.put(property.getKey(), property.getValue().stringValue());
      } else if (!property.getValue().isNull()) {
        throw new dev.countersign.web.Refused(
            dev.countersign.kernel.Problem.BAD_REQUEST,
            OAuthError.plain(property.getKey()),
            "Send a string.");
      }
    }
    return Params.of(values);
  }

  Optional<String> present(String name) {
    return params.one(name).filter(value -> !value.isEmpty());
  }
}
