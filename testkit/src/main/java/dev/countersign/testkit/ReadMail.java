package dev.countersign.testkit;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** A mail as a mail program shows it. {@code html} is empty where there is none. */
public record ReadMail(Instant at, List<String> to, String subject, String text, String html) {
  public static ReadMail of(MailSink.Taken taken) {
    try {
      var message =
          new MimeMessage(
              Session.getInstance(new Properties()),
              new ByteArrayInputStream(taken.source().getBytes(StandardCharsets.UTF_8)));
      return new ReadMail(
          taken.at(),
          taken.to(),
          Objects.requireNonNullElse(message.getSubject(), ""),
          part(message, "text/plain"),
          part(message, "text/html"));
    } catch (MessagingException e) {
      throw new IllegalStateException("a mail that no mail program could read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String part(Part part, String type) throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return String.valueOf(part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart each = parts.getBodyPart(i);
        var found = part(each, type);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }
}
