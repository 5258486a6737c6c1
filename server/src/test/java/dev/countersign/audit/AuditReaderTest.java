package dev.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Migrations;
import dev.countersign.storage.Scratch;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenants;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditReaderTest {
  private final Entropy entropy =
      new Entropy() {
        private byte next = 1;

        @Override
        public byte[] bytes(int count) {
          byte[] bytes = new byte[count];
          Arrays.fill(bytes, next++);
          return bytes;
        }
      };

  private final UserId ana = new UserId("usr_ana");
  private final Audit audit = new Audit(entropy, Followers.NONE);

  private final Database database = Scratch.database();

  private TenantId acme = TenantId.fresh(entropy);
  private TenantId bank = TenantId.fresh(entropy);

  @BeforeEach
  void make_two_tenants() {
    new Migrations(database).apply();
    acme = tenant("acme");
    bank = tenant("bank");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void the_newest_events_are_told_oldest_first_and_only_the_tenants_own() {
    record(acme, AuditEvent.success(AuditType.SIGNED_IN, at(1)).by(ana));
    record(acme, AuditEvent.failure(AuditType.MFA_FAILED, at(2), "wrong").by(ana));
    record(acme, AuditEvent.success(AuditType.KEYS_ROTATED, at(3)));
    record(bank, AuditEvent.success(AuditType.SIGNED_IN, at(4)));

    var reader = new AuditReader(database, audit);
    assertThat(reader.last(acme, Optional.empty(), 2))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "{\"time\":\"2026-01-31T12:00:02.000Z\",\"type\":\"user.mfa_failed\",\"outcome\":\"failure\","
                            + "\"actor\":\"usr_ana\",\"user\":\"usr_ana\",\"details\":{\"reason\":\"wrong\"}")
                    .doesNotContain("client", "\n"),
            second -> assertThat(second).contains("tenant.keys_rotated"));
    assertThat(reader.last(acme, Optional.of(ana), 10)).hasSize(2);
    assertThat(reader.last(bank, Optional.of(ana), 10)).isEmpty();
  }

  private TenantId tenant(String slug) {
    return switch (new Tenants(database, entropy, PublicAddress.local(8080))
        .create(slug, slug, at(0).at())) {
      case Tenants.Creation.Created(var tenant) -> tenant.id();
      case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ -> throw new AssertionError(slug);
    };
  }

  private void record(TenantId tenant, AuditEvent event) {
    database.run(tx -> audit.record(tx, tenant, event));
  }

  private static Occasion at(int second) {
    return new Occasion(
        Moment.of(Instant.parse("2026-01-31T12:00:00Z").plusSeconds(second)),
        "192.0.2.1",
        "Test",
        "req_1");
  }
}
