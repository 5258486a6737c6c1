package dev.countersign.hosted.view;

/**
 * Hands the answer to the window that opened this one or holds this frame. The content policy's {@code frame-ancestors}
 * has to name the target.
 *
 * @param targetOrigin the only origin that may read it
 * @param response the authorization response as a JSON object
 */
public record WebMessagePage(Frame frame, String targetOrigin, String response) implements Page {
  /** Says nothing of the answer. */
  @Override
  public String toString() {
    return "WebMessagePage[" + targetOrigin + "]";
  }
}
