package dev.countersign.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentFailuresTest {
  private static final TenantId ACME = new TenantId("tnt_acme");
  private static final TenantId BETA = new TenantId("tnt_beta");
  private static final Moment NOW = Moment.of(Instant.parse("2026-05-04T09:30:00Z"));

  private final RecentFailures recent = new RecentFailures();

  @Test
  void wrong_answers_count_for_their_person_their_network_and_their_tenant_once() {
    recent.count(ACME, "auth0|ana", NOW);
    recent.count(ACME, "address 192.0.2.7", NOW);
    recent.count(ACME, "auth0|ben", NOW);
    recent.count(ACME, "address 192.0.2.7", NOW);

    assertThat(recent.of(ACME, "auth0|ana", NOW)).isEqualTo(1);
    assertThat(recent.of(ACME, "address 192.0.2.7", NOW)).isEqualTo(2);
    assertThat(recent.inTenant(ACME, NOW)).isEqualTo(2);
    assertThat(recent.inTenant(BETA, NOW)).isZero();
    assertThat(recent.of(BETA, "auth0|ana", NOW)).isZero();
  }

  @Test
  void they_are_forgotten_after_two_stretches_at_most() {
    recent.count(ACME, "auth0|ana", NOW);

    assertThat(recent.of(ACME, "auth0|ana", NOW.plus(Duration.ofMinutes(9)))).isEqualTo(1);
    assertThat(recent.of(ACME, "auth0|ana", NOW.plus(Duration.ofMinutes(20)))).isZero();
  }

  @Test
  void what_other_servers_counted_is_known_once_it_was_read() {
    recent.count(ACME, "auth0|ana", NOW);
    recent.read(ACME, "auth0|ana", 7, NOW.minus(Duration.ofMinutes(2)), NOW);
    recent.read(ACME, "auth0|ana", 3, NOW.minus(Duration.ofMinutes(2)), NOW);
    recent.read(ACME, "auth0|ben", 7, NOW.minus(Duration.ofMinutes(11)), NOW);

    assertThat(recent.of(ACME, "auth0|ana", NOW)).isEqualTo(7);
    assertThat(recent.of(ACME, "auth0|ben", NOW)).isZero();
  }
}
