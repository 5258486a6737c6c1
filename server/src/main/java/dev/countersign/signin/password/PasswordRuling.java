package dev.countersign.signin.password;

/** Whether a text may become someone's password. */
public sealed interface PasswordRuling {

  record Acceptable() implements PasswordRuling {}

  /** It may not; the person is told why (SP 800-63B-4, 3.1.1.2). */
  record Refused(Reason reason) implements PasswordRuling {}

  /** Why not. The messages of the first two take the bound as their argument. */
  enum Reason {
    TOO_SHORT("new_password.too_short"),
    TOO_LONG("new_password.too_long"),
    UNUSABLE_CHARACTER("new_password.unusable"),
    COMMON("new_password.too_common"),
    ABOUT_YOU("new_password.too_close"),
    PATTERN("new_password.too_regular");

    private final String messageKey;

    Reason(String messageKey) {
      this.messageKey = messageKey;
    }

    public String messageKey() {
      return messageKey;
    }
  }
}
