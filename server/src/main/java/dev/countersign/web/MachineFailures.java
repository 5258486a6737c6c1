package dev.countersign.web;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;

/** How programs are told that something failed. */
public final class MachineFailures {
  private MachineFailures() {}

  /** The error body of the Management API, as Auth0's clients read it. */
  public static Reply management(Request request, Problem problem, String field, String detail) {
    var body = Json.object().put("statusCode", problem.status()).put("error", phrase(problem.status())).put("message", message(problem, field, detail));
    // 401 and 429 are told apart by their status alone.
    if (!problem.auth0().isEmpty() && problem.status() != 401 && problem.status() != 429) {
      body.put("errorCode", problem.auth0());
    }
    if (problem.status() == 401) {
      body.putObject("attributes").put("error", "Invalid token");
    }
    return Reply.json(problem.status(), body);
  }

  /**
   * The error body of OAuth 2.0 (RFC 6749 section 5.2). Never with {@code WWW-Authenticate}, which keeps browser
   * libraries from reading the body.
   */
  public static Reply oauth(Request request, Problem problem, String field, String detail) {
    var error = switch (problem) {
      case UNEXPECTED -> "server_error";
      case UNAVAILABLE -> "temporarily_unavailable";
      case TOO_MANY -> "too_many_attempts";
      case NOT_FOUND -> "not_found";
      case NOT_ALLOWED, DENIED, FORGED, NO_FACTOR_POSSIBLE -> "access_denied";
      case NOT_AUTHENTICATED -> "invalid_token";
      case BAD_REQUEST, BAD_QUERY, BAD_PATH, BODY_TOO_LARGE, CONTENT_TYPE, METHOD, CONFLICT, TENANT_UNKNOWN, SIGN_IN_UNKNOWN, SIGN_IN_EXPIRED,
          SIGN_IN_ENDED, SIGN_IN_ELSEWHERE, APPLICATION_UNKNOWN, REDIRECT_UNKNOWN, POLICY_LOCKS_OUT -> "invalid_request";
    };
    return Reply.json(problem.status(), Json.object().put("error", error).put("error_description", message(problem, field, detail)));
  }

  private static String message(Problem problem, String field, String detail) {
    var words = detail.isEmpty() ? problem.code() : detail;
    return field.isEmpty() ? words : words + " (" + field + ")";
  }

  /** The reason phrase of RFC 9110 section 15. */
  static String phrase(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Payload Too Large";
      case 415 -> "Unsupported Media Type";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      case 500 -> "Internal Server Error";
      default -> throw new IllegalArgumentException("no phrase for " + status);
    };
  }
}
