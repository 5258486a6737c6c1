package dev.countersign.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeCryptoTest {
  private static final byte[] TEXT = "countersign".getBytes(StandardCharsets.UTF_8);

  @AfterEach
  void back_to_the_jdk() {
    Security.removeProvider("AmazonCorrettoCryptoProvider");
  }

  @Test
  void keys_and_signatures_of_before_stay_good_after_the_change_and_the_other_way_round()
      throws Exception {
    var rsa = pair("RSA", null);
    var ec = pair("EC", new ECGenParameterSpec("secp256r1"));
    var rsaBefore = sign("SHA256withRSA", rsa);
    var ecBefore = sign("SHA256withECDSAinP1363Format", ec);

    var outcome = NativeCrypto.installInBackground(Duration.ZERO).get(60, TimeUnit.SECONDS);

    switch (outcome) {
      case NativeCrypto.Outcome.Installed _ ->
          assertThat(Signature.getInstance("SHA256withRSA").getProvider().getName())
              .isEqualTo("AmazonCorrettoCryptoProvider");
      case NativeCrypto.Outcome.Unavailable(var because) -> assertThat(because).isNotBlank();
    }
    assertThat(sign("SHA256withRSA", rsa))
        .isEqualTo(rsaBefore); // PKCS#1 v1.5 signatures are deterministic
    assertThat(verifies("SHA256withRSA", rsa, rsaBefore, null)).isTrue();
    assertThat(verifies("SHA256withECDSAinP1363Format", ec, ecBefore, null)).isTrue();
    assertThat(
            verifies(
                "SHA256withECDSAinP1363Format",
                ec,
                sign("SHA256withECDSAinP1363Format", ec),
                sun()))
        .isTrue();
  }

  @Test
  void installing_twice_does_no_harm() {
    NativeCrypto.install();
    var providers = Security.getProviders().length;
    NativeCrypto.install();
    assertThat(Security.getProviders()).hasSize(providers);
  }

  private static Provider sun() {
    return Security.getProvider("SunEC");
  }

  private static KeyPair pair(String algorithm, ECGenParameterSpec curve) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    if (curve == null) {
      generator.initialize(2048);
    } else {
      generator.initialize(curve);
    }
    return generator.generateKeyPair();
  }

  private static byte[] sign(String algorithm, KeyPair pair) throws Exception {
    var signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(TEXT);
    return signature.sign();
  }

  private static boolean verifies(String algorithm, KeyPair pair, byte[] signed, Provider by)
      throws Exception {
    var signature =
        by == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, by);
    signature.initVerify(pair.getPublic());
    signature.update(TEXT);
    return signature.verify(signed);
  }
}
