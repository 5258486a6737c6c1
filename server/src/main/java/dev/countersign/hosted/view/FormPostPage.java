package dev.countersign.hosted.view;

import java.util.Map;

/**
 * Sends the answer to the application by a form (OAuth 2.0 Form Post Response Mode). The content policy's {@code
 * form-action} has to name the target.
 *
 * @param target the redirect URI
 * @param parameters the authorization response
 */
public record FormPostPage(Frame frame, String target, Map<String, String> parameters)
    implements Page {
  /** Says nothing of the answer. */
  @Override
  public String toString() {
    return "FormPostPage[" + target + "]";
  }
}
