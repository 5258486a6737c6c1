package dev.countersign.wiring;

import dev.countersign.delivery.Notices;
import dev.countersign.delivery.Unsent;
import dev.countersign.delivery.mail.MailHosts;
import dev.countersign.delivery.mail.MailNotices;
import dev.countersign.delivery.mail.MailTemplates;
import dev.countersign.delivery.mail.Mailer;
import dev.countersign.delivery.mail.Outbox;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.delivery.sms.TextSettings;
import dev.countersign.delivery.sms.Texts;
import dev.countersign.factor.Enrolment;
import dev.countersign.hosted.NoticeLetters;
import dev.countersign.hosted.Pages;
import dev.countersign.hosted.TextWords;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** What people are told, by mail and by text. */
public final class Delivery {
  public final MailTemplates mailTemplates;
  public final MailHosts mailHosts;
  public final Outbox outbox;
  public final Notices notices;
  public final TextWords words;
  public final TextSettings textSettings;
  public final Texts texts;
  public final SandboxMessages sandboxMessages;

  public Delivery(Ground ground, Proofs proofs, Methods methods, Optional<Mailer> mailer) {
    var database = ground.database;
    var tenants = ground.tenants;
    sandboxMessages =
        new SandboxMessages(database, ground.sealer, ground.entropy, ground.sandboxes);
    mailTemplates = new MailTemplates(database);
    mailHosts =
        new MailHosts(
            database, ground.sealer, ground.clock, ground.outbound, mailer, sandboxMessages);
    outbox =
        new Outbox(
            database,
            ground.sealer,
            ground.clock,
            new NoticeLetters(new Pages(), tenants, methods.factors),
            mailTemplates,
            mailHosts);
    notices =
        whereMailsAreSent(
            new MailNotices(
                ground.people,
                outbox,
                ground.entropy,
                proofs.spendables,
                tenants,
                (tx, tenant, user) -> otherAddresses(methods, tx, tenant, user)));

    words = new TextWords(tenants);
    textSettings = new TextSettings(ground.sealer);
    texts =
        new Texts(
            database,
            textSettings,
            tenants,
            words,
            ground.outbound,
            ground.audit,
            proofs.allowances,
            ground.digester,
            ground.clock,
            ground.settings,
            sandboxMessages);
  }

  /** Of a tenant whose mails nobody carries nobody is told anything, and the log says so. */
  private Notices whereMailsAreSent(Notices mailed) {
    var hosts = mailHosts;
    var unsent = new Unsent();
    return (tx, tenant, who, notice, occasion) ->
        (hosts.sends(tenant) ? mailed : unsent).tell(tx, tenant, who, notice, occasion);
  }

  /** Mail that reaches somebody beside the address on file. */
  private static List<String> otherAddresses(Methods methods, Tx tx, TenantId tenant, UserId user) {
    return methods.enrolments.of(tx, tenant, user).stream()
        .filter(Enrolment::isActive)
        .flatMap(it -> methods.factors.of(tenant).get(it.factor()).mailAddress(it).stream())
        .toList();
  }
}
