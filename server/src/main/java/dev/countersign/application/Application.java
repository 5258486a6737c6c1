package dev.countersign.application;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Moment;
import dev.countersign.tenant.SigningAlgorithm;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program that people sign in to, or that calls APIs by itself: OAuth's client.
 *
 * @param callbacks redirect URIs, compared letter by letter (RFC 9700 section 2.1)
 * @param logoutUrls where a browser may be sent after signing out, compared letter by letter
 * @param webOrigins origins that may get answers by {@code web_message}
 * @param allowedOrigins further origins whose pages may call token and user info endpoints
 * @param grantTypes OAuth grant types it may use
 * @param firstParty whether it is the tenant's own, so that nobody is asked for consent
 * @param metadata the tenant's own notes
 * @param startUrl where a sign-in to it begins, or its home; null when it doesn't say
 * @param connected whether people of the tenant's database may sign in to it
 * @param credentials public keys by which it proves itself, where it does so by {@link TokenAuth#PRIVATE_KEY_JWT}
 * @param notes what tools set and read back, and what nothing here follows
 * @param pushed whether people may be sent to sign in only with a request that was pushed before (RFC 9126 section 6)
 * @param api the identifier of the API that it is, and about whose tokens it may ask; null where it is none
 */
public record Application(
    ClientId id,
    String name,
    Type type,
    List<String> callbacks,
    List<String> logoutUrls,
    List<String> webOrigins,
    List<String> allowedOrigins,
    TokenAuth tokenAuth,
    Set<String> grantTypes,
    SigningAlgorithm idTokenAlgorithm,
    Refresh refresh,
    boolean firstParty,
    Map<String, String> metadata,
    @Nullable String startUrl,
    boolean connected,
    List<Credential> credentials,
    Map<String, Object> notes,
    boolean pushed,
    @Nullable String api,
    Moment createdAt) {
  public static final String AUTHORIZATION_CODE = "authorization_code";
  public static final String IMPLICIT = "implicit";
  public static final String REFRESH_TOKEN = "refresh_token";
  public static final String CLIENT_CREDENTIALS = "client_credentials";
  public static final String PASSWORD = "password";
  public static final String PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm";
  public static final String MFA_OTP = "http://auth0.com/oauth/grant-type/mfa-otp";
  public static final String MFA_OOB = "http://auth0.com/oauth/grant-type/mfa-oob";
  public static final String MFA_RECOVERY_CODE =
      "http://auth0.com/oauth/grant-type/mfa-recovery-code";

  /** By which an application asks its person itself; none of a new application. */
  public static final Set<String> DIRECT =
      Set.of(PASSWORD, PASSWORD_REALM, MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE);

  /** Every grant type there is. */
  public static final List<String> GRANT_TYPES =
      List.of(
          AUTHORIZATION_CODE,
          IMPLICIT,
          REFRESH_TOKEN,
          CLIENT_CREDENTIALS,
          PASSWORD,
          PASSWORD_REALM,
          MFA_OTP,
          MFA_OOB,
          MFA_RECOVERY_CODE);

  public Application {
    callbacks = List.copyOf(callbacks);
    logoutUrls = List.copyOf(logoutUrls);
    webOrigins = List.copyOf(webOrigins);
    allowedOrigins = List.copyOf(allowedOrigins);
    grantTypes = Set.copyOf(grantTypes);
    metadata = Map.copyOf(metadata);
    credentials = List.copyOf(credentials);
    notes = Collections.unmodifiableMap(new TreeMap<>(notes));
  }

  /** What sort of program it is. */
  public enum Type {
    /** Runs in the browser and can keep nothing secret. */
    SPA,
    /** Runs on a server. */
    REGULAR_WEB,
    /** Runs on a person's device. */
    NATIVE,
    /** Acts for itself; nobody signs in to it. */
    NON_INTERACTIVE,
    /** An API, which is called with tokens and asks about them. */
    RESOURCE_SERVER;

    /** Auth0's {@code app_type}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Type> of(String word) {
      return Stream.of(values()).filter(type -> type.word().equals(word)).findFirst();
    }
  }

  /** How it proves at the token endpoint that it is itself (RFC 6749 section 2.3). */
  public enum TokenAuth {
    NONE,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_BASIC,
    /** By an assertion that one of its {@link Application#credentials} verifies, and by no secret any more. */
    PRIVATE_KEY_JWT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<TokenAuth> of(String word) {
      return Stream.of(values()).filter(auth -> auth.word().equals(word)).findFirst();
    }
  }

  /**
   * How long its refresh tokens last.
   *
   * @param lifetimeSeconds from the sign-in on, however often they are used
   * @param idleSeconds unused
   */
  public record Refresh(long lifetimeSeconds, long idleSeconds) {
    public static final Refresh USUAL = new Refresh(30L * 86_400, 14L * 86_400);
  }

  /** One with the usual settings for its type; its id is given by {@link Applications#create}. */
  public static Application of(String name, Type type, List<String> callbacks) {
    boolean isPublic = type == Type.SPA || type == Type.NATIVE;
    var grants =
        switch (type) {
          case RESOURCE_SERVER -> Set.<String>of();
          case NON_INTERACTIVE -> Set.of(CLIENT_CREDENTIALS);
          case SPA, REGULAR_WEB, NATIVE -> Set.of(AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN);
        };
    return new Application(
        new ClientId("new"),
        name,
        type,
        callbacks,
        List.of(),
        List.of(),
        List.of(),
        isPublic ? TokenAuth.NONE : TokenAuth.CLIENT_SECRET_POST,
        grants,
        SigningAlgorithm.RS256,
        Refresh.USUAL,
        true,
        Map.of(),
        null,
        true,
        List.of(),
        Map.of(),
        false,
        null,
        new Moment(0));
  }

  /** Whether it can keep no secret. */
  public boolean isPublic() {
    return tokenAuth == TokenAuth.NONE;
  }

  public boolean may(String grantType) {
    return grantTypes.contains(grantType);
  }

  /** Every origin that its own pages come from. */
  public Set<String> origins() {
    return Stream.of(callbacks, logoutUrls, webOrigins, allowedOrigins)
        .flatMap(List::stream)
        .map(Urls::origin)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A copy with other settings: {@code with(it -> it.name = "Bank")}. What the draft is not told stays as it is. */
  public Application with(Consumer<Draft> edit) {
    var draft = new Draft(this);
    edit.accept(draft);
    return draft.done(id, createdAt);
  }

  Application born(ClientId newId, Moment at) {
    return new Draft(this).done(newId, at);
  }

  /** Settings while they are changed, each under its name; of one thread, and not kept. */
  public static final class Draft {
    public String name;
    public Type type;
    public List<String> callbacks;
    public List<String> logoutUrls;
    public List<String> webOrigins;
    public List<String> allowedOrigins;
    public TokenAuth tokenAuth;
    public Set<String> grantTypes;
    public SigningAlgorithm idTokenAlgorithm;
    public Refresh refresh;
    public boolean firstParty;
    public Map<String, String> metadata;
    public @Nullable String startUrl;
    public boolean connected;
    public List<Credential> credentials;
    public Map<String, Object> notes;
    public boolean pushed;
    public @Nullable String api;

    private Draft(Application it) {
      name = it.name;
      type = it.type;
      callbacks = it.callbacks;
      logoutUrls = it.logoutUrls;
      webOrigins = it.webOrigins;
      allowedOrigins = it.allowedOrigins;
      tokenAuth = it.tokenAuth;
      grantTypes = it.grantTypes;
      idTokenAlgorithm = it.idTokenAlgorithm;
      refresh = it.refresh;
      firstParty = it.firstParty;
      metadata = it.metadata;
      startUrl = it.startUrl;
      connected = it.connected;
      credentials = it.credentials;
      notes = it.notes;
      pushed = it.pushed;
      api = it.api;
    }

    private Application done(ClientId id, Moment createdAt) {
      return new Application(
          id,
          name,
          type,
          callbacks,
          logoutUrls,
          webOrigins,
          allowedOrigins,
          tokenAuth,
          grantTypes,
          idTokenAlgorithm,
          refresh,
          firstParty,
          metadata,
          startUrl,
          connected,
          credentials,
          notes,
          pushed,
          api,
          createdAt);
    }
  }
}
