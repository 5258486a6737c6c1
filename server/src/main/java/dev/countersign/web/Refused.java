package dev.countersign.web;

import dev.countersign.kernel.Problem;

/**
 * The request itself is malformed: it cannot be read, so no operation was asked. Thrown while reading a {@link Request}
 * and answered by the {@link Router} in the form that the route speaks. What a person gets wrong within a well-formed
 * request is a result of the operation instead.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Problem problem;
  private final String field;
  private final String detail;

  /**
   * @param field the parameter or JSON path at fault, empty when it is the request as a whole
   * @param detail one plain English sentence on how to mend it; must not repeat what was sent
   */
  public Refused(Problem problem, String field, String detail) {
    super(problem.code() + " " + field + ": " + detail, null, false, false);
    this.problem = problem;
    this.field = field;
    this.detail = detail;
  }

  public Problem problem() {
    return problem;
  }

  public String field() {
    return field;
  }

  public String detail() {
    return detail;
  }
}
