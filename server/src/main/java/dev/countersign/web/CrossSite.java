package dev.countersign.web;

import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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

  /**
   * The token for the forms of one answer: a fresh pad, and under it what belongs to the browser. No two answers show the
   * same characters, so that no sequence of compressed ones tells what it is.
   */
  public static String token(Request request) {
    var pad = digest("pad ", request.pad());
    var both = Arrays.copyOf(pad, 2 * pad.length);
    System.arraycopy(masked(expected(request), pad), 0, both, pad.length, pad.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
  }

  private static boolean isToken(String sent, Request request) {
    byte[] both;
    try {
      both = Base64.getUrlDecoder().decode(sent);
    } catch (IllegalArgumentException _) {
      return false;
    }
    var expected = expected(request);
    int half = expected.length;
    return both.length == 2 * half
        && MessageDigest.isEqual(
            masked(Arrays.copyOfRange(both, half, 2 * half), Arrays.copyOf(both, half)), expected);
  }

  /** Another random value of this browser, which tells nothing of the one that its forms are bound to. */
  static Secret derived(String purpose, Request request) {
    var bytes = Arrays.copyOf(digest(purpose, request.browser()), 16);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static byte[] expected(Request request) {
    return digest("csrf ", request.browser());
  }

  private static byte[] masked(byte[] value, byte[] pad) {
    var masked = value.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= pad[i];
    }
    return masked;
  }

  private static byte[] digest(String purpose, Secret of) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(purpose.getBytes(StandardCharsets.US_ASCII));
      return digest.digest(of.bytes());
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
    return isToken(request.form().text(FIELD), request);
  }
}
