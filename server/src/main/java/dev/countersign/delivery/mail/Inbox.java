package dev.countersign.delivery.mail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps mails instead of sending them, the newest ones, for a demonstration or a test. Thread-safe. */
public final class Inbox implements Mailer {
  private static final int MOST = 500;

  private final Deque<Mail> mails = new ArrayDeque<>();

  @Override
  public synchronized Outcome send(Mail mail) {
    if (mails.size() == MOST) {
      mails.removeFirst();
    }
    mails.addLast(mail);
    return new Outcome.Sent();
  }

  /** What came, oldest first. */
  public synchronized List<Mail> mails() {
    return List.copyOf(mails);
  }
}
