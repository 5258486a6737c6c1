package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.application.Credential;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Node;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Applications that sign what they are instead of showing a secret ({@code private_key_jwt}). */
@WorldTest
class AssertionTest {
  private static final RSAKey KEY = fresh();
  private static final RSAKey OTHER = fresh();
  private static final String KID = "key-of-the-bank";
  private static final String FORM = "application/x-www-form-urlencoded";

  private static RSAKey fresh() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] der(RSAKey key) {
    try {
      return key.toRSAPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(RSAKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der(key))
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static Credential credential(World world, RSAKey key, Credential.Algorithm algorithm) {
    var now = world.clock().now();
    return new Credential(
        "cred_1",
        "main",
        KID,
        algorithm,
        Credential.read(pem(key)).orElseThrow().key(),
        now,
        now,
        null,
        true);
  }

  /** A machine of a tenant's that may read the log, and signs. */
  private record Scene(World world, Company company, Client machine, RSAKey key) {
    static Scene in(World world) {
      return of(world, world.tenant("acme"), credential(world, KEY, Credential.Algorithm.RS256));
    }

    static Scene of(World world, Company company, Credential credential) {
      var machine =
          Client.of(
              world,
              company,
              Application.Type.NON_INTERACTIVE,
              it ->
                  it.with(draft -> {
                    draft.tokenAuth = Application.TokenAuth.PRIVATE_KEY_JWT;
                    draft.credentials = List.of(credential);
                  }));
      world
          .wiring()
          .ground
          .database
          .run(tx ->
              world
                  .wiring()
                  .ground
                  .apis
                  .allow(
                      tx,
                      company.id(),
                      machine.application().id(),
                      ClientGrant.MANAGEMENT,
                      Set.of("read:logs")));
      return new Scene(world, company, machine, KEY);
    }

    Map<String, Object> claims(Map<String, Object> changes) {
      long now = world.clock().now().seconds();
      var claims = new LinkedHashMap<String, Object>();
      claims.put("iss", machine.id());
      claims.put("sub", machine.id());
      claims.put("aud", machine.issuer());
      claims.put("iat", now);
      claims.put("exp", now + 120);
      claims.put("jti", "jti-" + world.clock().now().millis() + "-" + System.nanoTime());
      changes.forEach((name, value) -> {
        claims.remove(name);
        if (!value.equals("-")) {
          claims.put(name, value);
        }
      });
      return claims;
    }

    String signed(Map<String, Object> changes) {
      return AssertionTest.signed(
          key, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KID).build(), claims(changes));
    }

    Map<String, String> params(String assertion) {
      var params = new HashMap<String, String>();
      params.put("grant_type", "client_credentials");
      params.put("audience", machine.issuer() + "api/v2/");
      params.put("client_id", machine.id());
      params.put("client_assertion_type", TokenRequest.ASSERTION_TYPE);
      params.put("client_assertion", assertion);
      return params;
    }

    Wire.Received asks(String assertion, Map<String, String> changes) {
      return asks(world.node(), assertion, changes);
    }

    Wire.Received asks(Node node, String assertion, Map<String, String> changes) {
      var params = params(assertion);
      changes.forEach((name, value) -> {
        params.remove(name);
        if (!value.equals("-")) {
          params.put(name, value);
        }
      });
      return machine.post(node, "/oauth/token", FORM, Client.encoded(params), Map.of());
    }

    Wire.Received asks(String assertion) {
      return asks(assertion, Map.of());
    }

    void isRefused(String what, String assertion) {
      refused(what, asks(assertion));
    }
  }

  private static void refused(String what, Wire.Received answer) {
    assertThat(answer.status()).as(what).isEqualTo(401);
    assertThat(answer.text())
        .as(what)
        .isEqualTo("{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}");
    assertThat(answer.headers().keySet())
        .as(what)
        .noneMatch(name -> name.equalsIgnoreCase("www-authenticate"));
  }

  private static String signed(RSAKey key, JWSHeader header, Map<String, Object> claims) {
    try {
      var jws = new JWSObject(header, new Payload(Json.write(claims)));
      jws.sign(new RSASSASigner(key));
      return jws.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] part) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }

  private static String encoded(String part) {
    return encoded(part.getBytes(StandardCharsets.UTF_8));
  }

  private static String hmac(Map<String, Object> claims, byte[] key)
      throws GeneralSecurityException {
    var input =
        encoded("{\"alg\":\"HS256\",\"kid\":\"" + KID + "\"}") + "." + encoded(Json.write(claims));
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return input + "." + encoded(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void whoever_signs_as_the_client_gets_its_token(World world) {
    var scene = Scene.in(world);
    var machine = scene.machine();
    long now = world.clock().now().seconds();
    List<Map<String, Object>> good =
        List.of(
            Map.of(),
            Map.of("aud", machine.issuer() + "oauth/token"),
            Map.of("aud", List.of(machine.issuer())),
            Map.of("iat", "-"),
            Map.of("iat", now + 60, "nbf", now + 60),
            Map.of("exp", now + 300));
    for (var changes : good) {
      var answer = scene.asks(scene.signed(changes));
      assertThat(answer.status()).as("%s", changes).isEqualTo(200);
      assertThat(Client.json(answer).path("scope").asString()).isEqualTo("read:logs");
    }
    assertThat(scene.asks(scene.signed(Map.of()), Map.of("client_id", "-")).status())
        .isEqualTo(200);
    assertThat(
            scene
                .asks(
                    signed(
                        KEY,
                        new JWSHeader.Builder(JWSAlgorithm.RS256).build(),
                        scene.claims(Map.of())))
                .status())
        .isEqualTo(200);
    assertThat(
            machine
                .post(
                    world.node(),
                    "/oauth/token",
                    "application/json",
                    Json.write(scene.params(scene.signed(Map.of()))),
                    Map.of())
                .status())
        .isEqualTo(200);
    var revoking = scene.params(scene.signed(Map.of()));
    revoking.put("token", "nothing");
    assertThat(
            machine
                .post(world.node(), "/oauth/revoke", FORM, Client.encoded(revoking), Map.of())
                .status())
        .isEqualTo(200);
  }

  @Test
  void the_MFA_API_takes_assertions_as_well(World world) {
    var scene = Scene.in(world);
    var body = Json.write(scene.params(scene.signed(Map.of())));
    var known =
        scene.machine().post(world.node(), "/mfa/challenge", "application/json", body, Map.of());
    assertThat(known.status()).isEqualTo(400);
    assertThat(known.text()).contains("mfa_token is missing.");
    refused(
        "the same again",
        scene.machine().post(world.node(), "/mfa/challenge", "application/json", body, Map.of()));
  }

  @Test
  void each_algorithm_that_is_offered_works_and_only_the_keys_own(World world) {
    var acme = world.tenant("acme");
    for (var algorithm : Credential.Algorithm.values()) {
      var scene = Scene.of(world, acme, credential(world, KEY, algorithm));
      for (var used : Credential.Algorithm.values()) {
        var assertion =
            signed(
                KEY,
                new JWSHeader.Builder(JWSAlgorithm.parse(used.name())).keyID(KID).build(),
                scene.claims(Map.of()));
        assertThat(scene.asks(assertion).status())
            .as("%s by a key for %s", used, algorithm)
            .isEqualTo(used == algorithm ? 200 : 401);
      }
    }
  }

  @Test
  void RACE_01_an_assertion_is_good_once(World world) {
    race(world);
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void RACE_01_an_assertion_is_good_once_on_two_servers_with_postgresql(World world) {
    race(world);
  }

  private static void race(World world) {
    var scene = Scene.in(world);
    var assertion = scene.signed(Map.of());
    int many = 12;
    var start = new CyclicBarrier(many);
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newFixedThreadPool(many)) {
      var all = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < many; i++) {
        var node = world.node(i % world.nodes().size());
        all.add(() -> {
          start.await();
          return scene.asks(node, assertion, Map.of()).status();
        });
      }
      for (var done : threads.invokeAll(all)) {
        statuses.add(done.get());
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    assertThat(statuses).containsOnlyOnce(200).allMatch(it -> it == 200 || it == 401);
    scene.isRefused("once more", assertion);
    scene.isRefused("signed anew under the same jti", scene.signed(Map.of("jti", jti(assertion))));
    scene.company().audit().says("token.client_refused", "reason", "client_assertion_reused");
  }

  private static String jti(String assertion) {
    return Client.claims(assertion).path("jti").asString();
  }

  @Test
  void TOK_01_what_the_key_did_not_sign_by_its_algorithm_is_refused(World world)
      throws GeneralSecurityException {
    var scene = Scene.in(world);
    var claims = scene.claims(Map.of());
    var genuine = scene.signed(Map.of());
    var parts = genuine.split("\\.", -1);
    var body = encoded(Json.write(claims));
    Map<String, String> forged = new LinkedHashMap<>();
    for (var none : List.of("none", "None", "NONE")) {
      forged.put(none, encoded("{\"alg\":\"" + none + "\"}") + "." + body + ".");
      forged.put(
          none + " with kid",
          encoded("{\"alg\":\"" + none + "\",\"kid\":\"" + KID + "\"}") + "." + body + ".");
    }
    forged.put("HS256 by the DER", hmac(claims, der(KEY)));
    forged.put("HS256 by the PEM", hmac(claims, pem(KEY).getBytes(StandardCharsets.US_ASCII)));
    forged.put(
        "HS256 by the client's secret",
        hmac(claims, scene.machine().secret().getBytes(StandardCharsets.US_ASCII)));
    forged.put("no signature", parts[0] + "." + parts[1] + ".");
    forged.put("two parts", parts[0] + "." + parts[1]);
    forged.put("other claims", parts[0] + "." + body + "." + parts[2]);
    forged.put("garbage", "garbage");
    forged.put("not JSON", encoded("x") + "." + encoded("y") + "." + parts[2]);
    forged.put(
        "a long one",
        signed(
            KEY,
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KID).build(),
            scene.claims(Map.of("jti", "x".repeat(9_000)))));
    var rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256);
    forged.put("another key", signed(OTHER, rs256.keyID(KID).build(), claims));
    forged.put(
        "another key that comes along",
        signed(OTHER, rs256.keyID(KID).jwk(OTHER.toPublicJWK()).build(), claims));
    forged.put(
        "an unknown kid",
        signed(
            KEY,
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("another-key").build(),
            scene.claims(Map.of())));
    forged.put(
        "RS512",
        signed(
            KEY,
            new JWSHeader.Builder(JWSAlgorithm.RS512).keyID(KID).build(),
            scene.claims(Map.of())));

    forged.forEach(scene::isRefused);
    assertThat(scene.asks(genuine).status()).isEqualTo(200);
  }

  @Test
  void each_claim_has_to_be_right(World world) {
    var scene = Scene.in(world);
    long now = world.clock().now().seconds();
    Map<String, Map<String, Object>> wrong = new LinkedHashMap<>();
    var issuer = scene.machine().issuer();
    wrong.put("no iss", Map.of("iss", "-"));
    wrong.put("another iss", Map.of("iss", "other"));
    wrong.put("no sub", Map.of("sub", "-"));
    wrong.put("another sub", Map.of("sub", "other"));
    wrong.put("no aud", Map.of("aud", "-"));
    wrong.put("another aud", Map.of("aud", "https://evil.example/"));
    wrong.put("aud without its slash", Map.of("aud", issuer.substring(0, issuer.length() - 1)));
    wrong.put("aud and another", Map.of("aud", List.of(issuer, "https://evil.example/")));
    wrong.put("an API as aud", Map.of("aud", issuer + "api/v2/"));
    wrong.put("no exp", Map.of("exp", "-"));
    wrong.put("exp now", Map.of("exp", now));
    wrong.put("exp too far", Map.of("exp", now + 302));
    wrong.put("exp beyond all dates", Map.of("exp", Long.MAX_VALUE));
    wrong.put("exp as a text", Map.of("exp", "soon"));
    wrong.put("iat to come", Map.of("iat", now + 62));
    wrong.put("iat as a text", Map.of("iat", "now"));
    wrong.put("nbf to come", Map.of("nbf", now + 62));
    wrong.put("no jti", Map.of("jti", "-"));
    wrong.put("an empty jti", Map.of("jti", ""));
    wrong.put("a jti that is none", Map.of("jti", 7));

    wrong.forEach((what, changes) -> scene.isRefused(what, scene.signed(changes)));
    assertThat(scene.asks(scene.signed(Map.of())).status()).isEqualTo(200);
    scene.isRefused("another aud", scene.signed(Map.of("aud", "https://evil.example/")));
    scene
        .company()
        .audit()
        .says("token.client_refused", "reason", "client_assertion_audience_wrong");
  }

  @Test
  void TEN_01_neither_another_clients_nor_another_tenants_assertion_counts(World world) {
    var bank = Scene.in(world);
    var shop =
        Scene.of(world, bank.company(), credential(world, OTHER, Credential.Algorithm.RS256));
    var abroad =
        Scene.of(world, world.tenant("other"), credential(world, KEY, Credential.Algorithm.RS256));

    refused(
        "the shop's as the bank",
        bank.asks(
            signed(
                OTHER,
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KID).build(),
                shop.claims(Map.of()))));
    bank.isRefused(
        "by the shop's key",
        signed(
            OTHER,
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KID).build(),
            bank.claims(Map.of())));
    bank.isRefused("another tenant's", abroad.signed(Map.of()));
    bank.isRefused("for another tenant", bank.signed(Map.of("aud", abroad.machine().issuer())));
    var shared = Map.<String, Object>of("jti", "one-name");
    assertThat(bank.asks(bank.signed(shared)).status()).isEqualTo(200);
    assertThat(abroad.asks(abroad.signed(shared)).status())
        .as("names are each client's own")
        .isEqualTo(200);
  }

  @Test
  void a_client_has_one_way_to_authenticate(World world) {
    var scene = Scene.in(world);
    var machine = scene.machine();
    for (var answer :
        List.of(
            scene.asks(scene.signed(Map.of()), Map.of("client_secret", machine.secret())),
            machine.post(
                world.node(),
                "/oauth/token",
                FORM,
                Client.encoded(scene.params(scene.signed(Map.of()))),
                Map.of(
                    "authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(
                                (machine.id() + ":" + machine.secret())
                                    .getBytes(StandardCharsets.UTF_8)))),
            scene.asks(scene.signed(Map.of()), Map.of("client_assertion_type", "-")),
            scene.asks(scene.signed(Map.of()), Map.of("client_assertion_type", "urn:other")),
            scene.asks(scene.signed(Map.of()), Map.of("client_assertion", "-")))) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(Client.error(answer)).isEqualTo("invalid_request");
    }
    var grant =
        Map.of("grant_type", "client_credentials", "audience", machine.issuer() + "api/v2/");
    refused("its secret", machine.token(grant));
    scene.company().audit().says("token.client_refused", "reason", "client_secret_unexpected");
    refused(
        "nothing", scene.asks("x", Map.of("client_assertion", "-", "client_assertion_type", "-")));
    for (var type : List.of(Application.Type.REGULAR_WEB, Application.Type.SPA)) {
      var other = Client.of(world, scene.company(), type, it -> it);
      var claims = scene.claims(Map.of("iss", other.id(), "sub", other.id()));
      refused(
          type + " that has no keys",
          scene.asks(
              signed(KEY, new JWSHeader.Builder(JWSAlgorithm.RS256).build(), claims),
              Map.of("client_id", other.id(), "grant_type", "refresh_token")));
    }
  }

  @Test
  void a_key_that_has_ended_or_waits_verifies_nothing(World world) {
    var acme = world.tenant("acme");
    var key = credential(world, KEY, Credential.Algorithm.RS256);
    var ending =
        Scene.of(
            world,
            acme,
            key.expiring(world.clock().now().plus(Duration.ofHours(1)), world.clock().now()));
    assertThat(ending.asks(ending.signed(Map.of())).status()).isEqualTo(200);
    world.later(Duration.ofHours(1));
    ending.isRefused("an ended key", ending.signed(Map.of()));
    acme.audit().says("token.client_refused", "reason", "client_assertion_key_unknown");

    var waiting = Scene.of(world, acme, key.active(false));
    waiting.isRefused("a waiting key", waiting.signed(Map.of()));
  }
}
