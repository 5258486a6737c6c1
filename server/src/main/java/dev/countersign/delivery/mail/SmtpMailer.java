package dev.countersign.delivery.mail;

import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Secret;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/**
 * Sends mails by SMTP (RFC 5321), one connection each. Where encryption is configured nothing is said without it, and the
 * host has to prove its name. A connection is given ten seconds, each answer twenty. Thread-safe.
 */
public final class SmtpMailer implements Mailer {
  private static final String CONNECT_MILLIS = "10000";
  private static final String ANSWER_MILLIS = "20000";
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  private final Host host;
  private final String from;
  private final InstantSource clock;
  private final Session session;

  /**
   * Where mails are handed in.
   *
   * @param user empty when it asks for no name
   */
  record Host(
      String name, int port, Keys.MailTls tls, Optional<String> user, Optional<Secret> password) {}

  SmtpMailer(Host host, String from, InstantSource clock, Optional<SSLContext> trust) {
    this.host = host;
    this.from = from;
    this.clock = clock;
    this.session = Session.getInstance(properties(trust));
  }

  /** The mailer that is configured, if a mail host is. */
  public static Optional<Mailer> of(Settings settings, InstantSource clock) {
    return settings
        .get(Keys.MAIL_HOST)
        .map(name ->
            new SmtpMailer(
                new Host(
                    name,
                    settings.get(Keys.MAIL_PORT),
                    settings.get(Keys.MAIL_TLS),
                    settings.get(Keys.MAIL_USER),
                    settings.get(Keys.MAIL_PASSWORD)),
                settings.get(Keys.MAIL_FROM),
                clock,
                Optional.empty()));
  }

  private Properties properties(Optional<SSLContext> trust) {
    var properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", CONNECT_MILLIS);
    properties.setProperty("mail.smtp.timeout", ANSWER_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", ANSWER_MILLIS);
    properties.setProperty("mail.smtp.localhost", domain());
    properties.setProperty("mail.smtp.from", from);
    properties.setProperty("mail.smtp.auth", String.valueOf(host.user().isPresent()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    switch (host.tls()) {
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case IMPLICIT -> properties.setProperty("mail.smtp.ssl.enable", "true");
      case OFF -> {
        // Plain, as configured: for a mail host on this machine.
      }
    }
    trust.ifPresent(
        context -> properties.put("mail.smtp.ssl.socketFactory", context.getSocketFactory()));
    return properties;
  }

  @Override
  public Outcome send(Mail mail) {
    MimeMessage message;
    try {
      message = message(mail);
    } catch (AddressException e) {
      return new Outcome.Never("the address is none that a mail can be sent to");
    } catch (MessagingException e) {
      throw new IllegalStateException("mail " + mail.id() + " cannot be put together", e);
    }
    try (var transport = session.getTransport("smtp")) {
      transport.connect(
          host.name(),
          host.port(),
          host.user().orElse(null),
          host.password().map(Secret::reveal).orElse(null));
      transport.sendMessage(message, message.getAllRecipients());
      return new Outcome.Sent();
    } catch (AuthenticationFailedException e) {
      return new Outcome.Later(
          "the mail host does not accept mail.smtp.user and mail.smtp.password");
    } catch (SendFailedException e) {
      return refused(e);
    } catch (MessagingException e) {
      return new Outcome.Later("the mail host cannot be reached or spoken to: " + kind(e));
    }
  }

  /** Codes from 500 on are for good (RFC 5321 section 4.2.1). The host's words may repeat the address, so only the code is told. */
  private static Outcome refused(SendFailedException refusal) {
    for (Exception e = refusal; e instanceof MessagingException each; e = each.getNextException()) {
      int reply = reply(each);
      if (reply > 0) {
        return reply >= 500
            ? new Outcome.Never("the mail host answered " + reply)
            : new Outcome.Later("the mail host answered " + reply);
      }
    }
    return new Outcome.Later("the mail host did not take it: " + kind(refusal));
  }

  private static int reply(MessagingException e) {
    return switch (e) {
      case SMTPAddressFailedException address -> address.getReturnCode();
      case SMTPSenderFailedException sender -> sender.getReturnCode();
      case SMTPSendFailedException sending -> sending.getReturnCode();
      case MessagingException _ -> 0;
    };
  }

  private static String kind(MessagingException e) {
    Throwable bottom = e;
    while (bottom instanceof MessagingException each && each.getNextException() != null) {
      bottom = each.getNextException();
    }
    return bottom.getClass().getSimpleName();
  }

  private MimeMessage message(Mail mail) throws MessagingException {
    var message = new Numbered(session, "<" + mail.id() + "@" + domain() + ">");
    message.setFrom(named(from, mail.sender()));
    message.setRecipients(Message.RecipientType.TO, new Address[] {address(mail.to())});
    if (mail.replyTo().isPresent()) {
      message.setReplyTo(new Address[] {address(mail.replyTo().get())});
    }
    message.setSubject(oneLine(mail.subject()), UTF_8);
    message.setHeader(
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
    message.setHeader("Content-Language", oneLine(mail.language()));
    message.setHeader(
        "Auto-Submitted",
        "auto-generated"); // RFC 3834 section 5: so that no holiday notice answers
    message.setHeader("X-Auto-Response-Suppress", "All"); // the same for Exchange
    message.setContent(body(mail));
    message.saveChanges();
    return message;
  }

  /** Plain first: of alternatives the last one that a program understands is shown (RFC 2046 section 5.1.4). */
  private static MimeMultipart body(Mail mail) throws MessagingException {
    var plain = new MimeBodyPart();
    plain.setText(mail.plain(), UTF_8);
    var html = new MimeBodyPart();
    html.setText(mail.html(), UTF_8, "html");
    return new MimeMultipart("alternative", plain, html);
  }

  private static InternetAddress named(String address, String name) throws MessagingException {
    try {
      var named = address(address);
      named.setPersonal(oneLine(name), UTF_8);
      return named;
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("every JDK knows UTF-8", e);
    }
  }

  /** Exactly one address, without name, comment or group, its domain in ASCII (RFC 5890). */
  private static InternetAddress address(String text) throws AddressException {
    int at = text.lastIndexOf('@');
    if (at < 1
        || !text.matches("[^\\s\\p{Cntrl}\"(),:;<>\\[\\]\\\\]{3,320}")
        || text.indexOf('@') != at) {
      throw new AddressException("not one plain address");
    }
    try {
      return new InternetAddress(
          text.substring(0, at + 1) + IDN.toASCII(text.substring(at + 1)), true);
    } catch (IllegalArgumentException e) {
      throw new AddressException("no domain has this name");
    }
  }

  /** A header is one line: a line break in a name or subject would begin another header. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
  }

  private String domain() {
    return from.substring(from.lastIndexOf('@') + 1);
  }

  /** A message whose id is ours. */
  private static final class Numbered extends MimeMessage {
    private final String id;

    Numbered(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
