package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a person may do with the Management API by an application: what the application was allowed to do in people's names,
 * and the person's roles permit. Thread-safe.
 */
final class PersonalScopes {
  private final Apis apis;
  private final People people;

  PersonalScopes(Apis apis, People people) {
    this.apis = apis;
    this.people = people;
  }

  Set<String> of(Tx tx, TenantId tenant, String issuer, Person person, ClientId application) {
    var grant = apis.grantForPeople(tx, tenant, application);
    if (grant.isEmpty()) {
      return Set.of();
    }
    var scopes = new TreeSet<>(grant.get().scopes());
    scopes.retainAll(
        people.roles().permissions(tx, tenant, person.roles(), Api.managementAudience(issuer)));
    scopes.retainAll(Apis.managementScopes());
    return scopes;
  }
}
