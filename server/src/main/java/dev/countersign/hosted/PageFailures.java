package dev.countersign.hosted;

import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.kernel.Problem;
import dev.countersign.web.Failures;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;

/** Tells people that something failed: by a page. */
public final class PageFailures implements Failures {
  private final Frames frames;

  public PageFailures(Frames frames) {
    this.frames = frames;
  }

  @Override
  public Reply say(Request request, Problem problem, String field, String detail) {
    var frame = frames.plain(request, request.path());
    return frames.reply(
        problem.status(), new ErrorPage(frame, kind(problem), problem.code(), request.id(), null));
  }

  /** What the reader of a page is told about it. */
  static ErrorPage.Kind kind(Problem problem) {
    return switch (problem) {
      case FORGED -> ErrorPage.Kind.FORM_EXPIRED;
      case NOT_FOUND, METHOD -> ErrorPage.Kind.NOT_FOUND;
      case TENANT_UNKNOWN -> ErrorPage.Kind.UNKNOWN_TENANT;
      case SIGN_IN_UNKNOWN, SIGN_IN_EXPIRED, SIGN_IN_ENDED -> ErrorPage.Kind.EXPIRED;
      case LINK_OVER -> ErrorPage.Kind.LINK_OVER;
      case SIGN_IN_ELSEWHERE -> ErrorPage.Kind.WRONG_BROWSER;
      case APPLICATION_UNKNOWN -> ErrorPage.Kind.UNKNOWN_APPLICATION;
      case REDIRECT_UNKNOWN -> ErrorPage.Kind.BAD_REDIRECT;
      case DENIED, NOT_AUTHENTICATED, NOT_ALLOWED, POLICY_LOCKS_OUT -> ErrorPage.Kind.DENIED;
      case NO_FACTOR_POSSIBLE -> ErrorPage.Kind.NO_FACTOR;
      case UNAVAILABLE, TOO_MANY -> ErrorPage.Kind.UNAVAILABLE;
      case UNEXPECTED -> ErrorPage.Kind.TROUBLE;
      case BAD_REQUEST,
          BAD_QUERY,
          BAD_PATH,
          BODY_TOO_LARGE,
          CONTENT_TYPE,
          CONFLICT,
          AUTHORIZATION_REQUEST ->
          ErrorPage.Kind.BAD_REQUEST;
    };
  }
}
