package dev.countersign.outbound;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs calls as Standard Webhooks 1.0 say, so that the receiver knows who calls, that nothing was changed, and when it was
 * sent. The id of a message is the same however often it is sent.
 */
public final class StandardWebhooks {
  /** The header that names a message. */
  static final String ID = "webhook-id";

  private static final String PREFIX = "whsec_";

  private StandardWebhooks() {}

  /** A new key of 256 bits, as it is shown to its owner. */
  public static Secret freshKey(Entropy entropy) {
    return Secret.of(PREFIX + Base64.getEncoder().encodeToString(entropy.bytes(32)));
  }

  /**
   * The call with its signature: one for each key, so that a receiver that knows any of them accepts it.
   *
   * @param keys {@code whsec_} and the key in base 64 each, or the key as text
   */
  public static Call signed(Call call, String id, Moment now, List<Secret> keys) {
    var stamp = String.valueOf(now.seconds());
    var content = id + "." + stamp + "." + call.body();
    return call.with(ID, id)
        .with("webhook-timestamp", stamp)
        .with(
            "webhook-signature",
            keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, content)))
                .collect(Collectors.joining(" ")));
  }

  /** HMAC-SHA256 with such a key. */
  public static byte[] mac(Secret key, String content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(key), "HmacSHA256"));
      return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(Secret key) {
    var text = key.reveal();
    if (text.startsWith(PREFIX)) {
      try {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
      } catch (IllegalArgumentException _) {
        return key.bytes();
      }
    }
    return key.bytes();
  }
}
