package dev.countersign.kernel;

/**
 * The catalogue of what can be wrong, each with its stable dotted code, HTTP status and who is to mend it. Codes are
 * never reused or renumbered. What a person reads is chosen where pages are made, for several problems are the same to them.
 */
public enum Problem {
  BAD_REQUEST("request.malformed", 400, Audience.CALLER, "invalid_body"),
  BAD_QUERY("request.query_invalid", 400, Audience.CALLER, "invalid_query_string"),
  BAD_PATH("request.path_invalid", 400, Audience.CALLER, "invalid_uri"),
  BODY_TOO_LARGE("request.too_large", 413, Audience.CALLER, "invalid_body"),
  CONTENT_TYPE("request.content_type", 415, Audience.CALLER, "invalid_body"),
  METHOD("request.method", 405, Audience.CALLER, "operation_not_supported"),
  NOT_FOUND("request.not_found", 404, Audience.CALLER, "not_found"),
  NOT_AUTHENTICATED("request.not_authenticated", 401, Audience.CALLER, ""),
  NOT_ALLOWED("request.not_allowed", 403, Audience.CALLER, "insufficient_scope"),
  CONFLICT("request.conflict", 409, Audience.CALLER, "conflict"),
  TOO_MANY("request.too_many", 429, Audience.CALLER, "too_many_requests"),
  FORGED("request.cross_site", 403, Audience.PERSON, "csrf"),
  TENANT_UNKNOWN("tenant.unknown", 404, Audience.PERSON, "tenant_not_found"),
  SIGN_IN_UNKNOWN("sign_in.unknown", 400, Audience.PERSON, "invalid_request"),
  SIGN_IN_EXPIRED("sign_in.expired", 400, Audience.PERSON, "invalid_request"),
  SIGN_IN_ENDED("sign_in.ended", 400, Audience.PERSON, "invalid_request"),
  SIGN_IN_ELSEWHERE("sign_in.other_browser", 400, Audience.PERSON, "invalid_request"),
  LINK_OVER("link.over", 400, Audience.PERSON, "invalid_request"),
  DENIED("sign_in.denied", 403, Audience.PERSON, "access_denied"),
  APPLICATION_UNKNOWN("application.unknown", 400, Audience.DEVELOPER, "invalid_request"),
  REDIRECT_UNKNOWN("application.redirect_uri", 400, Audience.DEVELOPER, "invalid_request"),
  AUTHORIZATION_REQUEST("application.request", 400, Audience.DEVELOPER, "invalid_request"),
  POLICY_LOCKS_OUT("policy.locks_out", 409, Audience.ADMIN, "operation_not_supported"),
  NO_FACTOR_POSSIBLE("policy.no_factor_possible", 403, Audience.ADMIN, "access_denied"),
  UNAVAILABLE("server.unavailable", 503, Audience.OPERATOR, "service_unavailable"),
  UNEXPECTED("server.unexpected", 500, Audience.OPERATOR, "internal_error");

  /** Who can mend it. */
  public enum Audience {
    PERSON,
    CALLER,
    DEVELOPER,
    ADMIN,
    OPERATOR
  }

  private final String code;
  private final int status;
  private final Audience audience;
  private final String auth0;

  Problem(String code, int status, Audience audience, String auth0) {
    this.code = code;
    this.status = status;
    this.audience = audience;
    this.auth0 = auth0;
  }

  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public Audience audience() {
    return audience;
  }

  /** The {@code errorCode} or {@code error} by which Auth0's clients know it; empty where they know none. */
  public String auth0() {
    return auth0;
  }
}
