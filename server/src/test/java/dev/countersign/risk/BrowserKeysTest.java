package dev.countersign.risk;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.kernel.ShownKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a browser says of its key is believed when it is signed by that key and for this site, and is nothing otherwise. */
class BrowserKeysTest {
  private static final String HERE = "https://acme.example.com";
  private static final Map<String, Object> CLAIMS = Map.of("aud", HERE, "nonce", "q1");
  private static final ECKey KEY = key(Curve.P_256);

  private static ECKey key(Curve curve) {
    try {
      return new ECKeyGenerator(curve).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String said(
      JWSAlgorithm algorithm,
      @Nullable JOSEObjectType type,
      @Nullable JWK shown,
      Map<String, Object> claims,
      JWSSigner signer)
      throws JOSEException {
    var builder = new JWSHeader.Builder(algorithm).type(type);
    var answer =
        new JWSObject((shown == null ? builder : builder.jwk(shown)).build(), new Payload(claims));
    answer.sign(signer);
    return answer.serialize();
  }

  private static String right() throws JOSEException {
    return said(
        JWSAlgorithm.ES256, BrowserKeys.TYPE, KEY.toPublicJWK(), CLAIMS, new ECDSASigner(KEY));
  }

  private static void isNothing(String said, String why) {
    assertThat(BrowserKeys.read(said, HERE)).as(why).isEmpty();
  }

  @Test
  void what_a_key_has_signed_here_tells_its_thumbprint_and_the_question() throws Exception {
    assertThat(BrowserKeys.read(right(), HERE))
        .contains(new ShownKey(KEY.computeThumbprint().toString(), "q1"));
  }

  @Test
  void STEP_08_anything_else_is_nothing() throws Exception {
    var pub = KEY.toPublicJWK();
    var signer = new ECDSASigner(KEY);
    var es256 = JWSAlgorithm.ES256;
    var type = BrowserKeys.TYPE;
    var other = key(Curve.P_256);
    var wide = key(Curve.P_384);
    var rsa = new RSAKeyGenerator(2048).generate();

    isNothing(said(es256, type, other.toPublicJWK(), CLAIMS, signer), "signed by another key");
    isNothing(said(es256, type, null, CLAIMS, signer), "no key");
    isNothing(said(es256, null, pub, CLAIMS, signer), "no type");
    isNothing(said(es256, new JOSEObjectType("dpop+jwt"), pub, CLAIMS, signer), "another type");
    isNothing(
        said(JWSAlgorithm.ES384, type, wide.toPublicJWK(), CLAIMS, new ECDSASigner(wide)),
        "another curve");
    isNothing(
        said(JWSAlgorithm.RS256, type, rsa.toPublicJWK(), CLAIMS, new RSASSASigner(rsa)),
        "another kind of key");
    isNothing(
        said(JWSAlgorithm.HS256, type, pub, CLAIMS, new MACSigner(new byte[32])), "no key pair");
    isNothing(
        said(es256, type, pub, Map.of("aud", "https://other.example.com", "nonce", "q1"), signer),
        "for another site");
    isNothing(said(es256, type, pub, Map.of("nonce", "q1"), signer), "for no site");
    isNothing(said(es256, type, pub, Map.of("aud", HERE), signer), "no question");
    isNothing(said(es256, type, pub, Map.of("aud", HERE, "nonce", 1), signer), "a number");
    isNothing(right() + "A".repeat(2_000), "too long");
    isNothing(right().substring(0, right().lastIndexOf('.') + 1), "no signature");
    isNothing("", "nothing");
  }

  @Test
  void STEP_08_a_private_key_a_point_off_the_curve_or_none_at_all_is_nothing() throws Exception {
    var claims = part("{\"aud\":\"" + HERE + "\",\"nonce\":\"q1\"}");
    var zeros = "A".repeat(43);
    var privately = KEY.toJSONString();
    for (var jwk :
        new String[] {
          privately,
          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + zeros + "\",\"y\":\"" + zeros + "\"}",
          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}",
          "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
          "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
          "{}",
          "[]",
          "null",
          "\"a\""
        }) {
      var header =
          part("{\"typ\":\"countersign-browser+jws\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}");
      isNothing(header + "." + claims + "." + "A".repeat(86), jwk);
    }
    for (var header : new String[] {"{}", "[]", "null", "{\"alg\":\"none\"}", "{\"alg\":1}"}) {
      isNothing(part(header) + "." + claims + ".", header);
    }
    for (var payload : new String[] {"", "[]", "null", "a", "{\"aud\":[]}"}) {
      var header = right().substring(0, right().indexOf('.'));
      isNothing(header + "." + part(payload) + "." + "A".repeat(86), payload);
    }
  }

  /** Whatever is changed in it, it is nothing, and never an exception. */
  @Test
  void STEP_08_an_answer_that_was_changed_anywhere_is_nothing() throws Exception {
    var right = right();
    var random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      var changed = new StringBuilder(right);
      int edits = 1 + random.nextInt(3);
      for (int edit = 0; edit < edits; edit++) {
        int at = random.nextInt(changed.length());
        switch (random.nextInt(3)) {
          case 0 -> changed.setCharAt(at, (char) (33 + random.nextInt(94)));
          case 1 -> changed.deleteCharAt(at);
          default -> changed.insert(at, (char) random.nextInt(0x3000));
        }
      }
      var read = BrowserKeys.read(changed.toString(), HERE);
      // Of the last digit of the signature not every bit counts.
      read.ifPresent(it -> assertThat(it.question()).isEqualTo("q1"));
      if (!changed.toString().startsWith(right.substring(0, right.lastIndexOf('.')))) {
        assertThat(read).as(changed.toString()).isEmpty();
      }
    }
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
