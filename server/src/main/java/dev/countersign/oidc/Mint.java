package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.Application;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes tokens. Each kind has a {@code typ} of its own, so that none can pass for another (RFC 8725 section 3.11). Thread-safe. */
final class Mint {
  static final String ACCESS_TYPE = "at+jwt";
  static final String ID_TYPE = "JWT";
  static final String RECEIPT_TYPE = "transaction-receipt+jwt";

  /** The claim that names the newest sign-in whose proofs an access token rests on, as the audit log knows it. */
  static final String SIGN_IN = "sign_in";

  /** How long an ID token may be shown. */
  static final Duration ID_LIFE = Duration.ofHours(10);

  /** How long an access token lives that is for one transaction, at most. */
  static final long TRANSACTION_SECONDS = 300;

  private final Entropy entropy;
  private final Predicate<TenantId> sandbox;

  /**
   * Mints for every tenant.
   *
   * @param sandbox whether a tenant is for trying things out: its tokens say so
   */
  Mint(Entropy entropy, Predicate<TenantId> sandbox) {
    this.entropy = entropy;
    this.sandbox = sandbox;
  }

  private byte[] written(TenantId tenant, Map<String, Object> claims) {
    if (sandbox.test(tenant)) {
      claims.put("sandbox", true);
    }
    return Json.writeBytes(claims);
  }

  /** The audience of the user info endpoint. */
  static String userinfo(String issuer) {
    return issuer + "userinfo";
  }

  /** An access token made out to a person's application (RFC 9068). */
  Secret accessToken(TenantId tenant, SigningKey key, Grant grant, Optional<Api> api, Moment now) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", grant.issuer());
    claims.put("sub", grant.user());
    claims.put("aud", audiences(grant, api));
    claims.put("azp", grant.client());
    claims.put("client_id", grant.client());
    claims.put("scope", String.join(" ", grant.scopes()));
    claims.put("iat", now.seconds());
    claims.put("exp", now.seconds() + seconds(grant, api));
    claims.put("jti", grant.id() + "." + entropy.token(96));
    claims.put("auth_time", grant.authTime().seconds());
    claims.put("acr", grant.acrReached());
    claims.put("amr", grant.amr());
    claims.put("sid", grant.session());
    claims.put(SIGN_IN, grant.signIns().getLast());
    var approved = grant.approved();
    if (approved != null) {
      claims.put("authorization_details", Json.tree(approved.details())); // RFC 9396 section 9.1
    }
    return key.sign(ACCESS_TYPE, written(tenant, claims));
  }

  /**
   * A receipt of a transaction that was approved, for whoever has to show later that it was: the application, and the API that
   * it was for. It does not expire, and opens nothing.
   */
  Secret receipt(
      TenantId tenant, SigningKey key, Grant grant, Grant.Approved approved, Moment now) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", grant.issuer());
    claims.put("sub", grant.user());
    var audience = grant.audience();
    claims.put(
        "aud", audience == null ? List.of(grant.client()) : List.of(grant.client(), audience));
    claims.put("iat", now.seconds());
    claims.put("jti", grant.id());
    claims.put("auth_time", grant.authTime().seconds());
    claims.put("acr", grant.acrReached());
    claims.put("amr", grant.amr());
    claims.put("approved_at", new Moment(approved.at()).seconds());
    claims.put("binding", approved.binding());
    claims.put("transaction_hash", approved.hash());
    claims.put("authorization_details", Json.tree(approved.details()));
    return key.sign(RECEIPT_TYPE, written(tenant, claims));
  }

  private static Object audiences(Grant grant, Optional<Api> api) {
    var userinfo = userinfo(grant.issuer());
    if (api.isEmpty()) {
      return userinfo;
    }
    return grant.covers("openid") && grant.approved() == null
        ? List.of(api.get().identifier(), userinfo)
        : api.get().identifier();
  }

  static long seconds(Optional<Api> api) {
    return api.map(Api::accessSeconds).orElse(Api.USUAL_SECONDS);
  }

  /** How long an access token of that grant lives. */
  static long seconds(Grant grant, Optional<Api> api) {
    return grant.approved() == null ? seconds(api) : Math.min(TRANSACTION_SECONDS, seconds(api));
  }

  /** An access token with which an application acts for itself. */
  Secret clientToken(
      TenantId tenant,
      SigningKey key,
      String issuer,
      ClientId client,
      Api api,
      Collection<String> scopes,
      Moment now) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuer);
    claims.put("sub", client + "@clients");
    claims.put("aud", api.identifier());
    claims.put("azp", client.value());
    claims.put("client_id", client.value());
    claims.put("gty", "client-credentials");
    claims.put("scope", String.join(" ", scopes));
    claims.put("iat", now.seconds());
    claims.put("exp", now.seconds() + api.accessSeconds());
    claims.put("jti", entropy.token(128));
    return key.sign(ACCESS_TYPE, written(tenant, claims));
  }

  /**
   * Hashes that tie an ID token to what goes with it.
   *
   * @param accessHash {@code at_hash} (OpenID Connect Core 1.0 section 3.1.3.6)
   * @param codeHash {@code c_hash} (section 3.3.2.11)
   */
  record Tied(@Nullable String accessHash, @Nullable String codeHash) {
    static Tied toAccess(Secret access) {
      return new Tied(leftHalf(access), null);
    }

    static Tied toCode(Optional<Secret> code) {
      return new Tied(null, code.map(Tied::leftHalf).orElse(null));
    }

    /** Both algorithms that we sign with hash by SHA-256. */
    private static String leftHalf(Secret value) {
      try {
        var hash =
            MessageDigest.getInstance("SHA-256")
                .digest(value.reveal().getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Arrays.copyOf(hash, hash.length / 2));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("SHA-256 is part of every JDK", e);
      }
    }
  }

  /** An ID token (OpenID Connect Core 1.0 section 2). */
  Secret idToken(
      TenantId tenant, SigningKey key, Grant grant, Person person, Tied tied, Moment now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", grant.issuer());
    claims.putAll(Claims.of(person, grant.scopes()));
    claims.put("aud", grant.client());
    claims.put("iat", now.seconds());
    claims.put("exp", now.seconds() + ID_LIFE.toSeconds());
    claims.put("auth_time", grant.authTime().seconds());
    claims.put("acr", grant.acrReached());
    claims.put("amr", grant.amr());
    claims.put("sid", grant.session());
    put(claims, "nonce", grant.nonce());
    put(claims, "at_hash", tied.accessHash());
    put(claims, "c_hash", tied.codeHash());
    return key.sign(ID_TYPE, written(tenant, claims));
  }

  private static void put(Map<String, Object> claims, String name, @Nullable String value) {
    if (value != null) {
      claims.put(name, value);
    }
  }

  /** The algorithm of an application's ID tokens. */
  static SigningAlgorithm algorithm(Application application) {
    return application.idTokenAlgorithm();
  }
}
