package dev.countersign.application;

import dev.countersign.kernel.ClientId;
import java.util.Set;
import java.util.TreeSet;

/**
 * That an application may call an API by itself.
 *
 * @param id such as {@code cgr_...}
 * @param audience the API's identifier; {@link #MANAGEMENT} for the tenant's Management API, whose identifier depends on where it is asked for
 */
public record ClientGrant(String id, ClientId client, String audience, Set<String> scopes) {
  public static final String MANAGEMENT = "countersign:management";

  public ClientGrant {
    scopes = new TreeSet<>(scopes);
  }

  /** The audience as the world knows it at this issuer. */
  public String audienceAt(String issuer) {
    return audience.equals(MANAGEMENT) ? Api.managementAudience(issuer) : audience;
  }
}
