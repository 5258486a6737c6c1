package dev.countersign.web;

import dev.countersign.kernel.Problem;
import java.util.function.Predicate;

/** How a route's kind of caller is told that something failed: a page, an OAuth error, a Management API error. */
@FunctionalInterface
public interface Failures {
  /**
   * Says it.
   *
   * @param field the parameter at fault, or empty
   * @param detail a sentence on how to mend it, or empty
   */
  Reply say(Request request, Problem problem, String field, String detail);

  /** Chooses by who calls: the Management API, the OAuth endpoints, or people, who see pages everywhere else. */
  static Failures byCaller(Predicate<Request> isManagement, Failures management, Failures pages) {
    return (request, problem, field, detail) -> {
      var here =
          isManagement.test(request)
              ? management
              : OAuthFailures.isOurs(request) ? new OAuthFailures() : pages;
      return here.say(request, problem, field, detail);
    };
  }
}
