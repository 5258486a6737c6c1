package dev.countersign.delivery.mail;

import java.util.Optional;

/**
 * A mail ready to be sent.
 *
 * @param id the same at every try, so that a mail host can tell a repetition
 * @param sender the name it comes from; the address is the mailer's
 * @param to one address
 * @param replyTo one address, where the tenant wants answers
 * @param language tag of the language it is written in
 */
public record Mail(
    String id,
    String sender,
    String to,
    Optional<String> replyTo,
    String language,
    String subject,
    String plain,
    String html) {

  /** A mail may open an account: it is printed nowhere. */
  @Override
  public String toString() {
    return "Mail[" + id + "]";
  }
}
