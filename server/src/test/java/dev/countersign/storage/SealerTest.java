package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealerTest {
  private final Entropy entropy = new LiveEntropy();
  private final KeyRing ring = KeyRing.fresh(entropy);
  private final Sealer sealer = new Sealer(ring, entropy);
  private final TenantId acme = TenantId.fresh(entropy);
  private final Place place = new Place(acme, "enrolment", "seed", "enr_1");
  private final byte[] plain = "JBSWY3DPEHPK3PXP".getBytes(UTF_8);

  @Test
  void what_was_sealed_opens_at_its_place() {
    assertThat(sealer.open(place, sealer.seal(place, plain))).isEqualTo(plain);
    assertThat(sealer.open(place, sealer.seal(place, new byte[0]))).isEmpty();
    assertThat(sealer.openSecret(place, sealer.seal(place, Secret.of("grüße"))))
        .isEqualTo(Secret.of("grüße"));
  }

  @Test
  void the_same_value_never_seals_to_the_same_bytes() {
    assertThat(sealer.seal(place, plain)).isNotEqualTo(sealer.seal(place, plain));
  }

  @Test
  void a_value_moved_to_another_tenant_table_column_or_row_is_refused() {
    var sealed = sealer.seal(place, plain);
    for (var elsewhere :
        List.of(
            new Place(TenantId.fresh(entropy), "enrolment", "seed", "enr_1"),
            new Place(acme, "enrolments", "seed", "enr_1"),
            new Place(acme, "enrolment", "seeds", "enr_1"),
            new Place(acme, "enrolment", "seed", "enr_2"))) {
      assertThatThrownBy(() -> sealer.open(elsewhere, sealed)).isInstanceOf(KeyException.class);
    }
  }

  @Test
  void places_whose_parts_run_together_alike_are_not_the_same_place() {
    assertThat(new Place(acme, "a", "bc", "d").associated(new byte[0]))
        .isNotEqualTo(new Place(acme, "ab", "c", "d").associated(new byte[0]))
        .isNotEqualTo(new Place(acme, "a", "b", "cd").associated(new byte[0]));
  }

  @Test
  void every_changed_byte_is_noticed() {
    var bytes = sealer.seal(place, plain).bytes();
    for (var i = 0; i < bytes.length; i++) {
      var changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> sealer.open(place, new Sealed(changed)))
          .as("byte %d", i)
          .isInstanceOfAny(KeyException.class, IllegalArgumentException.class);
    }
    for (var length = 0; length < bytes.length; length++) {
      var shortened = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> sealer.open(place, new Sealed(shortened)))
          .isInstanceOfAny(KeyException.class, IllegalArgumentException.class);
    }
  }

  @Test
  void older_keys_read_and_the_newest_writes() {
    var old = sealer.seal(place, plain);
    var rotated = new Sealer(ring.rotated(entropy), entropy);

    assertThat(rotated.open(place, old)).isEqualTo(plain);
    assertThat(rotated.isCurrent(old)).isFalse();
    assertThat(rotated.isCurrent(rotated.seal(place, plain))).isTrue();
    assertThatThrownBy(() -> sealer.open(place, rotated.seal(place, plain)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("which the key file lacks")
        .hasMessageContaining("enrolment.seed of enr_1");
  }

  @Test
  void another_key_under_the_same_id_is_told_apart_from_a_missing_one() {
    var one = new Sealer(KeyRing.parse("k:" + "A".repeat(43) + "="), entropy);
    var other = new Sealer(KeyRing.parse("k:" + "B".repeat(42) + "A="), entropy);

    assertThatThrownBy(() -> other.open(place, one.seal(place, plain)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("is not the one it was sealed with");
  }

  @Test
  void a_sealed_value_shows_only_its_key_id_and_cannot_be_changed() {
    var sealed = sealer.seal(place, plain);
    sealed.bytes()[5] ^= 1;

    assertThat(sealer.open(place, sealed)).isEqualTo(plain);
    assertThat(sealed).hasToString("Sealed[" + ring.newest().id() + "]");
    assertThat(new Sealed(sealed.bytes())).isEqualTo(sealed).hasSameHashCodeAs(sealed);
  }

  @Test
  void many_threads_may_seal_and_open_at_once() {
    IntStream.range(0, 2_000)
        .parallel()
        .forEach(i -> {
          var here = new Place(acme, "enrolment", "seed", "enr_" + i);
          assertThat(sealer.open(here, sealer.seal(here, plain))).isEqualTo(plain);
        });
  }
}
