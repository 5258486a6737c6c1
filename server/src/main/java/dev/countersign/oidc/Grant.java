package dev.countersign.oidc;

import dev.countersign.enforcement.Level;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person's sign-in gave an application: the root of all tokens that come of it. Kept with the authorization code
 * and then with the refresh tokens; holds nothing secret.
 *
 * @param id names it; every access token that comes of it begins its {@code jti} with this
 * @param signIns the sign-ins whose proofs it rests on
 * @param audience the API that was asked for
 * @param acr the {@code acr} value by which the application asked, where it asked
 * @param authenticatedAt {@code auth_time} in milliseconds
 * @param approved the transaction that it is for and for nothing else; null of any other
 */
record Grant(
    String id,
    String client,
    String user,
    String session,
    String issuer,
    List<String> signIns,
    List<String> scopes,
    @Nullable String audience,
    @Nullable String nonce,
    @Nullable String acr,
    Level level,
    List<String> amr,
    long authenticatedAt,
    @Nullable Approved approved) {

  /**
   * A transaction that its person has approved.
   *
   * @param details the {@code authorization_details} in canonical form
   * @param hash of the details
   * @param at when, in milliseconds
   * @param binding how the approval is tied to it: see {@link dev.countersign.factor.Factor.Binding#word}
   */
  record Approved(String details, String hash, long at, String binding) {}

  /** One that is for no transaction. */
  Grant(
      String id,
      String client,
      String user,
      String session,
      String issuer,
      List<String> signIns,
      List<String> scopes,
      @Nullable String audience,
      @Nullable String nonce,
      @Nullable String acr,
      Level level,
      List<String> amr,
      long authenticatedAt) {
    this(
        id,
        client,
        user,
        session,
        issuer,
        signIns,
        scopes,
        audience,
        nonce,
        acr,
        level,
        amr,
        authenticatedAt,
        null);
  }

  ClientId clientId() {
    return new ClientId(client);
  }

  UserId userId() {
    return new UserId(user);
  }

  SessionId sessionId() {
    return new SessionId(session);
  }

  List<SignInId> signInIds() {
    return signIns.stream().map(SignInId::new).toList();
  }

  Moment authTime() {
    return new Moment(authenticatedAt);
  }

  boolean covers(String scope) {
    return scopes.contains(scope);
  }

  /** The same with fewer scopes. */
  Grant narrowed(List<String> fewer) {
    return new Grant(
        id,
        client,
        user,
        session,
        issuer,
        signIns,
        fewer,
        audience,
        nonce,
        acr,
        level,
        amr,
        authenticatedAt,
        approved);
  }

  /** The same, proven as it counts now. */
  Grant proven(Level now, List<String> methods) {
    return new Grant(
        id,
        client,
        user,
        session,
        issuer,
        signIns,
        scopes,
        audience,
        nonce,
        acr,
        now,
        methods,
        authenticatedAt,
        approved);
  }

  /** The {@code acr} of its tokens: the level reached, in the application's own word where that means the same. */
  String acrReached() {
    boolean sameMeaning =
        acr != null
            && (acr.equals(Level.MULTI_FACTOR)
                ? level.reaches(Level.AAL2)
                : Level.ofAcr(acr).filter(level::equals).isPresent());
    return sameMeaning && acr != null ? acr : level.acr();
  }

  String document() {
    return Json.write(this);
  }

  static Grant read(String document) {
    return Json.read(document, Grant.class);
  }
}
