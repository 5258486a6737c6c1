package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a code, in the words of the factor. Posts {@code code}, or {@code action=again} for another one.
 *
 * @param words the prefix of the factor's texts
 * @param device the name its owner gave it; null if unnamed
 * @param sentTo where the code was sent, masked; null if it was not sent
 * @param digits how many digits it has; 0 for other codes
 * @param again whether it can be sent again
 * @param reason why it is asked, one line; null says nothing
 * @param warning one line above the form; null says nothing
 * @param attemptsLeft shown when few are left; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record CodeChallengePage(
    Frame frame,
    Context context,
    String words,
    @Nullable String device,
    @Nullable String sentTo,
    int digits,
    boolean again,
    @Nullable String reason,
    @Nullable Notice warning,
    @Nullable Integer attemptsLeft,
    @Nullable String otherUrl)
    implements Page {

  /** What to do, in one sentence. */
  public String lead() {
    var text = frame.text();
    if (sentTo != null) {
      return text.text(words + ".challenge.lead", Frame.leftToRight(sentTo));
    }
    return device != null && text.has(words + ".challenge.lead_named")
        ? text.text(words + ".challenge.lead_named", device)
        : text.text(words + ".challenge.lead");
  }
}
