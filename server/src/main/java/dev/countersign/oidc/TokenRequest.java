package dev.countersign.oidc;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Params;
import dev.countersign.web.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * A request to the token or revocation endpoint, by form or JSON.
 *
 * @param params every parameter once
 * @param client who asks, as far as it says so
 * @param proof its secret, if it sent one
 */
record TokenRequest(Params params, String client, Optional<Secret> proof) {
  /** What came of reading one. */
  sealed interface Reading {
    record Read(TokenRequest request) implements Reading {}

    record Unreadable(OAuthError error) implements Reading {}
  }

  static Reading of(Request request) {
    if (!request.query().asMap().isEmpty() && request.query().has("client_secret")) {
      return unreadable("Secrets do not belong in the URL.");
    }
    var params = params(request);
    for (var entry : params.asMap().entrySet()) {
      if (entry.getValue().size() > 1) {
        return unreadable("A parameter was sent twice.");
      }
    }
    var header = request.headers().getOrDefault("authorization", List.of());
    var posted = params.one("client_secret").filter(value -> !value.isEmpty()).map(Secret::of);
    if (header.isEmpty() || !header.getFirst().regionMatches(true, 0, "basic ", 0, 6)) {
      return new Reading.Read(new TokenRequest(params, params.text("client_id"), posted));
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
                  params, id, Optional.of(Secret.of(basic.getClientSecret().getValue()))));
    } catch (ParseException | IllegalArgumentException _) {
      return new Reading.Unreadable(OAuthError.CLIENT_UNAUTHORIZED);
    }
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
