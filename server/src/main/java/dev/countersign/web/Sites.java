package dev.countersign.web;

import java.util.Optional;

/** Finds the {@link Site} that a host name stands for. */
@FunctionalInterface
public interface Sites {
  /**
   * Looks a host up.
   *
   * @param host in lower case, without port
   * @param listener where the request came in, such as {@code http} or {@code https} with the port it is reached by
   */
  Optional<Site> at(String host, Listener listener);

  /** A way in: scheme and port as the world sees them. */
  record Listener(String scheme, int port) {
    /** The origin of a host reached through this listener (RFC 6454 section 6.2). */
    public String origin(String host) {
      boolean usual = scheme.equals("https") ? port == 443 : port == 80;
      return scheme + "://" + host + (usual ? "" : ":" + port);
    }
  }
}
