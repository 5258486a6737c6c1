package dev.countersign.application;

import dev.countersign.kernel.ClientId;
import java.util.Set;
import java.util.TreeSet;

/**
 * That an application may call an API by itself; or the Management API in the name of people who may.
 *
 * @param id such as {@code cgr_...}
 * @param audience the API's identifier; for the tenant's Management API, whose identifier depends on where it is asked for,
 *     {@link #MANAGEMENT} or {@link #MANAGEMENT_FOR_PEOPLE}
 */
public record ClientGrant(String id, ClientId client, String audience, Set<String> scopes) {
  public static final String MANAGEMENT = "countersign:management";
  public static final String MANAGEMENT_FOR_PEOPLE = "countersign:management/people";

  public ClientGrant {
    scopes = new TreeSet<>(scopes);
  }

  /** Whether it says what the application may do in a person's name, and nothing of itself. */
  public boolean isForPeople() {
    return audience.equals(MANAGEMENT_FOR_PEOPLE);
  }

  /** The audience as the world knows it at this issuer. */
  public String audienceAt(String issuer) {
    return audience.equals(MANAGEMENT) || isForPeople() ? Api.managementAudience(issuer) : audience;
  }
}
