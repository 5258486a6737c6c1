package dev.countersign.delivery.sms;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Vonage's SMS API ({@code POST /sms/json}): a form that carries key and secret of the account, the number without its plus.
 * It answers 200 whether or not it took the text; {@code status} {@code "0"} says that it did.
 *
 * @param from a number or a sender name
 */
record Vonage(URI base, String apiKey, Secret apiSecret, String from) implements Provider {

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
    return Call.form(URI.create(base + "/sms/json"), form).with("Accept", "application/json");
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
