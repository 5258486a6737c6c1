package dev.countersign.oidc;

import dev.countersign.identity.Person;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is said of a person for which scope (OpenID Connect Core 1.0 section 5.4). */
final class Claims {
  /** Scopes that are ours rather than an API's. */
  static final Set<String> SCOPES = Set.of("openid", "profile", "email", "phone", "offline_access");

  static final List<String> NAMES =
      List.of(
          "sub",
          "name",
          "nickname",
          "preferred_username",
          "updated_at",
          "email",
          "email_verified",
          "phone_number",
          "phone_number_verified");

  private Claims() {}

  static Map<String, Object> of(Person person, Collection<String> scopes) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", person.id().value());
    if (scopes.contains("profile")) {
      claims.put("name", person.name());
      claims.put("nickname", person.label());
      claims.put("preferred_username", person.label());
      claims.put("updated_at", person.updatedAt().seconds());
    }
    var email = person.email();
    if (scopes.contains("email") && email != null) {
      claims.put("email", email);
      claims.put("email_verified", person.emailVerified());
    }
    var phone = person.phone();
    if (scopes.contains("phone") && phone != null) {
      claims.put("phone_number", phone);
      claims.put("phone_number_verified", false);
    }
    return claims;
  }
}
