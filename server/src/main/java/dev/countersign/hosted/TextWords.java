package dev.countersign.hosted;

import dev.countersign.delivery.push.Pushes;
import dev.countersign.delivery.push.Waker;
import dev.countersign.delivery.sms.Words;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Messages;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What texts say where the tenant has no words of its own, and notifications: the pages' messages. Thread-safe. */
public final class TextWords implements Words, Pushes.Words {
  private final Tenants tenants;

  public TextWords(Tenants tenants) {
    this.tenants = tenants;
  }

  @Override
  public String language(TenantId tenant, @Nullable String asked, String browser) {
    var own = Locale.forLanguageTag(tenants.get(tenant).settings().locale());
    return Messages.choose(asked, browser.isEmpty() ? null : browser, own).locale().getLanguage();
  }

  @Override
  public String usual(String language, boolean enrolling) {
    return Messages.in(Locale.forLanguageTag(language))
        .text(
            enrolling ? "sms.text.enrolment" : "sms.text.sign_in",
            "{{code}}",
            "{{tenant.friendly_name}}");
  }

  @Override
  public String spoken(String language, boolean enrolling) {
    return Messages.in(Locale.forLanguageTag(language))
        .text(
            enrolling ? "call.enrolment" : "call.sign_in", "{{code}}", "{{tenant.friendly_name}}");
  }

  @Override
  public String approval(String language, Transaction transaction) {
    return approval("transaction.text", language, transaction);
  }

  @Override
  public String spokenApproval(String language, Transaction transaction) {
    return approval("transaction.call", language, transaction);
  }

  /** What an application sent has no places in it that would be filled. */
  private static String approval(String key, String language, Transaction transaction) {
    var text = Messages.in(Locale.forLanguageTag(language));
    return text.text(
        key,
        "{{code}}",
        "{{tenant.friendly_name}}",
        TransactionWords.summary(transaction, text).replace("{{", "{ {"));
  }

  @Override
  public String farewell(String language) {
    return Messages.in(Locale.forLanguageTag(language))
        .text("sms.text.farewell", "{{tenant.friendly_name}}");
  }

  @Override
  public String recovery(String language) {
    return Messages.in(Locale.forLanguageTag(language))
        .text("sms.text.recovery", "{{tenant.friendly_name}}");
  }

  /** Points to the mail, which has the link: whoever carries this can read it. */
  @Override
  public Waker.Word.Alert recovery(TenantId tenant, @Nullable String language) {
    var text = Messages.in(Locale.forLanguageTag(language(tenant, language, "")));
    return new Waker.Word.Alert(
        "recovery",
        text.text("mail.recovery.subject", tenants.get(tenant).displayName()),
        text.text("push.recovery", text.text("mail.not_me.button")));
  }
}
