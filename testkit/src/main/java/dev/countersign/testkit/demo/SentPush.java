package dev.countersign.testkit.demo;

import dev.countersign.Wiring;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.Person;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A request that was sent to somebody's phone, as the audit log tells of it. */
record SentPush(Instant at, String to) {
  private static final int MOST = 200;

  /** The newest of all tenants, newest first. */
  static List<SentPush> all(Wiring wiring) {
    return wiring.ground.tenants.all().stream()
        .flatMap(tenant -> wiring.ground.database.read(tx -> of(wiring, tx, tenant.id())).stream())
        .sorted((a, b) -> b.at().compareTo(a.at()))
        .toList();
  }

  private static List<SentPush> of(Wiring wiring, Tx tx, TenantId tenant) {
    return wiring.ground.audit.newestFirst(tx, tenant, Audit.Filter.ALL, 0, MOST).stream()
        .filter(event -> event.type() == AuditType.MFA_CHALLENGE_SENT)
        .filter(event -> "push-notification".equals(event.details().get("factor")))
        .map(event -> new SentPush(event.occurredAt().instant(), label(wiring, tx, tenant, event)))
        .toList();
  }

  private static String label(Wiring wiring, Tx tx, TenantId tenant, AuditEvent event) {
    return Optional.ofNullable(event.user())
        .flatMap(user -> wiring.ground.people.find(tx, tenant, user))
        .map(Person::label)
        .orElse("");
  }
}
