package dev.countersign.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.countersign.config.Keys.MailTls;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Secret;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real SMTP server. */
class SmtpMailerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-02T09:00:15Z"));

  private final GreenMail plain =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());

  @BeforeEach
  void start() {
    plain.start();
  }

  @AfterEach
  void stop() {
    plain.stop();
  }

  private SmtpMailer mailer(MailTls tls) {
    return mailer(tls, plain.getSmtp().getPort(), Optional.empty());
  }

  private static SmtpMailer mailer(MailTls tls, int port, Optional<String> user) {
    return new SmtpMailer(
        new SmtpMailer.Host("127.0.0.1", port, tls, user, user.map(Secret::of)),
        "no-reply@acme.example",
        CLOCK,
        Optional.empty());
  }

  private static Mail mail(String sender, String to, String subject) {
    return new Mail(
        "mail_1",
        sender,
        to,
        Optional.of("help@acme.example"),
        "de",
        subject,
        "Guten Tag Ana,\nein Wort",
        "<p>ein Wört</p>");
  }

  private MimeMessage only() {
    assertThat(plain.getReceivedMessages()).hasSize(1);
    return plain.getReceivedMessages()[0];
  }

  @Test
  void a_mail_arrives_whole_and_says_what_it_is() throws MessagingException, IOException {
    assertThat(
            mailer(MailTls.OFF)
                .send(mail("Acme Bänk", "ana@acme.example", "Neue Anmeldemethode für Größe")))
        .isInstanceOf(Mailer.Outcome.Sent.class);

    var it = only();
    assertThat(it.getSubject()).isEqualTo("Neue Anmeldemethode für Größe");
    assertThat(it.getFrom()[0]).hasToString("=?UTF-8?Q?Acme_B=C3=A4nk?= <no-reply@acme.example>");
    assertThat(it.getReplyTo()[0]).hasToString("help@acme.example");
    assertThat(it.getAllRecipients()).hasSize(1);
    assertThat(it.getMessageID()).isEqualTo("<mail_1@acme.example>");
    assertThat(it.getHeader("Date")).containsExactly("Mon, 2 Mar 2026 09:00:15 GMT");
    assertThat(it.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(it.getHeader("Content-Language")).containsExactly("de");
    assertThat(it.getHeader("MIME-Version")).containsExactly("1.0");
    var parts = (MimeMultipart) it.getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
    assertThat(parts.getBodyPart(0).getContent().toString())
        .contains("Guten Tag Ana,")
        .contains("ein Wort");
    assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    assertThat(parts.getBodyPart(1).getContent()).isEqualTo("<p>ein Wört</p>");
  }

  @Test
  void no_name_and_no_subject_can_add_a_header() throws MessagingException {
    mailer(MailTls.OFF)
        .send(
            mail(
                "Acme\r\nBcc: eve@evil.example",
                "ana@acme.example",
                "Hello\r\nBcc: eve@evil.example\r\n\r\nBody\u2028x"));

    var it = only();
    assertThat(it.getHeader("Bcc")).isNull();
    assertThat(it.getAllRecipients()).hasSize(1);
    assertThat(it.getSubject()).isEqualTo("Hello Bcc: eve@evil.example Body x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "ana", "@acme.example", "ana@", "ana@acme.example,eve@evil.example",
            "ana@acme.example\r\nRCPT TO:<eve@evil.example>",
        "Ana <ana@acme.example>", "ana@acme.example (x)", "ana@evil@acme.example",
            "list: ana@acme.example;", "a na@acme.example", "\"a\"@acme.example"
      })
  void PWD_06_what_is_not_one_plain_address_gets_no_mail(String to) {
    assertThat(mailer(MailTls.OFF).send(mail("Acme", to, "Hello")))
        .isInstanceOf(Mailer.Outcome.Never.class);
    assertThat(plain.getReceivedMessages()).isEmpty();
  }

  @Test
  void a_domain_in_any_script_is_reached() throws MessagingException {
    mailer(MailTls.OFF).send(mail("Acme", "ana@bücher.example", "Hello"));

    assertThat(only().getAllRecipients()[0]).hasToString("ana@xn--bcher-kva.example");
  }

  @Test
  void where_starttls_is_configured_nothing_is_said_without_it() {
    assertThat(mailer(MailTls.STARTTLS).send(mail("Acme", "ana@acme.example", "Hello")))
        .isInstanceOf(Mailer.Outcome.Later.class);
    assertThat(plain.getReceivedMessages()).isEmpty();
  }

  @Test
  void a_mail_host_that_cannot_prove_its_name_gets_nothing() {
    var smtps =
        new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS).dynamicPort());
    smtps.start();
    try {
      assertThat(
              mailer(MailTls.IMPLICIT, smtps.getSmtps().getPort(), Optional.empty())
                  .send(mail("Acme", "ana@acme.example", "Hello")))
          .isInstanceOf(Mailer.Outcome.Later.class);
      assertThat(smtps.getReceivedMessages()).isEmpty();
    } finally {
      smtps.stop();
    }
  }

  @Test
  void name_and_password_are_given_where_configured_and_wrong_ones_are_tried_again_later() {
    plain.setUser("no-reply@acme.example", "robot", "robot");

    assertThat(
            mailer(MailTls.OFF, plain.getSmtp().getPort(), Optional.of("robot"))
                .send(mail("Acme", "ana@acme.example", "Hello")))
        .isInstanceOf(Mailer.Outcome.Sent.class);
    plain.getManagers().getUserManager().setAuthRequired(true);
    assertThat(
            mailer(MailTls.OFF, plain.getSmtp().getPort(), Optional.of("stranger"))
                .send(mail("Acme", "ana@acme.example", "Hello")))
        .isInstanceOfSatisfying(
            Mailer.Outcome.Later.class,
            later -> assertThat(later.why()).doesNotContain("stranger"));
  }

  @Test
  void a_mail_host_that_is_away_is_tried_again_later() throws IOException {
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }

    assertThat(
            mailer(MailTls.OFF, nobody, Optional.empty())
                .send(mail("Acme", "ana@acme.example", "Hello")))
        .isInstanceOf(Mailer.Outcome.Later.class);
  }

  @Test
  void without_a_mail_host_there_is_no_mailer() {
    assertThat(SmtpMailer.of(Settings.with(Map.of()), CLOCK)).isEmpty();
    assertThat(SmtpMailer.of(Settings.with(Map.of("mail.smtp.host", "mail.acme.example")), CLOCK))
        .isPresent();
  }
}
