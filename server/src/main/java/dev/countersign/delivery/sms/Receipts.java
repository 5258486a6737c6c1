package dev.countersign.delivery.sms;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import java.util.Map;
import java.util.Optional;

/**
 * What providers say of texts after they took them. Believed only when it is signed as that provider signs, with the key of
 * the tenant's account there. A text that was lost is recorded once, however often it is said. Thread-safe.
 */
public final class Receipts {
  /** Where Twilio tells; the text's id is in the query, which its signature covers. */
  public static final String TWILIO = "/receipts/twilio";

  public static final String VONAGE = "/receipts/vonage";

  private final Database database;
  private final TextSettings settings;
  private final Audit audit;
  private final TextStore store = new TextStore();

  public Receipts(Database database, TextSettings settings, Audit audit) {
    this.database = database;
    this.settings = settings;
    this.audit = audit;
  }

  /** What came of hearing one. */
  public enum Outcome {
    /** Taken in, or of no interest: on its way, known already, of a text that is no longer kept. */
    HEARD,
    /** Not from the tenant's provider. */
    UNSIGNED
  }

  /** A receipt of Twilio's; {@code uri} is the whole address that was called, as the world has it. */
  public Outcome twilio(
      TenantId tenant,
      String uri,
      String text,
      Map<String, String> form,
      String signature,
      Moment now) {
    var account = plan(tenant).twilio(Provider.Bases.NOWHERE);
    if (account.filter(it -> it.signs(uri, form, signature)).isEmpty()) {
      return Outcome.UNSIGNED;
    }
    note(tenant, Provider.Name.TWILIO, Twilio.receipt(text, form), now);
    return Outcome.HEARD;
  }

  /** A delivery receipt of Vonage's SMS API. */
  public Outcome vonage(TenantId tenant, Map<String, String> fields, Moment now) {
    var account = plan(tenant).vonage(Provider.Bases.NOWHERE);
    if (account.filter(it -> it.signs(fields, now)).isEmpty()) {
      return Outcome.UNSIGNED;
    }
    note(tenant, Provider.Name.VONAGE, Vonage.receipt(fields), now);
    return Outcome.HEARD;
  }

  private TextPlan plan(TenantId tenant) {
    return database.read(tx -> settings.of(tx, tenant));
  }

  private void note(TenantId tenant, Provider.Name by, Optional<Receipt> said, Moment now) {
    said.ifPresent(receipt ->
        database.run(tx -> {
          boolean news = store.heard(tx, tenant, receipt, now);
          if (news && receipt.state() == Receipt.State.LOST) {
            store
                .sent(tx, tenant, receipt.text())
                .ifPresent(sent ->
                    audit.record(
                        tx,
                        tenant,
                        AuditEvent.failure(
                                AuditType.SMS_LOST, Occasion.ofServer(now), "undelivered")
                            .by(sent.user())
                            .with("factor", sent.method())
                            .with("by", by.word())
                            .with("range", sent.range() + "••••")
                            .with("detail", receipt.detail())));
          }
        }));
  }
}
