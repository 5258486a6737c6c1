package dev.countersign.web;

import java.util.List;

/** What a route demands before its handler runs. Declared in the route table, checked by the {@link Router}. */
public sealed interface Guard {
  /** Nothing: a page or document that anyone may read, or a protocol endpoint that authenticates its caller itself. */
  record Open() implements Guard {}

  /** The same, and its answers may be read from other sites by the tenant's registered origins (CORS). */
  record CrossOrigin() implements Guard {}

  /** A form of our own pages: same origin, and a token that only a page of ours in this browser could know. */
  record Form() implements Guard {}

  /**
   * An access token for the Management API with at least one of the scopes.
   *
   * @param act what is about to be done, for which a person may have to prove more; empty for what is nothing in particular
   */
  record Bearer(List<String> anyOf, String act) implements Guard {
    public Bearer {
      anyOf = List.copyOf(anyOf);
    }
  }

  Guard OPEN = new Open();
  Guard CROSS_ORIGIN = new CrossOrigin();
  Guard FORM = new Form();

  static Guard bearer(String... anyOf) {
    return new Bearer(List.of(anyOf), "");
  }
}
