package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import org.junit.jupiter.api.Test;

class DigesterTest {
  private static final Secret SIX_DIGITS = Secret.of("493817");

  private final Entropy entropy = new LiveEntropy();
  private final KeyRing ring = KeyRing.fresh(entropy);
  private final Digester digester = new Digester(ring);

  @Test
  void the_digest_depends_on_secret_purpose_and_key() {
    var digest = digester.digest("sms-code", SIX_DIGITS);

    assertThat(digest).isEqualTo(digester.digest("sms-code", Secret.of("493817")));
    assertThat(digest).isNotEqualTo(digester.digest("sms-code", Secret.of("493818")));
    assertThat(digest).isNotEqualTo(digester.digest("email-code", SIX_DIGITS));
    assertThat(digest)
        .isNotEqualTo(new Digester(KeyRing.fresh(entropy)).digest("sms-code", SIX_DIGITS));
  }

  @Test
  void it_is_stored_as_text_and_comes_back_equal() {
    var digest = digester.digest("sms-code", SIX_DIGITS);

    assertThat(digest.text()).matches("[A-Za-z0-9_-]{43}");
    assertThat(new Digest(digest.text())).isEqualTo(digest).hasSameHashCodeAs(digest);
    assertThatThrownBy(() -> new Digest("493817"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("493817");
  }

  @Test
  void digests_of_before_a_rotation_are_still_found() {
    var stored = digester.digest("refresh-token", SIX_DIGITS);
    var rotated = new Digester(ring.rotated(entropy));

    assertThat(rotated.digest("refresh-token", SIX_DIGITS)).isNotEqualTo(stored);
    assertThat(rotated.candidates("refresh-token", SIX_DIGITS))
        .containsExactly(rotated.digest("refresh-token", SIX_DIGITS), stored);
    assertThat(rotated.matches("refresh-token", SIX_DIGITS, stored)).isTrue();
    assertThat(rotated.matches("refresh-token", Secret.of("000000"), stored)).isFalse();
  }
}
