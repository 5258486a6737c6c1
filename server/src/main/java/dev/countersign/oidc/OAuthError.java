package dev.countersign.oidc;

import dev.countersign.kernel.Json;
import dev.countersign.web.Reply;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in the words of OAuth 2.0, with the statuses and texts that Auth0's clients compare.
 *
 * @param description printable ASCII without quotes and backslashes (RFC 6749 section 5.2)
 */
record OAuthError(int status, String error, String description) {
  static final OAuthError CLIENT_UNAUTHORIZED =
      new OAuthError(401, "access_denied", "Unauthorized");
  static final OAuthError MFA_REQUIRED =
      new OAuthError(403, "mfa_required", "Multifactor authentication required");

  static final OAuthError WRONG_PASSWORD = invalidProof("Wrong email or password.");
  static final OAuthError INVALID_OTP = invalidProof("Invalid otp_code.");
  static final OAuthError INVALID_BINDING_CODE = invalidProof("Invalid binding_code.");
  static final OAuthError MFA_REJECTED = invalidProof("MFA Authorization rejected.");
  static final OAuthError MALFORMED_MFA_TOKEN = invalidProof("Malformed mfa_token");
  static final OAuthError EXPIRED_MFA_TOKEN =
      new OAuthError(401, "expired_token", "mfa_token is expired");
  static final OAuthError MFA_PENDING =
      new OAuthError(400, "authorization_pending", "The person has not answered yet.");

  /** As RFC 8628 section 3.5 has it: 429 would make clients repeat by themselves. */
  static final OAuthError SLOW_DOWN =
      new OAuthError(400, "slow_down", "Ask again after a second at the earliest.");

  static final OAuthError TOO_MANY =
      new OAuthError(429, "too_many_attempts", "Too many attempts. Try again later.");
  static final OAuthError NOT_ENROLLED =
      new OAuthError(
          401,
          "unsupported_challenge_type",
          "The person has no authenticator that could be asked for. Set one up at /mfa/associate.");
  static final OAuthError NO_SUCH_CHALLENGE =
      new OAuthError(
          401, "unsupported_challenge_type", "The person has no authenticator of this type.");

  /** What the person gave is worth nothing. With 403, as Auth0's clients know it. */
  private static OAuthError invalidProof(String description) {
    return new OAuthError(403, "invalid_grant", description);
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description);
  }

  /**
   * A code or refresh token that is worth nothing (RFC 6749 section 5.2). With 400: Auth0's 403 belongs to the texts that its
   * clients compare, none of which is said of these.
   */
  static OAuthError invalidGrant(String description) {
    return new OAuthError(400, "invalid_grant", description);
  }

  static OAuthError invalidToken(String description) {
    return new OAuthError(401, "invalid_token", description);
  }

  static OAuthError accessDenied(String description) {
    return new OAuthError(403, "access_denied", description);
  }

  static OAuthError serviceNotFound(String audience) {
    return accessDenied("Service not found: " + plain(audience));
  }

  static OAuthError of(String error, String description) {
    return new OAuthError(400, error, description);
  }

  /** What was sent, as far as it may be repeated. */
  static String plain(String text) {
    var out = new StringBuilder();
    text.chars()
        .limit(200)
        .forEach(c -> out.append(c >= 0x20 && c < 0x7f && c != '"' && c != '\\' ? (char) c : '?'));
    return out.toString();
  }

  /**
   * The error body. Never with {@code WWW-Authenticate}: with that header the OAuth library in Auth0's clients drops the
   * body, and with it what they need to go on.
   */
  Reply reply() {
    return Reply.json(status, body()).withHeader("Pragma", "no-cache");
  }

  ObjectNode body() {
    var body = Json.object().put("error", error).put("error_description", description);
    return error.equals("unauthorized_client")
        ? body.put("error_uri", "https://www.rfc-editor.org/rfc/rfc6749#section-5.2")
        : body;
  }
}
