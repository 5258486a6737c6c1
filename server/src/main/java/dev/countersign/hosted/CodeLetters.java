package dev.countersign.hosted;

import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.mail.CodeWording;
import dev.countersign.delivery.mail.Mail;
import dev.countersign.hosted.view.Letter;
import dev.countersign.kernel.Occasion;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Messages;
import java.util.Locale;
import java.util.Optional;

/** Writes codes as letters in the tenant's look, in the language of the sign-in, the person or else the tenant. Thread-safe. */
public final class CodeLetters implements CodeWording {
  private final Pages pages;
  private final Tenants tenants;

  public CodeLetters(Pages pages, Tenants tenants) {
    this.pages = pages;
    this.tenants = tenants;
  }

  /** Where the code is to be typed is the configured address of the tenant, never one that a request named. */
  @Override
  public Mail of(
      Courier.Errand errand,
      Dispatch.Mail dispatch,
      String id,
      String name,
      Optional<String> locale,
      Occasion occasion) {
    var tenant = tenants.get(errand.tenant());
    var text =
        Messages.choose(
            locale.orElse(null), null, Locale.forLanguageTag(tenant.settings().locale()));
    var letter =
        Letter.code(
            NoticeLetters.envelope(name, dispatch.address(), tenant, text),
            dispatch.code(),
            Math.toIntExact(Math.max(1, dispatch.lasts().toMinutes())),
            tenants.origin(errand.tenant()),
            NoticeLetters.circumstances(occasion, errand.application(), text));
    return new Mail(
        id,
        tenant.displayName(),
        dispatch.address(),
        Optional.of(tenant.settings().supportEmail()).filter(it -> !it.isEmpty()),
        text.tag(),
        letter.subject(),
        pages.plain(letter),
        pages.html(letter));
  }
}
