package dev.countersign.web;

import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Keeps other sites from posting our forms. Two independent checks: the browser's own word on where the request came
 * from ({@code Sec-Fetch-Site}, or {@code Origin}), and a token in the form that is the hash of a cookie which other
 * sites can neither read nor, with its {@code __Host-} prefix, set.
 */
public final class CrossSite {
  static final String COOKIE = "cs_browser";
  public static final String FIELD = "csrf";

  private CrossSite() {}

  /** The token for the forms of this browser. */
  public static String token(Request request) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("csrf ".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(digest.digest(request.browser().bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isOurs(Request request) {
    var said = request.header("sec-fetch-site");
    if (said.isPresent() && !said.get().equals("same-origin")) {
      return false;
    }
    var origin = request.header("origin");
    if (origin.isPresent() && !origin.get().equals(request.site().origin())) {
      return false;
    }
    if (request.cookie(COOKIE).isEmpty()) {
      return false;
    }
    return Secret.of(request.form().text(FIELD)).equals(Secret.of(token(request)));
  }
}
