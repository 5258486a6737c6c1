package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Confirms a set-up by a code that was sent, in the words of the factor. Posts {@code code}, or {@code action=again} for
 * another one.
 *
 * @param words the prefix of the factor's texts
 * @param sentTo where it was sent, masked; null if it was not sent
 * @param digits how many digits it has; 0 for other codes
 * @param again whether it can be sent again
 * @param changeUrl where to say something else first, such as another number; null if there is nothing to change
 * @param otherUrl where to choose another method; null if there is none
 */
public record CodeSetupPage(
    Frame frame,
    String words,
    @Nullable String sentTo,
    int digits,
    boolean again,
    @Nullable String changeUrl,
    @Nullable String otherUrl)
    implements Page {

  /** What to do, in one sentence. */
  public String lead() {
    var text = frame.text();
    return sentTo == null
        ? text.text(words + ".setup.lead")
        : text.text(words + ".setup.lead", Frame.leftToRight(sentTo));
  }
}
