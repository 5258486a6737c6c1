package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.kernel.Json;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Tokens that nobody here has signed, or not for this door. */
@WorldTest
class ForgeryTest {
  private static final List<String> SCOPES = List.of("read:logs", "read:users");

  /** A tenant with a machine that may read its log. */
  private record Scene(World world, Company company, Client machine, SigningKey key) {
    static Scene in(World world) {
      var acme = world.tenant("acme");
      var machine = Client.of(world, acme, Application.Type.NON_INTERACTIVE, it -> it);
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
                      acme.id(),
                      machine.application().id(),
                      ClientGrant.MANAGEMENT,
                      Set.copyOf(SCOPES)));
      return new Scene(
          world,
          acme,
          machine,
          world
              .wiring()
              .ground
              .signingKeys
              .current(acme.id(), SigningAlgorithm.RS256, world.clock().now()));
    }

    String genuine() {
      return Client.json(
              machine.token(Map.of("grant_type", "client_credentials", "audience", audience())))
          .path("access_token")
          .asString();
    }

    String audience() {
      return machine.issuer() + "api/v2/";
    }

    Map<String, Object> claims() {
      long now = world.clock().now().seconds();
      var claims = new LinkedHashMap<String, Object>();
      claims.put("iss", machine.issuer());
      claims.put("sub", machine.id() + "@clients");
      claims.put("aud", audience());
      claims.put("azp", machine.id());
      claims.put("scope", String.join(" ", SCOPES));
      claims.put("iat", now);
      claims.put("exp", now + 86_400);
      return claims;
    }

    String signed(String type, Map<String, Object> changes) {
      var claims = claims();
      changes.forEach((name, value) -> {
        claims.remove(name);
        if (!value.equals("-")) {
          claims.put(name, value);
        }
      });
      return key.sign(type, Json.writeBytes(claims)).reveal();
    }

    int status(String token) {
      return machine.get("/api/v2/logs", Map.of("authorization", "Bearer " + token)).status();
    }
  }

  @Test
  void TOK_01_only_our_own_signature_by_the_keys_own_algorithm_counts(World world)
      throws JOSEException, GeneralSecurityException, ParseException {
    var scene = Scene.in(world);
    var genuine = scene.genuine();
    assertThat(scene.status(genuine)).isEqualTo(200);
    var parts = genuine.split("\\.", -1);
    var kid = scene.key().kid();
    var publicKey = Json.writeBytes(scene.key().publicJwk());
    var der = RSAKey.parse(scene.key().publicJwk()).toRSAPublicKey().getEncoded();
    var mallory = new RSAKeyGenerator(2048).generate();

    assertThat(
            List.of(
                headed("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}", parts[1])
                    + ".",
                headed("{\"alg\":\"None\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}", parts[1])
                    + ".",
                headed("{\"alg\":\"nOnE\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}", parts[1])
                    + ".",
                headed("{\"alg\":\"none\",\"typ\":\"at+jwt\"}", parts[1]) + "." + parts[2],
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1],
                parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[2],
                hmac(
                    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}",
                    parts[1],
                    publicKey),
                hmac(
                    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}",
                    parts[1],
                    der),
                hmac(
                    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}",
                    parts[1],
                    pem(der)),
                hmac(
                    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}",
                    parts[1],
                    new byte[] {0}),
                headed("{\"alg\":\"RS512\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}", parts[1])
                    + "."
                    + parts[2],
                headed(
                        "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"../../etc/passwd\"}",
                        parts[1])
                    + "."
                    + parts[2],
                headed("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"' or 1=1 --\"}", parts[1])
                    + "."
                    + parts[2],
                headed(
                        "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\""
                            + kid
                            + "\",\"crit\":[\"b64\"],\"b64\":false}",
                        parts[1])
                    + "."
                    + parts[2],
                byMallory(mallory, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid), parts[1]),
                byMallory(
                    mallory,
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).jwk(mallory.toPublicJWK()),
                    parts[1]),
                byMallory(
                    mallory,
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .jwkURL(java.net.URI.create("https://evil.example/jwks.json")),
                    parts[1]),
                byMallory(
                    mallory,
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .x509CertURL(java.net.URI.create("https://evil.example/x5u")),
                    parts[1]),
                byMallory(
                    mallory,
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode(der))),
                    parts[1]),
                parts[0] + "." + text("{\"iss\":\"x\"}") + "." + parts[2],
                "x".repeat(20_000)))
        .allSatisfy(forged -> assertThat(scene.status(forged)).as(forged).isEqualTo(401));
  }

  private static String headed(String header, String payload) {
    return text(header) + "." + payload;
  }

  private static String text(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String hmac(String header, String payload, byte[] key)
      throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    var input = headed(header, payload);
    return input
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] pem(byte[] der) {
    return ("-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String byMallory(RSAKey key, JWSHeader.Builder header, String payload)
      throws JOSEException {
    var forged =
        new JWSObject(
            header.type(new JOSEObjectType("at+jwt")).build(),
            new Payload(new com.nimbusds.jose.util.Base64URL(payload)));
    forged.sign(new RSASSASigner(key));
    return forged.serialize();
  }

  @Test
  void TOK_03_the_right_key_does_not_make_up_for_wrong_claims(World world) {
    var scene = Scene.in(world);
    var other = Scene.in(world);
    long now = world.clock().now().seconds();

    assertThat(scene.status(scene.signed("at+jwt", Map.of()))).isEqualTo(200);
    assertThat(scene.status(scene.signed("at+jwt", Map.of("exp", now + 1)))).isEqualTo(200);
    assertThat(scene.status(scene.signed("at+jwt", Map.of("iat", now + 60)))).isEqualTo(200);
    assertThat(scene.status(scene.signed("at+jwt", Map.of("nbf", now + 60)))).isEqualTo(200);
    assertThat(
            List.of(
                scene.signed("JWT", Map.of()),
                scene.signed("logout+jwt", Map.of()),
                scene.signed("at+jwt", Map.of("aud", scene.machine().issuer() + "userinfo")),
                scene.signed("at+jwt", Map.of("aud", other.audience())),
                scene.signed("at+jwt", Map.of("aud", "-")),
                scene.signed("at+jwt", Map.of("iss", other.machine().issuer())),
                scene.signed("at+jwt", Map.of("iss", scene.company().origin())),
                scene.signed("at+jwt", Map.of("exp", now - 61)),
                scene.signed("at+jwt", Map.of("exp", now)),
                scene.signed("at+jwt", Map.of("exp", "-")),
                scene.signed("at+jwt", Map.of("exp", "tomorrow")),
                scene.signed("at+jwt", Map.of("nbf", now + 61)),
                scene.signed("at+jwt", Map.of("iat", now + 61)),
                scene.signed("at+jwt", Map.of("azp", "gone")),
                other.signed("at+jwt", Map.of()),
                other.signed(
                    "at+jwt", Map.of("iss", scene.machine().issuer(), "aud", scene.audience()))))
        .allSatisfy(wrong -> assertThat(scene.status(wrong)).as(wrong).isEqualTo(401));
  }

  @Test
  void API_01_a_scope_that_is_missing_is_named(World world) {
    var scene = Scene.in(world);
    var answer =
        scene
            .machine()
            .get("/api/v2/guardian/factors", Map.of("authorization", "Bearer " + scene.genuine()));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(Json.tree(answer.text()).path("errorCode").asString())
        .isEqualTo("insufficient_scope");
    assertThat(scene.machine().get("/api/v2/logs", Map.of()).status()).isEqualTo(401);
    assertThat(scene.machine().get("/api/v2/logs", Map.of()).header("www-authenticate")).isEmpty();
  }

  @Test
  void an_elliptic_key_signs_where_the_application_wants_it(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var bank =
        Client.of(
            world,
            acme,
            Application.Type.REGULAR_WEB,
            it -> it.with(draft -> draft.idTokenAlgorithm = SigningAlgorithm.ES256));
    var tokens =
        Client.json(
            bank.redeem(bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")));

    assertThat(Client.header(tokens.path("id_token").asString()).path("alg").asString())
        .isEqualTo("ES256");
    assertThat(Client.header(tokens.path("access_token").asString()).path("alg").asString())
        .isEqualTo("RS256");
  }
}
