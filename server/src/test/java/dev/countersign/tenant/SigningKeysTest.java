package dev.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Scratch;
import dev.countersign.storage.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
  private final LiveEntropy entropy = new LiveEntropy();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Database database = Scratch.database();
  private Instant now = Instant.ofEpochSecond(1_800_000_000);
  private SigningKeys keys;
  private TenantId acme;

  @BeforeEach
  void open() {
    var ring = KeyRing.fresh(entropy);
    Schema.prepare(database, ring);
    keys =
        new SigningKeys(database, new Sealer(ring, entropy), entropy, () -> now, background::add);
    var created =
        new Tenants(database, entropy, PublicAddress.local(80)).create("acme", "Acme", moment());
    acme = ((Tenants.Creation.Created) created).tenant().id();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Moment moment() {
    return Moment.of(now);
  }

  @Test
  void a_key_that_was_made_late_is_published_as_long_as_any_other_before_it_signs() {
    keys.current(acme, SigningAlgorithm.ES256, moment());
    now = now.plus(Duration.ofMinutes(10));
    background.remove().run();

    assertThat(keys.rotate(acme, SigningAlgorithm.ES256, _ -> {}))
        .isEqualTo(new SigningKeys.Rotation.TooSoon(moment().plus(SigningKeys.PUBLISHED_AHEAD)));
    now = now.plus(SigningKeys.PUBLISHED_AHEAD);
    assertThat(keys.rotate(acme, SigningAlgorithm.ES256, _ -> {}))
        .isInstanceOf(SigningKeys.Rotation.Rotated.class);
  }

  @Test
  void a_prepared_key_is_made_once_beside_the_caller_and_is_there_for_the_first_token() {
    keys.prepare(acme, SigningAlgorithm.ES256);
    keys.prepare(acme, SigningAlgorithm.ES256);

    assertThat(keys.published(acme, moment())).as("nobody waited").isEmpty();
    assertThat(background).hasSize(1);
    background.remove().run();
    var prepared = keys.published(acme, moment());
    assertThat(prepared).hasSize(1);
    assertThat(keys.current(acme, SigningAlgorithm.ES256, moment()).kid())
        .isEqualTo(prepared.getFirst().kid());
  }

  @Test
  void what_could_not_be_prepared_is_tried_again_by_the_next_who_asks() {
    keys.prepare(acme, SigningAlgorithm.ES256);
    database.close();
    background.remove().run();

    keys.prepare(acme, SigningAlgorithm.ES256);

    assertThat(background).hasSize(1);
  }
}
