package dev.countersign.delivery.sms;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A tenant's own sender: an event {@code phone_message_hook}, signed as Standard Webhooks say. The id of the message is the
 * same however often it is sent, for the receiver to know it by.
 *
 * @param secret {@code whsec_} and the key in base 64, or the key as text
 */
record MessageHook(URI url, Secret secret) implements Provider {
  private static final String PREFIX = "whsec_";

  @Override
  public Name name() {
    return Name.HOOK;
  }

  @Override
  public Call call(Text text, Moment now) {
    var event = Json.object().put("type", "phone_message_hook").put("timestamp", now.toString());
    event.set(
        "data",
        Json.object()
            .put("recipient", text.to())
            .put("text", text.body().reveal())
            .put("code", text.code().reveal())
            .put("message_type", "sms")
            .put("action", text.enrolling() ? "enrollment" : "second-factor-authentication")
            .put("language", text.language()));
    var body = Json.write(event);
    var stamp = String.valueOf(now.seconds());
    return Call.json(url, body)
        .with("webhook-id", text.id())
        .with("webhook-timestamp", stamp)
        .with("webhook-signature", "v1," + signature(text.id() + "." + stamp + "." + body));
  }

  private String signature(String signed) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] key() {
    var text = secret.reveal();
    if (text.startsWith(PREFIX)) {
      try {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
      } catch (IllegalArgumentException _) {
        return secret.bytes();
      }
    }
    return secret.bytes();
  }

  @Override
  public Optional<String> taken(Outcome.Answered answer) {
    return answer.isSuccess() ? Optional.of("") : Optional.empty();
  }
}
