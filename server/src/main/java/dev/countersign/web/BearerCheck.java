package dev.countersign.web;

/** Verifies the bearer token of a request (RFC 6750) for the Management API; written by the room that issues tokens. */
@FunctionalInterface
public interface BearerCheck {
  Outcome check(Request request, Guard.Bearer wanted);

  /** What came of it. */
  sealed interface Outcome {
    record Granted(Caller caller) implements Outcome {}

    record Denied(Reply reply) implements Outcome {}
  }
}
