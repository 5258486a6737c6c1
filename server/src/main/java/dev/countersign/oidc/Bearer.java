package dev.countersign.oidc;

import dev.countersign.kernel.Secret;
import dev.countersign.web.Request;
import java.util.Optional;

/** Finds the bearer token of a request in its header (RFC 6750 section 2.1); nowhere else, and never in the URL. */
final class Bearer {
  private static final String SCHEME = "bearer ";

  private Bearer() {}

  static Optional<Secret> of(Request request) {
    var values = request.headers().getOrDefault("authorization", java.util.List.of());
    if (values.size() != 1
        || !values.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return Optional.of(values.getFirst().substring(SCHEME.length()).strip())
        .filter(token -> !token.isEmpty())
        .map(Secret::of);
  }
}
