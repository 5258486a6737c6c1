package dev.countersign.delivery.sms;

import java.util.Optional;

/**
 * What became of a text in the end, as its provider says.
 *
 * @param text our id of it
 * @param detail the provider's own number for why; may be empty
 */
record Receipt(String text, State state, String detail) {
  enum State {
    ARRIVED("arrived"),
    LOST("lost");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** As it is stored. */
    String word() {
      return word;
    }
  }

  /** Nothing when no text of ours is named. */
  static Optional<Receipt> of(String text, State state, String detail) {
    return text.matches("txt_[A-Za-z0-9_-]{1,36}")
        ? Optional.of(new Receipt(text, state, detail.matches("[0-9]{1,8}") ? detail : ""))
        : Optional.empty();
  }
}
