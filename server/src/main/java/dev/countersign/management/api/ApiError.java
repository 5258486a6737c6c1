package dev.countersign.management.api;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.web.Reply;

/**
 * An error as Auth0's clients read it: {@code {"statusCode", "error", "message", "errorCode"}}.
 *
 * @param errorCode empty where there is none
 */
public record ApiError(int status, String errorCode, String message) {
  static final Shape SHAPE =
      Shape.fields()
          .withRequired("statusCode", new Shape.Whole(400, 599))
          .withRequired("error", Shape.text(1, 100))
          .withRequired("message", Shape.text(1, 100_000, Format.ANY))
          .with("errorCode", Shape.text(1, 100))
          .with("attributes", Shape.fields().withRequired("error", Shape.text(1, 1_000)));

  public static final ApiError NO_SUCH_USER =
      new ApiError(404, "inexistent_user", "The user does not exist.");

  public static ApiError body(String message) {
    return new ApiError(400, "invalid_body", message);
  }

  public static ApiError query(String message) {
    return new ApiError(400, "invalid_query_string", message);
  }

  /** Something this build or this tenant cannot do; never a success that is none. */
  public static ApiError unsupported(String message) {
    return new ApiError(403, "operation_not_supported", message);
  }

  /** A field that asks for what is not there. */
  public static ApiError unsupported(String field, String why) {
    return unsupported(field + ": " + why);
  }

  /** What does not fit, where no shape could have said so. */
  public static ApiError body(String what, String path) {
    return body(new Shape.Violation(what, path).sentence("Payload"));
  }

  /** A problem of the catalogue. */
  public static ApiError of(Problem problem, String field, String detail) {
    var what = detail.isEmpty() ? phrase(problem.status()) : detail;
    var said = new Shape.Violation(what, field);
    var message =
        switch (problem.auth0()) {
          case "invalid_body" -> said.sentence("Payload");
          case "invalid_query_string" -> said.sentence("Query");
          case "invalid_uri" -> said.sentence("Path");
          default -> what;
        };
    return new ApiError(
        problem.status(), problem == Problem.TOO_MANY ? "" : problem.auth0(), message);
  }

  public Reply reply() {
    var body =
        Json.object()
            .put("statusCode", status)
            .put("error", phrase(status))
            .put("message", message);
    if (!errorCode.isEmpty()) {
      body.put("errorCode", errorCode);
    }
    if (status == 401) {
      body.set("attributes", Json.object().put("error", message));
    }
    return Reply.json(status, body);
  }

  /** Reason phrases of RFC 9110 section 15. */
  private static String phrase(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
