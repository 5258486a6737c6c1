package dev.countersign.signin.password;

/** Whether a password was right. */
public sealed interface PasswordCheck {

  /**
   * It was right.
   *
   * @param needsUpgrade the stored hash is of another kind or weaker than today's: hash this password anew and
   *     store that
   */
  record Verified(boolean needsUpgrade) implements PasswordCheck {}

  /** It was wrong. */
  record Wrong() implements PasswordCheck {}
}
