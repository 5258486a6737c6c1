package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Asks once before something that can't be undone. Posts {@code action=confirm}.
 *
 * @param title the question
 * @param lead what will happen
 * @param warning what would be easily overlooked; null if nothing
 * @param submit the words of the button
 * @param cancelUrl the way back
 */
public record ConfirmPage(
    Frame frame,
    String title,
    String lead,
    @Nullable String warning,
    String submit,
    String cancelUrl)
    implements Page {

  /** What removing a method would mean for its owner. */
  public enum Consequence {
    NONE,
    UNPROTECTED,
    MUST_SET_UP_AGAIN
  }

  /** May this method be removed? */
  public static ConfirmPage removal(
      Frame frame, String method, Consequence consequence, String cancelUrl) {
    var text = frame.text();
    var warning =
        switch (consequence) {
          case NONE -> null;
          case UNPROTECTED -> text.text("confirm.remove.last");
          case MUST_SET_UP_AGAIN -> text.text("confirm.remove.last_required");
        };
    return new ConfirmPage(
        frame,
        text.text("confirm.remove.title", method),
        text.text("confirm.remove.lead"),
        warning,
        text.text("confirm.remove.submit"),
        cancelUrl);
  }

  /** May the old backup codes go? */
  public static ConfirmPage newCodes(Frame frame, int left, String cancelUrl) {
    var text = frame.text();
    return new ConfirmPage(
        frame,
        text.text("confirm.codes.title"),
        text.text("confirm.codes.lead", left),
        null,
        text.text("confirm.codes.submit"),
        cancelUrl);
  }

  /** May all other sessions end? */
  public static ConfirmPage everywhere(Frame frame, String cancelUrl) {
    var text = frame.text();
    return new ConfirmPage(
        frame,
        text.text("confirm.everywhere.title"),
        text.text("confirm.everywhere.lead"),
        null,
        text.text("confirm.everywhere.submit"),
        cancelUrl);
  }
}
