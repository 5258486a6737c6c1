package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Connecting an authenticator app. Posts {@code code} and {@code name}.
 *
 * @param words the prefix of the factor's texts
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
    String words,
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

  /** In the factor's own words where it has some. */
  public String title() {
    var own = words + ".setup.title";
    return frame.text().text(frame.text().has(own) ? own : "totp.setup.title");
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "TotpSetupPage[" + label + "]";
  }
}
