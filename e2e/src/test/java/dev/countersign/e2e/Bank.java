package dev.countersign.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.testkit.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** An application that people sign in to: finds the provider by discovery, uses PKCE, checks ID tokens to the letter. */
final class Bank implements AutoCloseable {
  private static final String WELCOME = "Welcome to the bank";

  private final HttpServer server;
  private final SSLSocketFactory tls;
  private final Map<String, Begun> begun = new ConcurrentHashMap<>();
  private @Nullable OIDCProviderMetadata provider;
  private String clientId = "";
  private String clientSecret = "";
  private String idToken = "";
  private String accessToken = "";
  private Map<String, String> signedIn = Map.of();

  private record Begun(CodeVerifier verifier, Nonce nonce) {}

  /**
   * Opens, at an address of its own.
   *
   * @param authority certificate of the authority that vouches for the provider
   */
  Bank(Path authority) {
    tls = Trust.in(authority);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("the bank does not open", e);
    }
    server.createContext(
        "/",
        exchange -> {
          try {
            serve(exchange);
          } catch (RuntimeException | ParseException | GeneralSecurityException | JOSEException e) {
            show(exchange, "The bank is confused", Map.of("because", String.valueOf(e)));
          }
        });
    server.start();
  }

  String url() {
    return "http://bank.localhost:" + server.getAddress().getPort();
  }

  String callback() {
    return url() + "/back";
  }

  /** The access token that came last. */
  String accessToken() {
    return accessToken;
  }

  /** Becomes a client of that provider. */
  void join(String issuer, String id, String secret) {
    clientId = id;
    clientSecret = secret;
    try {
      provider = OIDCProviderMetadata.parse(fetch(issuer + "/.well-known/openid-configuration"));
    } catch (IOException | ParseException e) {
      throw new IllegalStateException("no provider at " + issuer, e);
    }
  }

  private String fetch(String url) throws IOException {
    var request = new HTTPRequest(HTTPRequest.Method.GET, URI.create(url));
    request.setSSLSocketFactory(tls);
    var response = request.send();
    if (response.getStatusCode() != 200) {
      throw new IOException(response.getStatusCode() + " at " + url);
    }
    return response.getBody();
  }

  private void serve(HttpExchange exchange)
      throws IOException, ParseException, GeneralSecurityException, JOSEException {
    var query =
        fields(
            exchange.getRequestMethod().equals("POST")
                ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                : String.valueOf(exchange.getRequestURI().getRawQuery()));
    switch (exchange.getRequestURI().getPath()) {
      case "/start" -> redirect(exchange, begin(query));
      case "/back" -> arrive(exchange, query);
      case "/out" ->
          redirect(
              exchange,
              provider().getEndSessionEndpointURI()
                  + "?"
                  + encoded(
                      Map.of(
                          "id_token_hint",
                          idToken,
                          "post_logout_redirect_uri",
                          url() + "/",
                          "client_id",
                          clientId)));
      case "/" -> show(exchange, "The bank", Map.of());
      default -> {
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
      }
    }
  }

  /** The authorization request; what the query holds is asked for besides. */
  private String begin(Map<String, String> asked) {
    var state = UUID.randomUUID().toString();
    var beginning = new Begun(new CodeVerifier(), new Nonce());
    begun.put(state, beginning);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", clientId);
    parameters.put("redirect_uri", callback());
    parameters.put("scope", "openid profile email");
    parameters.put("state", state);
    parameters.put("nonce", beginning.nonce().getValue());
    parameters.put(
        "code_challenge",
        CodeChallenge.compute(CodeChallengeMethod.S256, beginning.verifier()).getValue());
    parameters.put("code_challenge_method", "S256");
    asked.remove("null");
    parameters.putAll(asked);
    return provider().getAuthorizationEndpointURI() + "?" + encoded(parameters);
  }

  private void arrive(HttpExchange exchange, Map<String, String> answer)
      throws IOException, ParseException, GeneralSecurityException, JOSEException {
    var beginning = begun.remove(answer.getOrDefault("state", ""));
    if (beginning == null) {
      // An answer that was given before changes nothing: whoever is signed in stays so.
      show(exchange, signedIn.isEmpty() ? "The bank did not ask" : WELCOME, signedIn);
      return;
    }
    if (!provider().getIssuer().getValue().equals(answer.get("iss"))) {
      throw new GeneralSecurityException("the answer is another provider's: " + answer.get("iss"));
    }
    if (answer.containsKey("error")) {
      show(exchange, "Not signed in", answer);
      return;
    }
    var request =
        new TokenRequest.Builder(
                provider().getTokenEndpointURI(),
                new ClientSecretPost(new ClientID(clientId), new Secret(clientSecret)),
                new AuthorizationCodeGrant(
                    new AuthorizationCode(answer.get("code")),
                    URI.create(callback()),
                    beginning.verifier()))
            .build()
            .toHTTPRequest();
    request.setSSLSocketFactory(tls);
    var response = OIDCTokenResponseParser.parse(request.send());
    if (!response.indicatesSuccess()) {
      throw new GeneralSecurityException(
          String.valueOf(response.toErrorResponse().getErrorObject()));
    }
    var tokens = ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens();
    accessToken = tokens.getAccessToken().getValue();
    var token = tokens.getIDToken();
    idToken = token.getParsedString();
    signedIn = told(claims(token, beginning.nonce()));
    show(exchange, WELCOME, signedIn);
  }

  private JWKSet keys() throws GeneralSecurityException {
    try {
      return JWKSet.parse(fetch(provider().getJWKSetURI().toString()));
    } catch (IOException | java.text.ParseException e) {
      throw new GeneralSecurityException("no keys", e);
    }
  }

  private IDTokenClaimsSet claims(JWT token, Nonce nonce)
      throws GeneralSecurityException, JOSEException {
    var validator =
        new IDTokenValidator(
            new Issuer(provider().getIssuer().getValue()),
            new ClientID(clientId),
            JWSAlgorithm.RS256,
            keys());
    // The story's clock may run ahead of this machine's by as much as it likes.
    validator.setMaxClockSkew(Math.toIntExact(Duration.ofDays(400).toSeconds()));
    try {
      return validator.validate(token, nonce);
    } catch (BadJOSEException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static Map<String, String> told(IDTokenClaimsSet claims) {
    Map<String, String> told = new LinkedHashMap<>();
    told.put("name", String.valueOf(claims.getStringClaim("name")));
    told.put("acr", claims.getACR() == null ? "" : claims.getACR().getValue());
    told.put(
        "amr",
        claims.getAMR() == null
            ? ""
            : claims.getAMR().stream()
                .map(it -> it.getValue())
                .sorted()
                .collect(Collectors.joining(" ")));
    told.put("sid", String.valueOf(claims.getStringClaim("sid")));
    return told;
  }

  private OIDCProviderMetadata provider() {
    return Objects.requireNonNull(provider, "the bank has not joined");
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static void show(HttpExchange exchange, String heading, Map<String, String> told)
      throws IOException {
    var page =
        new StringBuilder(
                "<!doctype html><html lang=\"en\"><meta name=\"viewport\" content=\"width=device-width\"><title>Bank</title>")
            .append("<link rel=\"icon\" href=\"data:,\"><h1>")
            .append(heading)
            .append("</h1><dl>");
    told.forEach((name, value) ->
        page.append("<dt>")
            .append(name)
            .append("<dd id=\"")
            .append(name)
            .append("\">")
            .append(escaped(value)));
    page.append("</dl><p><a href=\"/start\">Sign in</a> <a href=\"/out\">Sign out</a>");
    var bytes = page.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, bytes.length);
    try (var body = exchange.getResponseBody()) {
      body.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Map<String, String> fields(String encoded) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (var pair : encoded.split("&", -1)) {
      var parts = pair.split("=", 2);
      fields.put(
          parts[0], parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
    }
    return fields;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
