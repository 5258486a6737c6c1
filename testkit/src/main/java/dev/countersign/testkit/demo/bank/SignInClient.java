package dev.countersign.testkit.demo.bank;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.PushedAuthorizationRequest;
import com.nimbusds.oauth2.sdk.PushedAuthorizationResponse;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationErrorResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636), by Nimbus' client classes. Thread-safe. */
final class SignInClient {
  private final Issuer issuer;
  private final ClientID id;
  private final ClientSecretPost credentials;
  private final URI callback;
  private final String payments;
  private final InstantSource clock;
  private volatile @Nullable OIDCProviderMetadata metadata;

  SignInClient(
      String issuer,
      String clientId,
      dev.countersign.kernel.Secret credential,
      URI callback,
      String payments,
      InstantSource clock) {
    this.clock = clock;
    this.issuer = new Issuer(issuer);
    this.id = new ClientID(clientId);
    this.credentials = new ClientSecretPost(id, new Secret(credential.reveal()));
    this.callback = callback;
    this.payments = payments;
  }

  /** The protocol failed; the message is fit for a page. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }

    Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * A sign-in under way: what has to be remembered until the browser comes back.
   *
   * @param payout what it is to approve, where it is for that
   */
  record UnderWay(
      State state, Nonce nonce, CodeVerifier verifier, String next, Optional<Payout> payout) {
    static UnderWay to(String next) {
      return new UnderWay(new State(), new Nonce(), new CodeVerifier(), next, Optional.empty());
    }

    static UnderWay approving(Payout payout) {
      return new UnderWay(
          new State(), new Nonce(), new CodeVerifier(), "/transferred", Optional.of(payout));
    }
  }

  /** Money that somebody wants to send. */
  record Payout(String amount, String currency, String payee, String account) {
    /** As authorization details (RFC 9396 section 2). */
    Map<String, Object> details() {
      return new TreeMap<>(
          Map.of(
              "type",
              "payout",
              "amount",
              amount,
              "currency",
              currency,
              "payee",
              payee,
              "account",
              account));
    }
  }

  /** Who has signed in, and how; with the receipt of what they approved, where that was asked. */
  record SignedIn(
      String subject,
      String name,
      String acr,
      List<String> amr,
      Instant at,
      String idToken,
      Optional<Receipt> receipt) {}

  /**
   * That a payout was approved, signed by Countersign.
   *
   * @param id good for one payout
   * @param signed all of it, for whoever asks later
   */
  record Receipt(
      String id,
      Payout payout,
      Instant at,
      String acr,
      List<String> amr,
      String binding,
      String hash,
      String signed) {}

  /** Discovered at first use and kept, as a server that is not up yet is no reason not to start. */
  private OIDCProviderMetadata provider() throws Failed {
    var known = metadata;
    if (known == null) {
      try {
        known = OIDCProviderMetadata.resolve(issuer);
      } catch (GeneralException | IOException e) {
        throw new Failed("Countersign cannot be reached at " + issuer, e);
      }
      metadata = known;
    }
    return known;
  }

  /** Where to send the browser. A payout is pushed first (RFC 9126), so that no browser can change it. */
  URI begin(UnderWay it) throws Failed {
    var request =
        new AuthenticationRequest.Builder(
                new ResponseType(ResponseType.Value.CODE),
                new Scope("openid", "profile", "email"),
                id,
                callback)
            .endpointURI(provider().getAuthorizationEndpointURI())
            .state(it.state())
            .nonce(it.nonce())
            .codeChallenge(it.verifier(), CodeChallengeMethod.S256);
    if (it.payout().isEmpty()) {
      return request.build().toURI();
    }
    var asking =
        request
            .customParameter("audience", payments)
            .customParameter(
                "authorization_details",
                JSONArrayUtils.toJSONString(List.of(it.payout().get().details())))
            .build();
    try {
      var pushed =
          PushedAuthorizationResponse.parse(
              new PushedAuthorizationRequest(
                      provider().getPushedAuthorizationRequestEndpointURI(), credentials, asking)
                  .toHTTPRequest()
                  .send());
      if (!pushed.indicatesSuccess()) {
        throw new Failed(
            "Countersign does not take the payout: "
                + pushed.toErrorResponse().getErrorObject().getCode()
                + ".");
      }
      return new AuthorizationRequest.Builder(pushed.toSuccessResponse().getRequestURI(), id)
          .endpointURI(provider().getAuthorizationEndpointURI())
          .build()
          .toURI();
    } catch (IOException | ParseException e) {
      throw new Failed("Countersign did not take the payout.", e);
    }
  }

  /** Takes what the browser brought back. */
  SignedIn finish(URI answered, UnderWay it) throws Failed {
    try {
      var response = AuthenticationResponseParser.parse(answered);
      if (!it.state().equals(response.getState())
          || (response.getIssuer() != null && !response.getIssuer().equals(issuer))) {
        throw new Failed("The answer does not belong to this sign-in.");
      }
      if (response instanceof AuthenticationErrorResponse error) {
        throw new Failed(told(error.getErrorObject().getCode(), it));
      }
      return redeem(response.toSuccessResponse().getAuthorizationCode(), it);
    } catch (ParseException e) {
      throw new Failed("The answer cannot be understood.", e);
    }
  }

  private static String told(String code, UnderWay it) {
    if (it.payout().isEmpty()) {
      return "The sign-in did not succeed: " + code + ".";
    }
    return switch (code) {
      case "access_denied" -> "You rejected it, so nothing was sent.";
      case "unmet_authentication_requirements" ->
          "To approve it you need a second proof, and you have none that would do. Set one up on your security page first.";
      default -> "It was not approved: " + code + ".";
    };
  }

  private SignedIn redeem(AuthorizationCode code, UnderWay it) throws Failed {
    try {
      var request =
          new TokenRequest.Builder(
                  provider().getTokenEndpointURI(),
                  credentials,
                  new AuthorizationCodeGrant(code, callback, it.verifier()))
              .build();
      var response = OIDCTokenResponseParser.parse(request.toHTTPRequest().send());
      if (!response.indicatesSuccess()) {
        throw new Failed(
            "Countersign gave no tokens: "
                + response.toErrorResponse().getErrorObject().getCode()
                + ".");
      }
      var token = (OIDCTokenResponse) response.toSuccessResponse();
      var idToken = Objects.requireNonNull(token.getOIDCTokens().getIDToken());
      var claims =
          new IDTokenClaimsSet(
              verified(
                  idToken.serialize(),
                  JOSEObjectType.JWT,
                  new JWTClaimsSet.Builder()
                      .issuer(issuer.getValue())
                      .claim("nonce", it.nonce().getValue())
                      .build(),
                  Set.of("sub", "exp", "iat")));
      List<String> amr = new ArrayList<>();
      if (claims.getAMR() != null) {
        claims.getAMR().forEach(each -> amr.add(each.getValue()));
      }
      var name =
          Objects.requireNonNullElse(claims.getStringClaim("name"), claims.getSubject().getValue());
      var acr = claims.getACR() == null ? "" : claims.getACR().getValue();
      var at =
          claims.getAuthenticationTime() == null
              ? claims.getIssueTime()
              : claims.getAuthenticationTime();
      return new SignedIn(
          claims.getSubject().getValue(),
          name,
          acr,
          List.copyOf(amr),
          at.toInstant(),
          idToken.serialize(),
          receipt(token, claims.getSubject().getValue(), it));
    } catch (IOException
        | ParseException
        | java.text.ParseException
        | BadJOSEException
        | JOSEException e) {
      throw new Failed("The tokens are not what they should be: " + e.getMessage(), e);
    }
  }

  /**
   * What Countersign signed for this client, and is good now.
   *
   * @param exact what it has to say
   * @param required what it has to speak of
   */
  private JWTClaimsSet verified(
      String signed, JOSEObjectType type, JWTClaimsSet exact, Set<String> required)
      throws Failed, IOException, BadJOSEException, JOSEException, java.text.ParseException {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(type));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256,
            JWKSourceBuilder.create(provider().getJWKSetURI().toURL()).build()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<SecurityContext>(id.getValue(), exact, required) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
    return processor.process(signed, null);
  }

  /** Takes a receipt only for what was asked, by whom it was asked, and signed by whom it was asked of. */
  private Optional<Receipt> receipt(OIDCTokenResponse token, String subject, UnderWay it)
      throws Failed, IOException, BadJOSEException, JOSEException {
    if (it.payout().isEmpty()) {
      return Optional.empty();
    }
    var signed = String.valueOf(token.getCustomParameters().get("transaction_receipt"));
    try {
      var says =
          verified(
              signed,
              new JOSEObjectType("transaction-receipt+jwt"),
              new JWTClaimsSet.Builder().issuer(issuer.getValue()).subject(subject).build(),
              Set.of("jti", "transaction_hash"));
      var payout = it.payout().get();
      if (!List.of(payout.details()).equals(says.getListClaim("authorization_details"))) {
        throw new Failed("Something else was approved than was asked.");
      }
      return Optional.of(
          new Receipt(
              says.getJWTID(),
              payout,
              Instant.ofEpochSecond(says.getLongClaim("approved_at")),
              says.getStringClaim("acr"),
              says.getStringListClaim("amr"),
              says.getStringClaim("binding"),
              says.getStringClaim("transaction_hash"),
              signed));
    } catch (java.text.ParseException e) {
      throw new Failed("The receipt cannot be understood.", e);
    }
  }

  /** Where to send the browser so that the person is signed out at Countersign as well (RP-Initiated Logout 1.0). */
  URI signOut(SignedIn who, URI after) throws Failed {
    try {
      return new LogoutRequest(
              provider().getEndSessionEndpointURI(),
              com.nimbusds.jwt.JWTParser.parse(who.idToken()),
              null,
              id,
              after,
              null,
              null)
          .toURI();
    } catch (java.text.ParseException e) {
      throw new IllegalStateException("an ID token that was read before", e);
    }
  }
}
