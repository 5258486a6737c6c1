package dev.countersign.session;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import java.util.Optional;

/** People take back that a browser may spare them the challenge. It takes no fresh proof: nothing is opened by it. Thread-safe. */
public final class ForgetBrowsers {
  private final Database database;
  private final Sessions sessions;
  private final TrustedBrowsers trustedBrowsers;

  public ForgetBrowsers(Database database, Sessions sessions, TrustedBrowsers trustedBrowsers) {
    this.database = database;
    this.sessions = sessions;
    this.trustedBrowsers = trustedBrowsers;
  }

  /** One of one's own; false when there is none of that id. */
  public boolean one(TenantId tenant, Optional<Secret> cookie, String id, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .map(mine ->
                trustedBrowsers.forget(
                    tx,
                    tenant,
                    mine.user(),
                    id,
                    TrustedBrowsers.Why.FORGOTTEN_BY_PERSON,
                    mine.user().value(),
                    occasion))
            .orElse(false));
  }

  /** All of one's own; returns how many there were. */
  public int all(TenantId tenant, Optional<Secret> cookie, Occasion occasion) {
    return database.write(tx ->
        sessions
            .find(tx, tenant, cookie, occasion.at())
            .map(mine ->
                trustedBrowsers.forgetAll(
                    tx,
                    tenant,
                    mine.user(),
                    TrustedBrowsers.Why.FORGOTTEN_BY_PERSON,
                    mine.user().value(),
                    occasion))
            .orElse(0));
  }
}
