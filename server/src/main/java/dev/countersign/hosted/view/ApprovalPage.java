package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Shows a number to be typed on another device, and waits. Posts nothing to go on, or {@code action=again} to ask anew.
 *
 * @param words the prefix of the factor's texts
 * @param device the name its owner gave it; null if unnamed
 * @param every seconds between two looks whether it was answered
 * @param reason why it is asked, one line; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record ApprovalPage(
    Frame frame,
    Context context,
    String words,
    @Nullable String device,
    String number,
    State state,
    int every,
    @Nullable String reason,
    @Nullable String otherUrl)
    implements Page {

  /** How far it has come. */
  public enum State {
    WAITING,
    ANSWERED,
    EXPIRED,
    MISMATCHED
  }

  /** Whether it can still be answered, or was. */
  public boolean open() {
    return state == State.WAITING || state == State.ANSWERED;
  }

  /** What tells one state of the page from another. */
  public String mark() {
    return state == State.ANSWERED
        ? "answered"
        : state.name().toLowerCase(java.util.Locale.ROOT) + number;
  }

  /** What to do, in one sentence. */
  public String lead() {
    var text = frame.text();
    return switch (state) {
      case WAITING, ANSWERED ->
          device != null
              ? text.text(words + ".challenge.lead_named", device)
              : text.text(words + ".challenge.lead");
      case EXPIRED -> text.text(words + ".challenge.expired");
      case MISMATCHED -> text.text(words + ".challenge.mismatched");
    };
  }
}
