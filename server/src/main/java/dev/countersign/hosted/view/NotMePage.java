package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a notice was about somebody else's doing, and says afterwards that all is closed.
 *
 * @param owner the name by which the user knows the account
 * @param consequences what will happen, or has, line by line
 * @param nextUrl where to go on once it is done; null while it is asked
 */
public record NotMePage(
    Frame frame, String owner, List<String> consequences, @Nullable String nextUrl)
    implements Page {

  public NotMePage {
    consequences = List.copyOf(consequences);
  }

  /** Shall it be done? {@code added} if the notice told of a factor that was added. */
  public static NotMePage asking(Frame frame, String owner, boolean added) {
    var text = frame.text();
    var lines =
        added
            ? List.of(
                text.text("not_me.sessions"),
                text.text("not_me.password"),
                text.text("not_me.added"),
                text.text("not_me.others"))
            : List.of(
                text.text("not_me.sessions"),
                text.text("not_me.password"),
                text.text("not_me.others"));
    return new NotMePage(frame, owner, lines, null);
  }

  /** It is done. */
  public static NotMePage done(Frame frame, String owner, String nextUrl) {
    return new NotMePage(frame, owner, List.of(), nextUrl);
  }
}
