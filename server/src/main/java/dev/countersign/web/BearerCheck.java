package dev.countersign.web;

import java.util.List;

/** Verifies the bearer token of a request (RFC 6750) for the Management API; written by the room that issues tokens. */
@FunctionalInterface
public interface BearerCheck {
  Outcome check(Request request, List<String> anyOf);

  /** What came of it. */
  sealed interface Outcome {
    record Granted(Caller caller) implements Outcome {}

    record Denied(Reply reply) implements Outcome {}
  }
}
