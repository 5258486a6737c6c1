package dev.countersign.hosted;

import dev.countersign.delivery.Notice;
import dev.countersign.delivery.mail.Errand;
import dev.countersign.delivery.mail.Mail;
import dev.countersign.delivery.mail.Wording;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.view.Letter;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Messages;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes notices as letters in the tenant's look, in the person's language or else the tenant's. Thread-safe. */
public final class NoticeLetters implements Wording {
  private final Pages pages;
  private final Tenants tenants;
  private final Factors factors;

  public NoticeLetters(Pages pages, Tenants tenants, Factors factors) {
    this.pages = pages;
    this.tenants = tenants;
    this.factors = factors;
  }

  @Override
  public Mail of(Errand errand) {
    // As it is now: nobody of this tenant may have been at this server lately.
    var tenant = tenants.find(errand.tenant()).orElseThrow();
    var settings = tenant.settings();
    var own = factors.with(settings);
    var chosen =
        Messages.choose(
            errand.locale().orElse(null), null, Locale.forLanguageTag(settings.locale()));
    var text = chosen.calling(FactorLook.called(own, chosen.locale()));
    var letter =
        letter(
            own,
            errand,
            envelope(errand.name(), errand.to(), tenant, text),
            circumstances(errand.occasion(), "", text));
    return new Mail(
        errand.id(),
        tenant.displayName(),
        errand.to(),
        Optional.of(settings.supportEmail()).filter(it -> !it.isEmpty()),
        text.tag(),
        letter.subject(),
        pages.plain(letter),
        pages.html(letter));
  }

  static Letter.Envelope envelope(String name, String address, Tenant tenant, Messages text) {
    var settings = tenant.settings();
    var support =
        settings.supportEmail().isEmpty() ? settings.supportUrl() : settings.supportEmail();
    return new Letter.Envelope(
        text,
        tenant.displayName(),
        absent(settings.logoUrl()),
        settings.accent(),
        name,
        address,
        absent(support));
  }

  static Letter.Circumstances circumstances(Occasion occasion, String application, Messages text) {
    return new Letter.Circumstances(
        when(text, occasion.at()),
        absent(occasion.address()),
        BrowserName.of(occasion.userAgent()),
        absent(application));
  }

  /** Links lead to the configured address of the tenant, never to one that a request named. */
  private Letter letter(
      Catalogue own, Errand errand, Letter.Envelope to, Letter.Circumstances then) {
    var account = tenants.origin(errand.tenant()) + "/account";
    var report = errand.report().map(Secret::reveal).orElse(null);
    return switch (errand.notice()) {
      case Notice.FactorEnrolled(var factor, var name, var _) ->
          Letter.methodAdded(to, method(own, to.text(), factor, name), then, account, report);
      case Notice.FactorRemoved(var factor, var name) ->
          Letter.methodRemoved(to, method(own, to.text(), factor, name), then, account, report);
      case Notice.FactorUsedElsewhere(var factor, var name) ->
          Letter.methodUsedElsewhere(
              to, method(own, to.text(), factor, name), then, account, report);
      case Notice.FactorsReset _ -> Letter.factorsReset(to, then, account, report);
      case Notice.BackupCodeUsed(var left) -> Letter.backupCodeUsed(to, left, then, account);
      case Notice.BackupCodesRegenerated _ -> Letter.backupCodesRenewed(to, then, account);
      case Notice.Locked(var factor, var until) ->
          Letter.locked(
              to, method(own, to.text(), factor, ""), until(to.text(), until), then, account);
      case Notice.PasswordLocked(var until) ->
          Letter.passwordLocked(to, until(to.text(), until), then, account);
      case Notice.CodeReplayed(var factor) ->
          Letter.codeReplayed(to, method(own, to.text(), factor, ""), then, account);
      case Notice.SignInDisowned _ -> Letter.signInDisowned(to, then, account);
      case Notice.PasswordChanged _ -> Letter.passwordChanged(to, then, account);
      case Notice.PasswordReset(var link, var expires) ->
          Letter.passwordReset(
              to,
              link.reveal(),
              Math.toIntExact(errand.occasion().at().until(expires).toMinutes()),
              then);
      case Notice.EnrolmentTicket(var link, var expires, var _, var _) ->
          Letter.enrolmentTicket(
              to,
              link.reveal(),
              Math.toIntExact(errand.occasion().at().until(expires).toDays()),
              then);
      case Notice.AccessCodeIssued(var until) ->
          Letter.accessCodeIssued(to, when(to.text(), until), then, account, report);
      case Notice.AccessCodeUsed _ -> Letter.accessCodeUsed(to, then, account, report);
      case Notice.RecoveryWaiting(var due, var again) ->
          Letter.recoveryWaiting(to, when(to.text(), due), again, then, account, report);
      case Notice.RecoveryCancelled _ -> Letter.recoveryCancelled(to, then, account);
      case Notice.RecoveryCompleted _ -> Letter.recoveryCompleted(to, then, account, report);
    };
  }

  /** What the person called it, or else what everybody calls it. */
  private static String method(Catalogue own, Messages text, FactorId factor, String name) {
    return name.isEmpty() ? text.text(FactorLook.of(own.profile(factor)).nameKey()) : name;
  }

  private static @Nullable String until(Messages text, Optional<Moment> until) {
    return until.map(it -> when(text, it)).orElse(null);
  }

  /** Where the reader is, nobody knows: so the zone is named. */
  private static String when(Messages text, Moment moment) {
    return text.dateTime(moment.instant(), ZoneOffset.UTC) + " UTC";
  }

  private static @Nullable String absent(String text) {
    return text.isEmpty() ? null : text;
  }
}
