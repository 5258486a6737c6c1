package dev.countersign.tenant;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param defaultAudience the API of requests that name none, or empty
 * @param defaultDirectory the connection of password grants that name none, or empty
 * @param recoverySeconds how long somebody waits who lost every factor and recovers by waiting; zero where nobody can
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
    Map<String, String> factors,
    String defaultAudience,
    String defaultDirectory,
    long recoverySeconds) {

  public TenantSettings {
    // A tenant saved before there were these has none.
    logoutUrls = logoutUrls == null ? List.of() : List.copyOf(logoutUrls);
    factors = factors == null ? Map.of() : Map.copyOf(factors);
    defaultAudience = defaultAudience == null ? "" : defaultAudience;
    defaultDirectory = defaultDirectory == null ? "" : defaultDirectory;
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
        Map.of(),
        "",
        "",
        0);
  }

  /** The audience of requests that name none; none where it was not chosen. */
  public Optional<String> audience() {
    return Optional.of(defaultAudience).filter(it -> !it.isEmpty());
  }

  /** A copy with other settings: {@code with(it -> it.locale = "de")}. What the draft is not told stays as it is. */
  public TenantSettings with(Consumer<Draft> edit) {
    var draft = new Draft(this);
    edit.accept(draft);
    return draft.done();
  }

  public TenantSettings withSupport(String email, String url) {
    return with(it -> {
      it.supportEmail = email;
      it.supportUrl = url;
    });
  }

  public TenantSettings withBrand(String colour, String logo) {
    return with(it -> {
      it.accent = colour;
      it.logoUrl = logo;
    });
  }

  public TenantSettings withLogoutUrls(List<String> urls) {
    return with(it -> it.logoutUrls = urls);
  }

  public TenantSettings withFactors(Map<String, String> definitions) {
    return with(it -> it.factors = definitions);
  }

  /** Settings while they are changed, each under its name; of one thread, and not kept. */
  public static final class Draft {
    public String accent;
    public String logoUrl;
    public String supportEmail;
    public String supportUrl;
    public String locale;
    public long sessionSeconds;
    public long idleSeconds;
    public List<String> logoutUrls;
    public Map<String, String> factors;
    public String defaultAudience;
    public String defaultDirectory;
    public long recoverySeconds;

    private Draft(TenantSettings it) {
      accent = it.accent;
      logoUrl = it.logoUrl;
      supportEmail = it.supportEmail;
      supportUrl = it.supportUrl;
      locale = it.locale;
      sessionSeconds = it.sessionSeconds;
      idleSeconds = it.idleSeconds;
      logoutUrls = it.logoutUrls;
      factors = it.factors;
      defaultAudience = it.defaultAudience;
      defaultDirectory = it.defaultDirectory;
      recoverySeconds = it.recoverySeconds;
    }

    private TenantSettings done() {
      return new TenantSettings(
          accent,
          logoUrl,
          supportEmail,
          supportUrl,
          locale,
          sessionSeconds,
          idleSeconds,
          logoutUrls,
          factors,
          defaultAudience,
          defaultDirectory,
          recoverySeconds);
    }
  }
}
