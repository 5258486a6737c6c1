package dev.countersign.tenant;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a tenant's admins choose, besides policy. Durations are whole seconds.
 *
 * @param accent the brand colour as {@code #rrggbb}
 * @param logoUrl https URL of a logo, or empty
 * @param supportEmail whom people without a way in may write to, or empty
 * @param locale the language of pages when neither application nor browser names one that we speak
 * @param sessionSeconds the longest a single sign-on session lasts
 * @param idleSeconds the longest it may lie unused
 * @param logoutUrls where a browser may be sent after signing out when no application is named, compared letter by letter
 * @param factors definitions of factors of the tenant's own by their ids, each in the form of its family, without anything
 *     secret
 */
public record TenantSettings(
    String accent,
    String logoUrl,
    String supportEmail,
    String supportUrl,
    String locale,
    long sessionSeconds,
    long idleSeconds,
    List<String> logoutUrls,
    Map<String, String> factors) {

  public TenantSettings {
    // A tenant saved before there was such a list has none.
    logoutUrls = logoutUrls == null ? List.of() : List.copyOf(logoutUrls);
    factors = factors == null ? Map.of() : Map.copyOf(factors);
  }

  /** What a new tenant starts with: sessions as SP 800-63B-4 section 2.1.3 allows at the first assurance level. */
  public static TenantSettings usual() {
    return new TenantSettings(
        "#3b5bdb",
        "",
        "",
        "",
        "en",
        Duration.ofDays(30).toSeconds(),
        Duration.ofDays(7).toSeconds(),
        List.of(),
        Map.of());
  }

  public TenantSettings withSupport(String email, String url) {
    return new TenantSettings(
        accent, logoUrl, email, url, locale, sessionSeconds, idleSeconds, logoutUrls, factors);
  }

  public TenantSettings withBrand(String colour, String logo) {
    return new TenantSettings(
        colour,
        logo,
        supportEmail,
        supportUrl,
        locale,
        sessionSeconds,
        idleSeconds,
        logoutUrls,
        factors);
  }

  public TenantSettings withLogoutUrls(List<String> urls) {
    return new TenantSettings(
        accent,
        logoUrl,
        supportEmail,
        supportUrl,
        locale,
        sessionSeconds,
        idleSeconds,
        urls,
        factors);
  }

  public TenantSettings withFactors(Map<String, String> definitions) {
    return new TenantSettings(
        accent,
        logoUrl,
        supportEmail,
        supportUrl,
        locale,
        sessionSeconds,
        idleSeconds,
        logoutUrls,
        definitions);
  }
}
