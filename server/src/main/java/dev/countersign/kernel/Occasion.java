package dev.countersign.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When and from where something is done: handed to every operation that leaves a trace.
 *
 * @param address the network address of the person's device, by the trusted-proxy rule
 * @param userAgent what the browser says it is; cut to 300 characters
 * @param requestId the HTTP request, to find its log lines
 * @param origin where it reached us, such as {@code https://acme.example.com}, from configuration; empty outside of HTTP
 * @param languages which the browser says its reader reads, as {@code Accept-Language}; cut to 100 characters
 * @param page path and sign-in of the page, for who comes back to it from elsewhere; empty outside of pages
 * @param device by which the browser can be known again; empty when it has nothing of the kind
 * @param key the key that the browser has signed with; null when it has not
 */
public record Occasion(
    Moment at,
    String address,
    String userAgent,
    String requestId,
    String origin,
    String languages,
    String page,
    Secret device,
    @Nullable ShownKey key) {
  private static final Secret NO_DEVICE = Secret.of("");

  /** Of which no more is known than what is recorded. */
  public Occasion(Moment at, String address, String userAgent, String requestId) {
    this(at, address, userAgent, requestId, "", "", "", NO_DEVICE, null);
  }

  /** The same in a browser that can be known again by this. */
  public Occasion knownBy(Secret cookie) {
    return new Occasion(at, address, userAgent, requestId, origin, languages, page, cookie, key);
  }

  /** The same with what the browser has signed, if it has. */
  public Occasion showing(@Nullable ShownKey shown) {
    return new Occasion(at, address, userAgent, requestId, origin, languages, page, device, shown);
  }

  /**
   * Where it came from, as far as counting goes: of an IPv4 address all of it; of an IPv6 address its first 64 bits, which
   * is what one customer of a provider has.
   */
  public String network() {
    if (address.indexOf(':') < 0) {
      return "address " + address;
    }
    var groups = address.split(":", -1);
    return "network " + String.join(":", List.of(groups).subList(0, Math.min(4, groups.length)));
  }

  /** Something the server does by itself, such as tidying up. */
  public static Occasion ofServer(Moment at) {
    return new Occasion(at, "", "", "");
  }
}
