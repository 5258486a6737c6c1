package dev.countersign.delivery.mail;

/** Hands mails to whatever carries them. Thread-safe. */
@FunctionalInterface
public interface Mailer {
  /** What came of it; why not is for the log, without address or text. */
  sealed interface Outcome {
    record Sent() implements Outcome {}

    /** Not now. */
    record Later(String why) implements Outcome {}

    /** Not ever. */
    record Never(String why) implements Outcome {}
  }

  /** Sends one; takes as long as the mail host takes, within the mailer's limits. */
  Outcome send(Mail mail);
}
