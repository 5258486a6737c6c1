package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * The way back by waiting.
 *
 * @param hours how long one waits
 * @param when a time in the reader's form: from when on, or until when a new method may be set up; null where there is none yet
 * @param sentTo where a code was mailed to; null while none was
 * @param backUrl to the other ways
 */
public record WaitPage(
    Frame frame,
    State state,
    int hours,
    @Nullable String when,
    @Nullable String sentTo,
    String backUrl)
    implements Page {

  /** How far it is. */
  public enum State {
    OFFERED,
    NO_MAIL,
    WAITING,
    DUE
  }

  /** Whether a code is to be typed now. */
  public boolean asks() {
    return sentTo != null && (state == State.OFFERED || state == State.DUE);
  }

  /** What stands below the title. */
  public String lead() {
    var text = frame.text();
    if (sentTo != null && asks()) {
      return text.text("wait.code_lead", Frame.leftToRight(sentTo));
    }
    return switch (state) {
      case OFFERED -> text.text("wait.lead", hours);
      case NO_MAIL -> text.text("wait.no_mail", frame.brand().name());
      case WAITING -> text.text("wait.waiting_lead", when == null ? "" : when);
      case DUE -> text.text("wait.due_lead", when == null ? "" : when);
    };
  }

  public String title() {
    if (asks()) {
      return frame.text().text("wait.code_title");
    }
    return switch (state) {
      case OFFERED, NO_MAIL -> frame.text().text("wait.title");
      case WAITING -> frame.text().text("wait.waiting_title");
      case DUE -> frame.text().text("wait.due_title");
    };
  }
}
