package dev.countersign.signin.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHasherTest {
  private static final PasswordCheck RIGHT = new PasswordCheck.Verified(false);
  private static final PasswordCheck RIGHT_BUT_OLD = new PasswordCheck.Verified(true);
  private static final PasswordCheck WRONG = new PasswordCheck.Wrong();

  private final PasswordHasher hasher = hasher(64, 2);

  private static PasswordHasher hasher(int memoryKiB, int passes) {
    return new PasswordHasher(
        Argon2id.best(), new LiveEntropy(), new Argon2id.Cost(memoryKiB, passes));
  }

  @Test
  void the_right_password_is_right_and_every_other_is_wrong() {
    var stored = hasher.hash(Secret.of("correct horse battery"));

    assertThat(hasher.verify(Secret.of("correct horse battery"), stored)).isEqualTo(RIGHT);
    for (var other :
        List.of("", "correct horse batterz", "Correct horse battery", "correct horse battery ")) {
      assertThat(hasher.verify(Secret.of(other), stored)).isEqualTo(WRONG);
    }
  }

  @Test
  void a_hash_is_a_phc_string_with_a_salt_of_its_own() {
    var standard = new PasswordHasher(Argon2id.best(), new LiveEntropy(), PasswordHasher.COST);
    var one = standard.hash(Secret.of("correct horse battery"));

    assertThat(one)
        .matches("\\$argon2id\\$v=19\\$m=7168,t=5,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    assertThat(standard.hash(Secret.of("correct horse battery"))).isNotEqualTo(one);
    assertThat(standard.verify(Secret.of("correct horse battery"), one)).isEqualTo(RIGHT);
  }

  /** The reference implementation's own encoding, with its salt of eight bytes. */
  @Test
  void hashes_of_the_reference_implementation_are_read() {
    var stored =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    assertThat(hasher.verify(Secret.of("password"), stored)).isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher.verify(Secret.of("passwore"), stored)).isEqualTo(WRONG);
  }

  @Test
  void weaker_costs_are_upgraded_and_stronger_ones_kept() {
    var stored = hasher.hash(Secret.of("correct horse battery"));

    assertThat(hasher(128, 2).verify(Secret.of("correct horse battery"), stored))
        .isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher(64, 3).verify(Secret.of("correct horse battery"), stored))
        .isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher(32, 2).verify(Secret.of("correct horse battery"), stored)).isEqualTo(RIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 55, 56, 64, 71, 72, 73, 127, 128, 200, 256})
  void PWD_02_the_last_character_counts_whatever_the_length(int length) {
    var stored = hasher.hash(Secret.of("a".repeat(length - 1) + "b"));

    assertThat(hasher.verify(Secret.of("a".repeat(length - 1) + "b"), stored)).isEqualTo(RIGHT);
    assertThat(hasher.verify(Secret.of("a".repeat(length - 1) + "c"), stored)).isEqualTo(WRONG);
    assertThat(hasher.verify(Secret.of("a".repeat(length - 1)), stored)).isEqualTo(WRONG);
    assertThat(hasher.verify(Secret.of("a".repeat(length - 1) + "bb"), stored)).isEqualTo(WRONG);
  }

  @Test
  void PWD_02_composed_and_decomposed_letters_are_the_same_password() {
    var stored = hasher.hash(Secret.of("caf\u00e9 \ufb01lter \uff21\uff22 \ud83d\ude80"));

    assertThat(hasher.verify(Secret.of("cafe\u0301 filter AB \ud83d\ude80"), stored))
        .isEqualTo(RIGHT);
    assertThat(hasher.verify(Secret.of("cafe filter AB \ud83d\ude80"), stored)).isEqualTo(WRONG);
    assertThat(hasher.verify(Secret.of("cafe\u0301 filter AB \ud83d\ude81"), stored))
        .isEqualTo(WRONG);
  }

  @Test
  void PWD_02_nul_lone_surrogates_and_endless_passwords_are_refused_before_hashing() {
    var stored = hasher.hash(Secret.of("abcdefgh"));
    for (var impossible :
        List.of("abc\0defgh", "\0", "abcdefgh\0", "abc\ud83d", "a".repeat(1025), "é".repeat(513))) {
      assertThat(hasher.verify(Secret.of(impossible), stored)).isEqualTo(WRONG);
      assertThatThrownBy(() -> hasher.hash(Secret.of(impossible)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2a", "2b", "2y"})
  void imported_bcrypt_hashes_are_read_and_upgraded(String version) {
    var stored = bcrypt(version, "correct horse battery");

    assertThat(hasher.understands(stored)).isTrue();
    assertThat(hasher.verify(Secret.of("correct horse battery"), stored)).isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher.verify(Secret.of("correct horse batterz"), stored)).isEqualTo(WRONG);
  }

  /** A published vector of bcrypt, so that we do not only test Bouncy Castle against itself. */
  @Test
  void the_bcrypt_of_others_is_read() {
    var stored = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    assertThat(hasher.verify(Secret.of("a"), stored)).isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher.verify(Secret.of("b"), stored)).isEqualTo(WRONG);
  }

  @ParameterizedTest
  @ValueSource(ints = {71, 72, 73, 200})
  void PWD_02_long_passwords_pass_an_imported_bcrypt_hash_once_and_count_whole_from_then_on(
      int length) {
    var imported = bcrypt("2b", "p".repeat(Math.min(length, 72)));
    var password = Secret.of("p".repeat(length));

    assertThat(hasher.verify(password, imported)).isEqualTo(RIGHT_BUT_OLD);

    var upgraded = hasher.hash(password);
    assertThat(hasher.verify(password, upgraded)).isEqualTo(RIGHT);
    assertThat(hasher.verify(Secret.of("p".repeat(length - 1) + "q"), upgraded)).isEqualTo(WRONG);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 512})
  void imported_pbkdf2_hashes_are_read_and_upgraded(int bits) throws Exception {
    var salt = "0123456789abcdef".getBytes(UTF_8);
    var stored = pbkdf2(bits, "grüße aus köln", salt);

    assertThat(hasher.understands(stored)).isTrue();
    assertThat(hasher.verify(Secret.of("grüße aus köln"), stored)).isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher.verify(Secret.of("grüsse aus köln"), stored)).isEqualTo(WRONG);
  }

  /** PBKDF2-HMAC-SHA256, "password"/"salt", 4096 iterations: a widely published vector. */
  @Test
  void the_pbkdf2_of_others_is_read() {
    var stored = "$pbkdf2-sha256$i=4096,l=32$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o";

    assertThat(hasher.verify(Secret.of("password"), stored)).isEqualTo(RIGHT_BUT_OLD);
  }

  @Test
  void an_imported_hash_of_a_text_that_was_not_normalised_still_opens() {
    assertThat(hasher.verify(Secret.of("cafe\u0301"), bcrypt("2b", "cafe\u0301")))
        .isEqualTo(RIGHT_BUT_OLD);
    assertThat(hasher.verify(Secret.of("cafe\u0301"), bcrypt("2b", "caf\u00e9")))
        .isEqualTo(RIGHT_BUT_OLD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain text",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=256,t=2,p=1$!!!!$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2x$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
        "$2b$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
        "$pbkdf2-sha256$i=9999999,l=32$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o",
        "$pbkdf2-sha256$i=4096,l=4$c2FsdA$xeR41Q",
        "$pbkdf2-sha1$i=4096,l=20$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE"
      })
  void hashes_that_are_unknown_empty_or_would_stop_the_server_are_not_understood(String stored) {
    assertThat(hasher.understands(stored)).isFalse();
    assertThatThrownBy(() -> hasher.verify(Secret.of("password"), stored))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a password hash we know");
  }

  @Test
  void PWD_01_an_unknown_user_costs_as_much_as_a_wrong_password() {
    var standard =
        new PasswordHasher(Argon2id.all().getFirst(), new LiveEntropy(), PasswordHasher.COST);
    var stored = standard.hash(Secret.of("correct horse battery"));
    var guess = Secret.of("wrong horse battery");
    assertThat(standard.refuseUnknown(guess)).isEqualTo(WRONG);

    var known = quickest(_ -> standard.verify(guess, stored).hashCode());
    var unknown = quickest(_ -> standard.refuseUnknown(guess).hashCode());

    assertThat((double) unknown / known).isBetween(0.6, 1.6);
  }

  /** The least processor time of this thread that one call took: what it costs, however busy the machine is. */
  private static long quickest(IntUnaryOperator work) {
    var threads = ManagementFactory.getThreadMXBean();
    return IntStream.range(0, 12)
        .mapToLong(i -> {
          var began = threads.getCurrentThreadCpuTime();
          work.applyAsInt(i);
          return threads.getCurrentThreadCpuTime() - began;
        })
        .min()
        .orElseThrow();
  }

  private static String bcrypt(String version, String password) {
    return OpenBSDBCrypt.generate(
        version, password.getBytes(UTF_8), "sixteen bytes ok".getBytes(UTF_8), 4);
  }

  private static String pbkdf2(int bits, String password, byte[] salt) throws Exception {
    var key =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA" + bits)
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 1000, bits))
            .getEncoded();
    var base64 = Base64.getEncoder().withoutPadding();
    return "$pbkdf2-sha%d$i=1000,l=%d$%s$%s"
        .formatted(bits, bits / 8, base64.encodeToString(salt), base64.encodeToString(key));
  }
}
