package dev.countersign.tenant;

import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Duration;

/** The table {@code sandbox_clocks}. A sandbox whose clock was never moved has no row. */
final class SandboxClockStore {
  Duration ahead(Tx tx, TenantId tenant) {
    return tx.sql("select ahead from sandbox_clocks where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> Duration.ofMillis(row.number("ahead")))
        .orElse(Duration.ZERO);
  }

  /** One UPDATE, so that of two who move it at once neither is lost. */
  boolean advance(Tx tx, TenantId tenant, Duration by, Duration farthest) {
    boolean there =
        tx.sql("select ahead from sandbox_clocks where tenant = :tenant")
            .set("tenant", tenant)
            .one(row -> row.number("ahead"))
            .isPresent();
    if (!there) {
      tx.sql("insert into sandbox_clocks (tenant, ahead) values (:tenant, 0)")
          .set("tenant", tenant)
          .update();
    }
    return tx.sql(
            "update sandbox_clocks set ahead = ahead + :by where tenant = :tenant and ahead + :by <= :farthest")
        .set("tenant", tenant)
        .set("by", by.toMillis())
        .set("farthest", farthest.toMillis())
        .changedOne();
  }
}
