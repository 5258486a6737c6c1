package dev.countersign.delivery.sms;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Vonage's SMS API ({@code POST /sms/json}): a form that carries key and secret of the account, the number without its plus.
 * It answers 200 whether or not it took the text; {@code status} {@code "0"} says that it did.
 *
 * @param from a number or a sender name
 * @param signatureSecret by which the account's webhooks are signed; empty when receipts are not wanted
 */
record Vonage(URI base, String apiKey, Secret apiSecret, String from, Secret signatureSecret)
    implements Provider {
  /** How far the time of a receipt may be off. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  @Override
  public Name name() {
    return Name.VONAGE;
  }

  @Override
  public Call call(Text text, Moment now) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("api_key", apiKey);
    form.put("api_secret", apiSecret.reveal());
    form.put("from", from);
    form.put("to", text.to().substring(1));
    form.put("text", text.body().reveal());
    // Without this, letters beyond ASCII arrive as question marks.
    var ascii = StandardCharsets.US_ASCII.newEncoder();
    form.put("type", ascii.canEncode(text.body().reveal()) ? "text" : "unicode");
    form.put("client-ref", text.id());
    if (!signatureSecret.isEmpty()) {
      text.receipts()
          .ifPresent(it -> {
            form.put("status-report-req", "1");
            form.put("callback", it + Receipts.VONAGE);
          });
    }
    return Call.form(URI.create(base + "/sms/json"), form).with("Accept", "application/json");
  }

  /**
   * Whether this account signed a webhook ("Signing messages"): HMAC over the fields in the order of their names, by SHA-256 or
   * SHA-512, a little while ago at most. Its other way, MD5 over fields and secret, is not believed.
   */
  boolean signs(Map<String, String> fields, Moment now) {
    var stamp = fields.getOrDefault("timestamp", "");
    if (signatureSecret.isEmpty()
        || !stamp.matches("[0-9]{1,12}")
        || Math.abs(Long.parseLong(stamp) - now.seconds()) > SKEW.toSeconds()
        || !fields.getOrDefault("api-key", apiKey).equals(apiKey)) {
      return false;
    }
    var signed = new StringBuilder();
    new TreeMap<>(fields)
        .forEach((name, value) -> {
          if (!name.equals("sig")) {
            signed.append('&').append(name).append('=');
            signed.append(value.replace('&', '_').replace('=', '_'));
          }
        });
    var signature = fields.getOrDefault("sig", "").toLowerCase(Locale.ROOT);
    return Signed.equal(signature, Signed.hex("HmacSHA256", signatureSecret, signed.toString()))
        || Signed.equal(signature, Signed.hex("HmacSHA512", signatureSecret, signed.toString()));
  }

  /** What a delivery receipt says, when it is the last word. */
  static Optional<Receipt> receipt(Map<String, String> fields) {
    var text = fields.getOrDefault("client-ref", "");
    var detail = fields.getOrDefault("err-code", "");
    return switch (fields.getOrDefault("status", "")) {
      case "delivered" -> Receipt.of(text, Receipt.State.ARRIVED, detail);
      case "failed", "rejected", "expired" -> Receipt.of(text, Receipt.State.LOST, detail);
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<String> taken(Outcome.Answered answer) {
    if (!answer.isSuccess()) {
      return Optional.empty();
    }
    try {
      var messages = Json.parse(answer.text().getBytes(StandardCharsets.UTF_8)).path("messages");
      for (var part : messages) {
        if (!part.path("status").asString("").equals("0")) {
          return Optional.empty();
        }
      }
      var reference = messages.path(0).path("message-id");
      return reference.isString() ? Optional.of(reference.stringValue()) : Optional.empty();
    } catch (Json.Malformed _) {
      return Optional.empty();
    }
  }
}
