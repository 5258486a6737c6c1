package dev.countersign.tenant;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How the world reaches this server: from configuration, never from a request.
 *
 * @param scheme {@code https}, or {@code http} for trying out
 * @param port of all tenants' hosts
 * @param defaultHost where the default tenant answers
 * @param suffix the domain under which tenants have a host each, if they have: Acme's is {@code acme.<suffix>}
 * @param development whether this machine's own names stand for the default tenant, as nothing better was configured
 */
public record PublicAddress(
    String scheme, int port, String defaultHost, Optional<String> suffix, boolean development) {
  private static final String LOCAL = "localhost";
  private static final Set<String> ADDRESSES = Set.of("127.0.0.1", "[::1]");

  /**
   * From the configured public URL and domain. A domain of this machine's own (RFC 6761 section 6.3) goes only with a
   * public URL of this machine's own: to the world it would be a host that nobody configured.
   */
  public static PublicAddress of(URI publicUrl, Optional<String> suffix) {
    int usual = publicUrl.getScheme().equals("https") ? 443 : 80;
    var host = publicUrl.getHost().toLowerCase(Locale.ROOT);
    return new PublicAddress(
        publicUrl.getScheme(),
        publicUrl.getPort() < 0 ? usual : publicUrl.getPort(),
        host,
        suffix
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> isLocal(host) || !isLocal(name)),
        false);
  }

  /** Plain HTTP on this machine, for development. */
  public static PublicAddress local(int port) {
    return local(port, Optional.of(LOCAL));
  }

  /** The same, with tenants under another domain. */
  public static PublicAddress local(int port, Optional<String> suffix) {
    return new PublicAddress(
        "http", port, LOCAL, suffix.map(name -> name.toLowerCase(Locale.ROOT)), true);
  }

  private static boolean isLocal(String host) {
    return host.equals(LOCAL) || host.endsWith("." + LOCAL) || ADDRESSES.contains(host);
  }

  /** The slug of the tenant that has this host by its name; empty for a host that nobody here answers at. */
  Optional<String> slugAt(String host) {
    if (host.equals(defaultHost) || (development && isOurOwn(host))) {
      return Optional.of(Tenants.DEFAULT_SLUG);
    }
    return suffix
        .filter(name -> host.endsWith("." + name))
        .map(name -> host.substring(0, host.length() - name.length() - 1))
        .filter(slug -> !slug.equals(Tenants.DEFAULT_SLUG)); // It has one host, not two.
  }

  private boolean isOurOwn(String host) {
    return host.equals(LOCAL)
        || ADDRESSES.contains(host)
        || suffix.filter(host::equals).isPresent();
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
