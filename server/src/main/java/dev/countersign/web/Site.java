package dev.countersign.web;

import dev.countersign.kernel.TenantId;

/**
 * Where a request arrived: which tenant, and the origin under which the world knows it, such as {@code
 * https://acme.example.com}. Made from configuration; a header only picks among what is configured.
 */
public record Site(TenantId tenant, String origin) {

  /** The issuer identifier (OpenID Connect Discovery 1.0 section 3); with a slash at its end, as Auth0 has it. */
  public String issuer() {
    return origin + "/";
  }

  public boolean secure() {
    return origin.startsWith("https:");
  }
}
