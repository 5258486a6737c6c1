package dev.countersign.application;

import dev.countersign.kernel.Moment;
import dev.countersign.tenant.SigningAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that accepts our access tokens: OAuth's resource server.
 *
 * @param identifier the audience by which applications ask for it and which its tokens bear
 * @param scopes what its tokens may allow
 * @param accessSeconds how long its access tokens live
 * @param offline whether applications may go on calling it with refresh tokens while nobody is there
 * @param notes what tools set and read back, and what nothing here follows
 * @param system whether it is our own Management API, which can be neither changed nor removed
 * @param transactions what people may be asked to approve for it
 */
public record Api(
    String identifier,
    String name,
    List<Scope> scopes,
    long accessSeconds,
    SigningAlgorithm algorithm,
    boolean offline,
    Map<String, Object> notes,
    boolean system,
    Moment createdAt,
    List<TransactionType> transactions) {
  /** The name by which Auth0's tools know to leave it alone. */
  public static final String MANAGEMENT_NAME = "Auth0 Management API";

  /** How long an access token lives where nothing else was chosen: 24 hours. */
  public static final long USUAL_SECONDS = 86_400;

  public Api {
    scopes = List.copyOf(scopes);
    notes = Collections.unmodifiableMap(new TreeMap<>(notes));
    transactions = List.copyOf(transactions);
  }

  /** One for which nobody approves anything. */
  public Api(
      String identifier,
      String name,
      List<Scope> scopes,
      long accessSeconds,
      SigningAlgorithm algorithm,
      boolean offline,
      Map<String, Object> notes,
      boolean system,
      Moment createdAt) {
    this(
        identifier,
        name,
        scopes,
        accessSeconds,
        algorithm,
        offline,
        notes,
        system,
        createdAt,
        List.of());
  }

  /** The same, letting people approve these. */
  public Api approving(List<TransactionType> types) {
    return new Api(
        identifier,
        name,
        scopes,
        accessSeconds,
        algorithm,
        offline,
        notes,
        system,
        createdAt,
        types);
  }

  /** The kind of transaction of that type. */
  public Optional<TransactionType> transaction(String type) {
    return transactions.stream().filter(it -> it.type().equals(type)).findFirst();
  }

  /** One that tools can name in a path: what identifies it may be a URL. */
  public String id() {
    return "api_" + HexFormat.of().formatHex(sha256(identifier), 0, 12);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /** Something that can be allowed. */
  public record Scope(String value, String description) {}

  public static Api of(String identifier, String name, List<String> scopes) {
    return new Api(
        identifier,
        name,
        scopes.stream().map(value -> new Scope(value, "")).toList(),
        USUAL_SECONDS,
        SigningAlgorithm.RS256,
        true,
        Map.of(),
        false,
        new Moment(0));
  }

  /** The Management API of the tenant at this issuer. It is in no table: its identifier follows from where it is asked for. */
  static Api management(String issuer, Moment now) {
    return new Api(
        managementAudience(issuer),
        MANAGEMENT_NAME,
        MANAGEMENT_SCOPES,
        USUAL_SECONDS,
        SigningAlgorithm.RS256,
        false,
        Map.of(),
        true,
        now);
  }

  /** The audience of the Management API at this issuer. */
  public static String managementAudience(String issuer) {
    return issuer + "api/v2/";
  }

  /** The audience of the MFA API at this issuer. */
  public static String mfaAudience(String issuer) {
    return issuer + "mfa/";
  }

  /**
   * Auth0's MFA API, by which people change their own factors in an application; in no table, either. Its tokens live no longer
   * than what they allow may be done on a proof.
   */
  static Api mfa(String issuer, Moment now) {
    return new Api(
        mfaAudience(issuer),
        "MFA API",
        Stream.of("enroll", "read:authenticators", "remove:authenticators")
            .map(value -> new Scope(value, ""))
            .toList(),
        600,
        SigningAlgorithm.RS256,
        false,
        Map.of(),
        false,
        now);
  }

  public Set<String> scopeValues() {
    return scopes.stream().map(Scope::value).collect(Collectors.toCollection(TreeSet::new));
  }

  private static final List<Scope> MANAGEMENT_SCOPES =
      List.of(
              "read:guardian_factors",
              "update:guardian_factors",
              "read:log_streams",
              "create:log_streams",
              "update:log_streams",
              "delete:log_streams",
              "read:hardware_tokens",
              "create:hardware_tokens",
              "update:hardware_tokens",
              "delete:hardware_tokens",
              "read:mfa_policies",
              "update:mfa_policies",
              "read:guardian_enrollments",
              "delete:guardian_enrollments",
              "remove:authenticators",
              "create:guardian_enrollment_tickets",
              "create:temporary_access_codes",
              "read:temporary_access_codes",
              "delete:temporary_access_codes",
              "read:sandbox",
              "update:sandbox",
              "read:authentication_methods",
              "create:authentication_methods",
              "update:authentication_methods",
              "delete:authentication_methods",
              "read:users",
              "create:users",
              "update:users",
              "delete:users",
              "read:users_app_metadata",
              "read:tenant_settings",
              "update:tenant_settings",
              "create:users_app_metadata",
              "update:users_app_metadata",
              "delete:users_app_metadata",
              "read:current_user",
              "read:logs",
              "read:logs_users",
              "read:clients",
              "create:clients",
              "update:clients",
              "delete:clients",
              "read:client_credentials",
              "create:client_credentials",
              "update:client_credentials",
              "delete:client_credentials",
              "read:client_keys",
              "update:client_keys",
              "read:role_members",
              "create:role_members",
              "delete:role_members",
              "read:client_grants",
              "create:client_grants",
              "update:client_grants",
              "delete:client_grants",
              "read:resource_servers",
              "create:resource_servers",
              "update:resource_servers",
              "delete:resource_servers",
              "read:connections",
              "create:connections",
              "update:connections",
              "delete:connections",
              "read:roles",
              "create:roles",
              "update:roles",
              "delete:roles",
              "read:tenant_settings",
              "update:tenant_settings",
              "read:branding",
              "update:branding",
              "read:prompts",
              "update:prompts",
              "read:email_provider",
              "create:email_provider",
              "update:email_provider",
              "delete:email_provider",
              "read:email_templates",
              "create:email_templates",
              "update:email_templates",
              "read:attack_protection",
              "update:attack_protection",
              "read:actions",
              "read:custom_domains",
              "read:event_streams",
              "read:flows",
              "read:flows_vault_connections",
              "read:forms",
              "read:phone_providers",
              "read:phone_templates",
              "read:rules",
              "read:rules_configs",
              "read:self_service_profiles",
              "read:token_exchange_profiles",
              "read:sessions",
              "delete:sessions",
              "read:signing_keys",
              "update:signing_keys")
          .stream()
          .map(value -> new Scope(value, ""))
          .toList();
}
