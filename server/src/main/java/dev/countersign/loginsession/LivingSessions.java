package dev.countersign.loginsession;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;

/** Whether a single sign-on session can be gone on from: what was proven in one that has ended counts no more. */
@FunctionalInterface
public interface LivingSessions {
  /** Whether it is alive; if so, it stays alive until this transaction ends. */
  boolean holds(Tx tx, TenantId tenant, SessionId session, Moment now);
}
