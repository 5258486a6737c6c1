package dev.countersign.outbound;

/** What came of a call. */
public sealed interface Outcome {
  /** Somebody answered, whatever they said; {@code text} as UTF-8. */
  record Answered(int status, String text) implements Outcome {
    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    /** Says nothing of the body. */
    @Override
    public String toString() {
      return "Answered[" + status + "]";
    }
  }

  record Unanswered(Why why) implements Outcome {}

  /** Why there is no answer; the words are those of the audit log. */
  enum Why {
    /** The address is private, or plain HTTP was asked for, and the operator does not allow it. */
    NOT_ALLOWED("not_allowed"),
    UNKNOWN_HOST("unknown_host"),
    NO_CONNECTION("no_connection"),
    TOO_SLOW("too_slow"),
    TOO_LARGE("too_large"),
    BROKEN_OFF("broken_off");

    private final String word;

    Why(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
