package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Connecting an authenticator app. Posts {@code code} and {@code name}.
 *
 * @param qr the picture
 * @param key base32 in groups of four, for typing
 * @param uri the {@code otpauth:} link
 * @param label how the entry will appear: issuer and account
 * @param name prefilled name of the method
 * @param digits how many digits its codes have
 * @param phone whether the page is open on the phone itself: the link comes first, the picture last
 * @param replaced whether an earlier picture expired and this is another one
 * @param otherUrl where to choose another method; null if there is none
 */
public record TotpSetupPage(
    Frame frame,
    Qr qr,
    String key,
    String uri,
    String label,
    String name,
    int digits,
    boolean phone,
    boolean replaced,
    @Nullable String otherUrl)
    implements Page {

  /**
   * A QR code.
   *
   * @param size modules along one side, quiet zone included
   * @param path SVG path data that fills the dark modules, one unit each
   */
  public record Qr(int size, String path) {}

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "TotpSetupPage[" + label + "]";
  }
}
