package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Says that what a challenge needs could not be sent, and what else there is. The frame says why. Posts {@code
 * action=again} to try once more.
 *
 * @param words the prefix of the factor's texts
 * @param over why the question is over, where it was sent; null when it was not
 * @param otherUrl "Try another way"; null if there is none
 */
public record UnsentPage(
    Frame frame, String words, @Nullable String over, @Nullable String otherUrl, String lostUrl)
    implements Page {

  public UnsentPage(Frame frame, String words, @Nullable String otherUrl, String lostUrl) {
    this(frame, words, null, otherUrl, lostUrl);
  }

  public String title() {
    return frame.text().text(over == null ? words + ".unsent.title" : words + ".over." + over);
  }

  public String lead() {
    return frame.text().text(over == null ? "unsent.lead" : "over.lead");
  }
}
