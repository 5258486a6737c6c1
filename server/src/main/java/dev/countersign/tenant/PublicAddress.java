package dev.countersign.tenant;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * How the world reaches this server: from configuration, never from a request.
 *
 * @param scheme {@code https}, or {@code http} for trying out
 * @param port of all tenants' hosts
 * @param defaultHost where the default tenant answers
 * @param suffix the domain under which tenants have a host each, if they have: Acme's is {@code acme.<suffix>}
 */
public record PublicAddress(String scheme, int port, String defaultHost, Optional<String> suffix) {

  /** From the configured public URL and domain. */
  public static PublicAddress of(URI publicUrl, Optional<String> suffix) {
    int usual = publicUrl.getScheme().equals("https") ? 443 : 80;
    return new PublicAddress(
        publicUrl.getScheme(),
        publicUrl.getPort() < 0 ? usual : publicUrl.getPort(),
        publicUrl.getHost().toLowerCase(Locale.ROOT),
        suffix.map(name -> name.toLowerCase(Locale.ROOT)));
  }

  /** Plain HTTP on this machine. */
  public static PublicAddress local(int port) {
    return new PublicAddress("http", port, "localhost", Optional.of("localhost"));
  }

  /** The host of a tenant without hosts of its own; the default tenant's where tenants have none. */
  public String host(String slug) {
    return slug.equals(Tenants.DEFAULT_SLUG)
        ? defaultHost
        : suffix.map(name -> slug + "." + name).orElse(defaultHost);
  }

  /** The origin of a host, such as {@code https://acme.example.com} (RFC 6454 section 6.2). */
  public String origin(String host) {
    int usual = scheme.equals("https") ? 443 : 80;
    return scheme + "://" + host + (port == usual ? "" : ":" + port);
  }
}
