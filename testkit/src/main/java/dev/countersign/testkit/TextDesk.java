package dev.countersign.testkit;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Where one provider takes texts: in its own format, and as strict as the real one. */
@FunctionalInterface
interface TextDesk {
  /** What it says to a request. */
  Said hear(Sent sent) throws Unfit;

  /** Something about a request that its provider would not stand. */
  final class Unfit extends Exception {
    private static final long serialVersionUID = 1;
    final int status;

    Unfit(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  record Sent(URI uri, Map<String, String> headers, String body) {
    Map<String, String> form() throws Unfit {
      if (!headers
          .getOrDefault("content-type", "")
          .startsWith("application/x-www-form-urlencoded")) {
        throw new Unfit(415, "a form is needed");
      }
      Map<String, String> out = new LinkedHashMap<>();
      for (var field : body.split("&", -1)) {
        var parts = field.split("=", 2);
        out.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
      return out;
    }
  }

  /** What one of them says: yes, with the text; and how it would say no in its own words. */
  record Said(
      TextSink.Account account,
      TextSink.@Nullable Taken text,
      int status,
      String yes,
      int politeStatus,
      String no) {}

  static String need(Map<String, String> form, String name) throws Unfit {
    var value = form.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new Unfit(400, "missing " + name);
    }
    return value;
  }

  static void must(boolean fits, int status, String why) throws Unfit {
    if (!fits) {
      throw new Unfit(status, why);
    }
  }

  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  static String number(String text) throws Unfit {
    must(text.matches("\\+[1-9][0-9]{6,14}"), 400, "no number in E.164: " + text.length());
    return text;
  }

  static byte[] hmac(byte[] key, byte[] text) {
    return hmac("HmacSHA256", key, text);
  }

  static byte[] hmac(String algorithm, byte[] key, byte[] text) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
