package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Credential;
import dev.countersign.enforcement.Level;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.web.Messages;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What clients read before anything else: the provider's metadata (OpenID Connect Discovery 1.0 section 3) and its keys. Thread-safe. */
final class Discovery {
  private static final List<String> CLIENT_AUTHENTICATION =
      List.of("client_secret_basic", "client_secret_post", "private_key_jwt", "none");
  private static final List<String> ASSERTION_ALGORITHMS =
      Stream.of(Credential.Algorithm.values()).map(Enum::name).toList();

  private final SigningKeys keys;

  Discovery(SigningKeys keys) {
    this.keys = keys;
  }

  Reply metadata(Request request) {
    for (var algorithm : SigningAlgorithm.values()) {
      keys.prepare(request.site().tenant(), algorithm); // The key set is what is asked for next.
    }
    return Reply.json(metadata(request.site().issuer()))
        .withHeader("Cache-Control", "public, max-age=300");
  }

  static Map<String, Object> metadata(String issuer) {
    var out = new LinkedHashMap<String, Object>();
    out.put("issuer", issuer);
    out.put("authorization_endpoint", issuer + "authorize");
    out.put("token_endpoint", issuer + "oauth/token");
    out.put("userinfo_endpoint", Mint.userinfo(issuer));
    out.put("jwks_uri", issuer + ".well-known/jwks.json");
    out.put("end_session_endpoint", issuer + "oidc/logout");
    out.put("revocation_endpoint", issuer + "oauth/revoke");
    out.put("introspection_endpoint", issuer + "oauth/introspect");
    out.put("pushed_authorization_request_endpoint", issuer + "oauth/par");
    out.put("require_pushed_authorization_requests", false);
    out.put("scopes_supported", Claims.SCOPES.stream().sorted().toList());
    out.put("response_types_supported", List.of("code", "id_token", "code id_token"));
    out.put("response_modes_supported", List.of("query", "fragment", "form_post", "web_message"));
    out.put("grant_types_supported", Application.GRANT_TYPES);
    out.put("subject_types_supported", List.of("public"));
    out.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256"));
    out.put("token_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
    out.put("token_endpoint_auth_signing_alg_values_supported", ASSERTION_ALGORITHMS);
    out.put("revocation_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
    out.put("revocation_endpoint_auth_signing_alg_values_supported", ASSERTION_ALGORITHMS);
    out.put(
        "introspection_endpoint_auth_methods_supported",
        CLIENT_AUTHENTICATION.stream().filter(it -> !it.equals("none")).toList());
    out.put("introspection_endpoint_auth_signing_alg_values_supported", ASSERTION_ALGORITHMS);
    out.put("code_challenge_methods_supported", List.of("S256"));
    out.put(
        "acr_values_supported",
        List.of(Level.AAL1.acr(), Level.AAL2.acr(), Level.AAL3.acr(), Level.MULTI_FACTOR));
    out.put(
        "claims_supported",
        Stream.concat(
                Claims.NAMES.stream(),
                Stream.of("acr", "amr", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid"))
            .toList());
    out.put("claims_parameter_supported", true);
    out.put("request_parameter_supported", false);
    out.put("request_uri_parameter_supported", false);
    out.put("prompt_values_supported", List.of("none", "login", "consent", "select_account"));
    out.put(
        "ui_locales_supported", Messages.LANGUAGES.stream().map(Locale::toLanguageTag).toList());
    out.put("authorization_response_iss_parameter_supported", true);
    return out;
  }

  /** Every key that verifies, so that clients have the next one before it signs. */
  Reply jwks(Request request) {
    for (var algorithm : SigningAlgorithm.values()) {
      keys.current(
          request.site().tenant(),
          algorithm,
          request.at()); // Or a client would keep a key set that lacks the first key.
    }
    var published =
        keys.published(request.site().tenant(), request.at()).stream()
            .map(SigningKey::publicJwk)
            .toList();
    return Reply.json(Map.of("keys", published))
        .withHeader("Cache-Control", "public, max-age=" + SigningKeys.CLIENTS_KEEP.toSeconds());
  }
}
