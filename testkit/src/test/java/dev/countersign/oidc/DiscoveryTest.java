package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.countersign.kernel.TenantId;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What clients read before anything else, and the keys that they verify by. */
@WorldTest
class DiscoveryTest {
  @Test
  void a_stock_library_understands_the_metadata(World world) throws ParseException {
    var bank = Client.web(world, world.tenant("acme"));
    var metadata =
        OIDCProviderMetadata.parse(bank.get("/.well-known/openid-configuration", Map.of()).text());

    assertThat(metadata.getIssuer().getValue()).isEqualTo(bank.issuer());
    assertThat(metadata.supportsAuthorizationResponseIssuerParam()).isTrue();
    assertThat(metadata.getIDTokenJWSAlgs()).contains(JWSAlgorithm.RS256);
  }

  @Test
  void OIDC_09_no_header_changes_the_issuer(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var plain = bank.get("/.well-known/openid-configuration", Map.of()).text();

    assertThat(
            List.of(
                "host",
                "x-forwarded-host",
                "forwarded",
                "x-original-host",
                "x-forwarded-proto",
                "x-forwarded-port"))
        .allSatisfy(header ->
            assertThat(
                    bank.get(
                            "/.well-known/openid-configuration",
                            Map.of(
                                header,
                                header.equals("forwarded") ? "host=evil.example" : "evil.example"))
                        .text())
                .as(header)
                .isEqualTo(plain));
  }

  @Test
  void OIDC_09_no_header_shows_up_in_keys_pages_errors_or_redirects(World world) {
    var bank = Client.web(world, world.tenant("acme"));
    var evil = new HashMap<String, String>();
    for (var name :
        List.of(
            "x-forwarded-host",
            "x-forwarded-server",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-original-host",
            "x-original-url",
            "x-rewrite-url",
            "x-host",
            "x-http-host-override",
            "referer",
            "origin")) {
      evil.put(name, "https://evil.example");
    }
    evil.put("forwarded", "host=evil.example;proto=http");

    for (var path :
        List.of(
            "/.well-known/jwks.json",
            "/.well-known/openid-configuration",
            "/",
            "/nowhere",
            "/account",
            "/authorize",
            "/authorize?" + Client.encoded(bank.usual()),
            "/u/login/identifier?state=x",
            "/u/password/forgot",
            "/u/password/reset?ticket=x",
            "/oidc/logout",
            "/v2/logout",
            "/userinfo",
            "/api/v2/users")) {
      var reply = bank.get(path, evil);
      assertThat(reply.text() + reply.headers()).as(path).doesNotContain("evil.example");
      assertThat(reply.status()).as(path).isEqualTo(bank.get(path, Map.of()).status());
    }
  }

  @Test
  void TOK_07_a_client_that_caches_as_told_verifies_every_token_across_rotations(World world)
      throws Exception {
    var acme = world.tenant("acme").demandingNothing();
    var bank = Client.web(world, acme);
    var ana = acme.person("ana");
    var browser = world.browser();
    bank.signsIn(ana, browser, Map.of());
    var keys = world.wiring().ground.signingKeys;
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      untilTheNextIsPublished(world, acme.id());
      world.later(SigningKeys.PUBLISHED_AHEAD);
      var cached = JWKSet.parse(bank.get("/.well-known/jwks.json", Map.of()).text());
      assertThat(keys.rotate(acme.id(), SigningAlgorithm.RS256, _ -> {}))
          .isInstanceOfAny(SigningKeys.Rotation.Rotated.class, SigningKeys.Rotation.TooSoon.class);
      var token =
          Client.json(bank.redeem(bank.opens(browser, Map.of()).parameters().get("code")))
              .path("id_token")
              .asString();
      tokens.add(token);
      verify(cached, token);
      assertThat(
              keys.published(acme.id(), world.clock().now()).stream()
                  .filter(key -> key.algorithm() == SigningAlgorithm.RS256)
                  .filter(key -> key.state() == SigningKey.State.CURRENT))
          .hasSize(1);
    }
    var now = JWKSet.parse(bank.get("/.well-known/jwks.json", Map.of()).text());
    for (var token : tokens) {
      verify(now, token);
    }
    assertThat(bank.get("/.well-known/jwks.json", Map.of()).text()).doesNotContain("\"d\"");
  }

  /** The next key is made in the background, and what is read of keys is kept for a moment of real time, which the test clock does not move. */
  private static void untilTheNextIsPublished(World world, TenantId tenant) {
    var keys = world.wiring().ground.signingKeys;
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (keys.published(tenant, world.clock().now()).stream()
        .noneMatch(key ->
            key.algorithm() == SigningAlgorithm.RS256 && key.state() == SigningKey.State.NEXT)) {
      assertThat(System.nanoTime()).as("the next key is published in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static void verify(JWKSet keys, String token)
      throws JOSEException, java.text.ParseException {
    var jwt = SignedJWT.parse(token);
    var key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
    assertThat(key).as("the key that signed is among those that were cached").isNotNull();
    assertThat(jwt.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
  }

  @Test
  void TOK_07_of_many_rotations_at_once_one_happens(World world) throws Exception {
    var acme = world.tenant("acme");
    var keys = world.wiring().ground.signingKeys;
    keys.rotate(acme.id(), SigningAlgorithm.ES256, _ -> {}); // Publishes the next.
    world.later(SigningKeys.PUBLISHED_AHEAD);
    int many = 8;
    var start = new CyclicBarrier(many);
    try (var threads = Executors.newFixedThreadPool(many)) {
      var all = new ArrayList<Callable<SigningKeys.Rotation>>();
      for (int i = 0; i < many; i++) {
        all.add(() -> {
          start.await();
          return keys.rotate(acme.id(), SigningAlgorithm.ES256, _ -> {});
        });
      }
      var outcomes = new ArrayList<SigningKeys.Rotation>();
      for (var done : threads.invokeAll(all)) {
        outcomes.add(done.get());
      }
      assertThat(outcomes.stream().filter(SigningKeys.Rotation.Rotated.class::isInstance))
          .hasSize(1);
    }
    assertThat(keys.published(acme.id(), world.clock().now()).stream().map(SigningKey::state))
        .containsExactlyInAnyOrder(
            SigningKey.State.NEXT, SigningKey.State.CURRENT, SigningKey.State.RETIRED);
  }
}
