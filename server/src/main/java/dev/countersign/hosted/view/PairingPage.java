package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Connecting another device by a QR code, and waiting for it. Posts nothing to go on, or {@code action=again} for another
 * code.
 *
 * @param words the prefix of the factor's texts
 * @param qr the picture; null when its time is over
 * @param uri the same as a link, for the phone itself
 * @param phone whether the page is open on a phone: the link comes first, the picture last
 * @param answered whether the device has come
 * @param every seconds between two looks whether it has
 * @param replaced whether an earlier picture ran out and this is another one
 * @param app an app of the tenant's that the phone needs first; null when its browser will do
 * @param otherUrl where to choose another method; null if there is none
 */
public record PairingPage(
    Frame frame,
    String words,
    TotpSetupPage.@Nullable Qr qr,
    String uri,
    boolean phone,
    boolean answered,
    int every,
    boolean replaced,
    @Nullable App app,
    @Nullable String otherUrl)
    implements Page {

  /**
   * An app, and where to get it; either place may be empty.
   *
   * @param apple for Apple's phones
   * @param google for the others
   */
  public record App(String name, String apple, String google) {}

  /** What tells one state of the page from another. */
  public String mark() {
    return answered ? "answered" : qr == null ? "over" : "waiting";
  }

  /** Says nothing of the link, which is good for a pairing. */
  @Override
  public String toString() {
    return "PairingPage[" + mark() + "]";
  }
}
