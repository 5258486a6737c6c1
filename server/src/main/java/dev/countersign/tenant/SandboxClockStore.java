package dev.countersign.tenant;

import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Duration;

/** The table {@code sandbox_clocks}. */
final class SandboxClockStore {
  Duration ahead(Tx tx, TenantId tenant) {
    return tx.sql("select ahead from sandbox_clocks where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> Duration.ofMillis(row.number("ahead")))
        .orElse(Duration.ZERO);
  }

  /** Of a tenant that was just made. */
  void insert(Tx tx, TenantId tenant) {
    tx.sql("insert into sandbox_clocks (tenant, ahead) values (:tenant, 0)")
        .set("tenant", tenant)
        .update();
  }

  /** One UPDATE, so that of several who move it at once none is lost. */
  boolean advance(Tx tx, TenantId tenant, Duration by, Duration farthest) {
    return tx.sql(
            "update sandbox_clocks set ahead = ahead + :by where tenant = :tenant and ahead + :by <= :farthest")
        .set("tenant", tenant)
        .set("by", by.toMillis())
        .set("farthest", farthest.toMillis())
        .changedOne();
  }
}
