package dev.countersign.tenant;

import dev.countersign.kernel.TenantId;
import java.net.URI;

/** Where the world finds a tenant, known from configuration alone: for links in mails, which no request header may bend. */
@FunctionalInterface
public interface PublicUrls {
  /** The origin, such as {@code https://acme.example.com}; without a slash at its end. */
  String origin(TenantId tenant);

  /**
   * Tenants at hosts of their own, reached by scheme and port of the default tenant.
   *
   * @param defaultTenant the configured public URL
   */
  static PublicUrls of(Tenants tenants, URI defaultTenant) {
    var scheme = defaultTenant.getScheme();
    var port = defaultTenant.getPort() < 0 ? "" : ":" + defaultTenant.getPort();
    return id -> {
      var slug = tenants.get(id).slug();
      var host = slug.equals(Tenants.DEFAULT_SLUG) ? defaultTenant.getHost() : tenants.hostOf(id);
      return scheme + "://" + host + port;
    };
  }
}
