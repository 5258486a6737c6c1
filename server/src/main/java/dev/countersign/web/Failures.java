package dev.countersign.web;

import dev.countersign.kernel.Problem;

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
}
