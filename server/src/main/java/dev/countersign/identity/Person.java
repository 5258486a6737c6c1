package dev.countersign.identity;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One person of one tenant.
 *
 * @param username a name without {@code @}, or null
 * @param email an address, or null
 * @param phone in E.164, or null
 * @param connection how the person first came: {@code Username-Password-Authentication} for a password
 * @param version grows with every change
 */
public record Person(
    UserId id,
    @Nullable String username,
    @Nullable String email,
    boolean emailVerified,
    @Nullable String phone,
    String name,
    Set<String> groups,
    Set<String> roles,
    boolean blocked,
    String connection,
    Map<String, Object> userMetadata,
    Map<String, Object> appMetadata,
    Moment createdAt,
    Moment updatedAt,
    long version) {

  public static final String PASSWORD_CONNECTION = "Username-Password-Authentication";

  /** The id of that connection in the Management API. */
  public static final String PASSWORD_CONNECTION_ID = "con_passwords";

  private static final int LONGEST_TAG = 35;

  public Person withRoles(Set<String> changed) {
    return new Person(
        id,
        username,
        email,
        emailVerified,
        phone,
        name,
        groups,
        changed,
        blocked,
        connection,
        userMetadata,
        appMetadata,
        createdAt,
        updatedAt,
        version);
  }

  /** The language that they read, as an IETF tag, where the tenant has noted one ({@code user_metadata.locale}). */
  public Optional<String> locale() {
    return userMetadata.get("locale") instanceof String tag && tag.length() <= LONGEST_TAG
        ? Optional.of(tag)
        : Optional.empty();
  }

  /** The address that is known to be theirs. */
  public Optional<String> confirmedEmail() {
    return emailVerified ? Optional.ofNullable(email) : Optional.empty();
  }

  /** The name to greet them by, the best that is known. */
  public String label() {
    if (username != null) {
      return username;
    }
    return email != null ? email : id.value();
  }
}
