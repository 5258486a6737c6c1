package dev.countersign.testkit;

import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way for requests to reach a {@link Node}: as values, or over a socket. */
@FunctionalInterface
public interface Wire {
  Received send(Sent request);

  /**
   * A request; header names in lower case.
   *
   * @param address where it comes from; over a socket it comes from this machine
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sent(
      Method method, URI uri, Map<String, List<String>> headers, byte[] body, String address) {
    /** From where most browsers are. */
    public Sent(Method method, URI uri, Map<String, List<String>> headers, byte[] body) {
      this(method, uri, headers, body, Browser.ADDRESS);
    }
  }

  /** An answer; header names in lower case. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Received(int status, Map<String, List<String>> headers, byte[] body) {
    public Optional<String> header(String name) {
      return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    public List<String> all(String name) {
      return headers.getOrDefault(name, List.of());
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
