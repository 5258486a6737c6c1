package dev.countersign.operator;

import dev.countersign.kernel.Secret;
import java.util.List;
import java.util.Optional;

/**
 * What an operator may ask of a product whose database is open, listening or not. Each answers whether it was done and
 * has told why not.
 */
public interface Operations extends AutoCloseable {
  /**
   * Prints the newest events of a tenant, oldest of them first, one JSON object a line.
   *
   * @param tenant its name
   * @param user whose events, if not everybody's
   * @param most how many at most
   */
  boolean audit(String tenant, Optional<String> user, int most, Answer answer);

  /**
   * Sums up what was refused in a tenant, one JSON object a line.
   *
   * @param hours how far back
   */
  boolean refusals(String tenant, int hours, Answer answer);

  /** Makes a new signing key for a tenant; the old one goes on verifying until what it signed has expired. */
  boolean rotateSigningKeys(String tenant, Answer answer);

  /**
   * Adds a tenant.
   *
   * @param sandbox whether it is for trying things out, for ever
   */
  boolean createTenant(String tenant, String displayName, boolean sandbox, Answer answer);

  /** Says where browsers of a tenant may be sent after signing out when no application is named, and nowhere else. */
  boolean allowLogoutUrls(String tenant, List<String> urls, Answer answer);

  /**
   * Adds an application and says its client id and secret.
   *
   * @param startUrl where a sign-in to it begins, if it says so
   * @param type {@code REGULAR_WEB}, {@code SPA}, {@code NATIVE}, or {@code MANAGEMENT} for one that may do everything in the
   *     management API
   */
  boolean createClient(
      String tenant,
      String name,
      String type,
      List<String> callbacks,
      List<String> logoutUrls,
      Optional<String> startUrl,
      Answer answer);

  /**
   * Brings the hardware tokens of a file to a tenant.
   *
   * @param format {@code PSKC} or {@code CSV}
   * @param key the key that encrypts it, in hexadecimal digits; empty when there is none
   * @param password the password that encrypts it; empty when there is none
   */
  boolean importTokens(
      String tenant, String format, Secret content, Secret key, Secret password, Answer answer);

  /** Says the names of all tenants, one a line, with where each is. */
  boolean listTenants(Answer answer);

  /**
   * Deletes a tenant with everything that is its own; the one that every installation begins with stays.
   *
   * @param confirmed its name once more
   */
  boolean deleteTenant(String tenant, String confirmed, Answer answer);

  /** Says the applications of a tenant, one JSON object a line. */
  boolean listClients(String tenant, Answer answer);

  /** Takes an application off. */
  boolean deleteClient(String tenant, String clientId, Answer answer);

  /**
   * Adds a person and says their id.
   *
   * @param email empty for none
   * @param username empty for none
   * @param password empty for none
   */
  boolean createUser(String tenant, String email, String username, Secret password, Answer answer);

  /** Takes a person off, with all that is theirs; {@code name} is their id, address or user name. */
  boolean deleteUser(String tenant, String name, Answer answer);

  /**
   * Issues a temporary access code and says it, and the words that the person's page shows.
   *
   * @param name their id, address or user name
   * @param number what they read out from their page
   * @param seconds how long it can be used
   */
  boolean issueAccessCode(String tenant, String name, String number, long seconds, Answer answer);

  /** Says people, oldest first, one JSON object a line, as the management API shows them; {@code most} at most. */
  boolean listUsers(String tenant, int most, Answer answer);

  /**
   * Brings people in and says how many, as a JSON object with {@code inserted}, {@code updated}, {@code there}, {@code
   * failed}. What is wrong with one is told.
   *
   * @param upsert whether those who are there already are changed
   * @param people a JSON array in the form of Auth0's imports
   */
  boolean importUsers(String tenant, boolean upsert, Secret people, Answer answer);

  /** Says a tenant's whole policy as a file has it. */
  boolean exportPolicy(String tenant, Answer answer);

  /** Says the JSON Schema of such files. */
  boolean policySchema(Answer answer);

  /** Makes a file the policy, unless that would lock people out; says its version. */
  boolean importPolicy(String tenant, Secret policy, Answer answer);

  /**
   * Holds a policy against named cases; done when each stands.
   *
   * @param draft a policy file; empty for the policy as it stands
   */
  boolean testPolicy(String tenant, Secret draft, Secret cases, Answer answer);

  /**
   * Says what a draft would have meant for the sign-ins of the last days.
   *
   * @param draft a policy file; empty for the policy as it stands
   */
  boolean replayPolicy(String tenant, Secret draft, int days, Answer answer);

  /** Says why a sign-in was asked for what it was. */
  boolean explain(String tenant, String signIn, Answer answer);

  /** Closes the database. */
  @Override
  void close();
}
