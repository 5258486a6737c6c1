package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.auth0.client.auth.AuthAPI;
import com.auth0.exception.APIException;
import com.auth0.exception.Auth0Exception;
import com.auth0.net.Request;
import dev.countersign.testkit.AuthenticatorApp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** What Auth0's Java client for its Authentication API makes of Countersign, over HTTPS. */
@Isolated("changes whom this Java trusts")
class JavaAuthenticationClientStory {
  @TempDir private static Path folder;
  private static NodeClients demo;

  @BeforeAll
  static void start() throws IOException {
    demo = NodeClients.start(folder);
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  private static JsonNode named(String list, String field, String name) {
    return demo.told()
        .path(list)
        .valueStream()
        .filter(it -> it.path(field).asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** With the demo's authority trusted, as an operator would have it by {@code -Djavax.net.ssl.trustStore}. */
  private static AuthAPI client() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("JKS");
    store.load(null, null);
    try (var ca = Files.newInputStream(Path.of(demo.told().path("ca").asString()))) {
      store.setCertificateEntry(
          "demo", CertificateFactory.getInstance("X.509").generateCertificate(ca));
    }
    var file = folder.resolve("trust.jks");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    var counter = named("apps", "name", "Harbour counter");
    return trusting(
        file,
        () ->
            AuthAPI.newBuilder(
                    URI.create(demo.told().path("https").asString()).getAuthority(),
                    counter.path("client_id").asString(),
                    counter.path("client_secret").asString())
                .build());
  }

  private static AuthAPI trusting(Path store, Supplier<AuthAPI> made) {
    var name = "javax.net.ssl.trustStore";
    var before = System.getProperty(name);
    System.setProperty(name, store.toString());
    try {
      return made.get();
    } finally {
      if (before == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, before);
      }
    }
  }

  private static APIException refused(Request<?> request) {
    return catchThrowableOfType(APIException.class, request::execute);
  }

  @Test
  void the_whole_life_of_second_factors_with_AuthAPI()
      throws IOException, GeneralSecurityException, Auth0Exception {
    var api = client();
    var carla = named("people", "username", "carla");
    var password = carla.path("password").asString().toCharArray();

    var demanded = refused(api.login("carla", password));
    assertThat(demanded.getStatusCode()).isEqualTo(403);
    assertThat(demanded.isMultifactorRequired()).isTrue();
    var token = (String) demanded.getValue("mfa_token");
    assertThat(api.listAuthenticators(token).execute().getBody()).isEmpty();
    assertThat(refused(api.mfaChallengeRequest(token, "otp", "")).isMultifactorEnrollRequired())
        .isTrue();
    var made = api.addOtpAuthenticator(token).execute().getBody();
    assertThat(made.getBarcodeUri()).startsWith("otpauth://totp/");
    assertThat(made.getRecoveryCodes()).hasSize(10);
    var app = AuthenticatorApp.typed(made.getSecret());
    var now = Instant.now();
    assertThat(refused(api.exchangeMfaOtp(token, "x".toCharArray())).getDescription())
        .isEqualTo("Invalid otp_code.");
    var tokens = api.exchangeMfaOtp(token, app.codeAt(now).toCharArray()).execute().getBody();
    assertThat(tokens.getAccessToken()).isNotEmpty();
    assertThat(refused(api.exchangeMfaOtp(token, "000000".toCharArray())))
        .satisfies(it -> assertThat(it.isMultifactorTokenInvalid()).isTrue());

    token = (String) refused(api.login("carla", password)).getValue("mfa_token");
    assertThat(api.listAuthenticators(token).execute().getBody())
        .anySatisfy(it -> assertThat(it.getId()).startsWith("totp|dev_"))
        .allSatisfy(it -> assertThat(it.isActive()).isTrue());
    assertThat(api.mfaChallengeRequest(token, "otp", "").execute().getBody().getChallengeType())
        .isEqualTo("otp");
    assertThat(
            api.exchangeMfaOtp(token, app.codeAt(now.plusSeconds(30)).toCharArray())
                .execute()
                .getBody()
                .getAccessToken())
        .isNotEmpty();

    token =
        (String)
            refused(api.login("carla", password, "Username-Password-Authentication"))
                .getValue("mfa_token");
    assertThat(
            api.exchangeMfaRecoveryCode(token, made.getRecoveryCodes().getFirst().toCharArray())
                .execute()
                .getBody()
                .getAccessToken())
        .isNotEmpty();
    assertThat(refused(api.login("carla", "wrong".toCharArray())).isInvalidCredentials()).isTrue();
  }
}
