package dev.countersign.delivery.sms;

import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import org.jspecify.annotations.Nullable;

/** The language of a text, and what it says where a tenant has no words of its own. */
public interface Words {
  /**
   * The language for a reader.
   *
   * @param asked languages that the application names, as {@code ui_locales} has them; or null
   * @param browser languages that the browser names, as {@code Accept-Language}
   */
  String language(TenantId tenant, @Nullable String asked, String browser);

  /** A text with the places {@code {{code}}} and {@code {{tenant.friendly_name}}} still open. */
  String usual(String language, boolean enrolling);

  /** What a call says, with the same places still open. */
  String spoken(String language, boolean enrolling);

  /** A text that says what its code approves, with the places of the code and the tenant's name still open. */
  String approval(String language, Transaction transaction);

  /** The same for a call. */
  String spokenApproval(String language, Transaction transaction);

  /** What a number is told that is asked for no codes any more; the place of the tenant's name is still open. */
  String farewell(String language);

  /** What a number is told while somebody recovers its owner's account; the place of the tenant's name is still open. */
  String recovery(String language);
}
