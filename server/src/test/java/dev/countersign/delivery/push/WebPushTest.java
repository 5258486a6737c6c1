package dev.countersign.delivery.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.kernel.Moment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class WebPushTest {
  private static byte[] decoded(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }

  private static ECKey pair(String point, String secret) {
    var open = WebPush.key(decoded(point)).orElseThrow();
    return new ECKey.Builder(Curve.P_256, open.getX(), open.getY())
        .d(new Base64URL(secret))
        .build();
  }

  @Test
  void the_example_of_RFC_8291_section_5_comes_out_to_the_letter() {
    var browser =
        WebPush.key(
                decoded(
                    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"))
            .orElseThrow();
    var ours =
        pair(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
            "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");

    var body =
        WebPush.encrypted(
            "When I grow up, I want to be a watermelon".getBytes(StandardCharsets.US_ASCII),
            browser,
            decoded("BTBZMqHH6r4Tts7J_aSIgg"),
            ours,
            decoded("DGv6ra1nlYgDCS1FRnbzlw"));

    assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(body))
        .isEqualTo(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
                + "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
  }

  @Test
  void a_key_that_is_no_point_of_the_curve_is_no_key() {
    var outside = new byte[65];
    outside[0] = 4;
    outside[64] = 1;

    assertThat(WebPush.key(outside)).isEmpty();
    assertThat(WebPush.key(new byte[64])).isEmpty();
    assertThat(WebPush.key(decoded("AgVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"))).isEmpty();
  }

  @Test
  void the_signature_names_the_push_service_and_ends_within_a_day() throws Exception {
    var key = new ServerKeys.ServerKey(ServerKeys.fresh());
    var now = Moment.ofSeconds(1_800_000_000);

    var value = WebPush.authorization(key, "https://push.example", "https://acme.example", now);

    var parts = value.substring("vapid t=".length()).split(", k=", 2);
    var jwt = SignedJWT.parse(parts[0]);
    assertThat(parts[1]).isEqualTo(key.publicKey());
    assertThat(jwt.verify(new ECDSAVerifier(key.pair().toPublicJWK()))).isTrue();
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
    assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("https://push.example");
    assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("https://acme.example");
    assertThat(jwt.getJWTClaimsSet().getExpirationTime().toInstant().getEpochSecond())
        .isBetween(now.seconds() + 1, now.seconds() + 86_400);
  }
}
