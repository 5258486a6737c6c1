package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Sends the person elsewhere, in the words of the factor: to another page, or to another device. Posts nothing to go on, or
 * {@code action=again} to ask anew.
 *
 * @param words the prefix of the texts, {@code .challenge} or {@code .setup} included
 * @param context where and for what; null while setting up
 * @param address where the browser goes; null when it stays
 * @param goesOn whether there is something to go on with here
 * @param again whether it can be asked anew
 * @param reason why it is asked, one line; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record ElsewherePage(
    Frame frame,
    String words,
    @Nullable Context context,
    @Nullable String address,
    boolean goesOn,
    boolean again,
    @Nullable String reason,
    @Nullable String otherUrl)
    implements Page {

  /** What is wrong with the answer, or null. */
  public @Nullable Notice problem() {
    var error = frame.error("code");
    return error == null ? null : new Notice(Notice.Tone.PROBLEM, error);
  }

  /** Whether there is a box to have this browser trusted. */
  public boolean offersTrust() {
    return context != null && context.trustHours() > 0;
  }

  /** Says nothing of the address, which carries a request. */
  @Override
  public String toString() {
    return "ElsewherePage[" + words + "]";
  }
}
