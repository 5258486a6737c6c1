package dev.countersign.delivery;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where no mail host is configured: nobody is told anything, and the log says so once. Thread-safe. */
public final class Unsent implements Notices {
  private static final System.Logger LOG = System.getLogger(Unsent.class.getName());

  private final AtomicBoolean said = new AtomicBoolean();

  @Override
  public void tell(Tx tx, TenantId tenant, UserId who, Notice notice, Occasion occasion) {
    if (said.compareAndSet(false, true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no mail is sent: security notices and links to reset a password reach nobody until mail.smtp.host is set");
    }
  }
}
