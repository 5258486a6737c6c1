package dev.countersign.web;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;

/**
 * The error body of OAuth 2.0 (RFC 6749 section 5.2). Never with {@code WWW-Authenticate}, which keeps browser libraries
 * from reading the body.
 */
public final class OAuthFailures implements Failures {
  /** Whether OAuth clients call this. */
  static boolean isOurs(Request request) {
    var path = request.path();
    return path.startsWith("/oauth/")
        || path.equals("/userinfo")
        || path.startsWith("/.well-known/")
        || path.startsWith("/mfa/");
  }

  @Override
  public Reply say(Request request, Problem problem, String field, String detail) {
    var words = detail.isEmpty() ? problem.code() : detail;
    var description = field.isEmpty() ? words : words + " (" + field + ")";
    return Reply.json(
        problem.status(),
        Json.object().put("error", error(problem)).put("error_description", description));
  }

  private static String error(Problem problem) {
    return switch (problem) {
      case UNEXPECTED -> "server_error";
      case UNAVAILABLE -> "temporarily_unavailable";
      case TOO_MANY -> "too_many_attempts";
      case NOT_FOUND -> "not_found";
      case NOT_ALLOWED, DENIED, FORGED, NO_FACTOR_POSSIBLE -> "access_denied";
      case NOT_AUTHENTICATED -> "invalid_token";
      case BAD_REQUEST,
          BAD_QUERY,
          BAD_PATH,
          BODY_TOO_LARGE,
          CONTENT_TYPE,
          METHOD,
          CONFLICT,
          TENANT_UNKNOWN,
          SIGN_IN_UNKNOWN,
          SIGN_IN_EXPIRED,
          SIGN_IN_ENDED,
          LINK_OVER,
          SIGN_IN_ELSEWHERE,
          APPLICATION_UNKNOWN,
          REDIRECT_UNKNOWN,
          AUTHORIZATION_REQUEST,
          POLICY_LOCKS_OUT ->
          "invalid_request";
    };
  }
}
