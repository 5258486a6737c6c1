package dev.countersign.testkit.demo.bank;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
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
import com.nimbusds.openid.connect.sdk.claims.ACR;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636), by Nimbus' client classes. Thread-safe. */
final class SignInClient {
  private final Issuer issuer;
  private final ClientID id;
  private final ClientSecretPost credentials;
  private final URI callback;
  private volatile @Nullable OIDCProviderMetadata metadata;

  SignInClient(
      String issuer, String clientId, dev.countersign.kernel.Secret credential, URI callback) {
    this.issuer = new Issuer(issuer);
    this.id = new ClientID(clientId);
    this.credentials = new ClientSecretPost(id, new Secret(credential.reveal()));
    this.callback = callback;
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

  /** A sign-in under way: what has to be remembered until the browser comes back. */
  record UnderWay(State state, Nonce nonce, CodeVerifier verifier, String next) {
    static UnderWay to(String next) {
      return new UnderWay(new State(), new Nonce(), new CodeVerifier(), next);
    }
  }

  /** Who has signed in, and how. */
  record SignedIn(
      String subject, String name, String acr, List<String> amr, Instant at, String idToken) {}

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

  /** Where to send the browser; {@code fresh}: a second proof, given within the last minute. */
  URI begin(UnderWay it, boolean fresh) throws Failed {
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
    if (fresh) {
      request = request.acrValues(List.of(new ACR("aal2"))).maxAge(60);
    }
    return request.build().toURI();
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
        throw new Failed("The sign-in did not succeed: " + error.getErrorObject().getCode() + ".");
      }
      return redeem(response.toSuccessResponse().getAuthorizationCode(), it);
    } catch (ParseException e) {
      throw new Failed("The answer cannot be understood.", e);
    }
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
          new IDTokenValidator(issuer, id, JWSAlgorithm.RS256, provider().getJWKSetURI().toURL())
              .validate(idToken, it.nonce());
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
          idToken.serialize());
    } catch (IOException | ParseException | BadJOSEException | JOSEException e) {
      throw new Failed("The tokens are not what they should be: " + e.getMessage(), e);
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
