package dev.countersign.outbound;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** One request to a server elsewhere, its body in UTF-8. Prints nothing of what it carries, for that is secret. */
public record Call(URI uri, Map<String, String> headers, String body) {
  /** The header that names a call, so that its receiver does once what it is asked twice. */
  public static final String IDEMPOTENCY_KEY = "idempotency-key";

  public Call {
    headers = Map.copyOf(headers);
  }

  /** A form (application/x-www-form-urlencoded). */
  public static Call form(URI uri, Map<String, String> fields) {
    var body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return new Call(
        uri, Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), body);
  }

  public static Call json(URI uri, String body) {
    return new Call(uri, Map.of("Content-Type", "application/json"), body);
  }

  public Call with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Call(uri, more, body);
  }

  /** Whether it has a name by which its receiver knows it when it comes a second time. */
  boolean isNamed() {
    return headers.containsKey(StandardWebhooks.ID) || headers.containsKey(IDEMPOTENCY_KEY);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Call[" + uri.getHost() + "]";
  }
}
