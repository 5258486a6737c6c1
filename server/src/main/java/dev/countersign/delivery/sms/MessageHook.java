package dev.countersign.delivery.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import dev.countersign.outbound.StandardWebhooks;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A tenant's own sender: an event {@code phone_message_hook}, signed as Standard Webhooks say. The id of the message is the
 * same however often it is sent, for the receiver to know it by.
 *
 * @param secret {@code whsec_} and the key in base 64, or the key as text
 */
record MessageHook(URI url, Secret secret) implements Provider {
  @Override
  public Name name() {
    return Name.HOOK;
  }

  /** It is its owner's to know how. */
  @Override
  public boolean carries(Dispatch.Via via) {
    return true;
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
            .put("message_type", TextPlan.word(text.via()))
            .put("action", text.enrolling() ? "enrollment" : "second-factor-authentication")
            .put("language", text.language()));
    var body = Json.write(event);
    return StandardWebhooks.signed(Call.json(url, body), text.id(), now, List.of(secret));
  }

  @Override
  public Optional<String> taken(Outcome.Answered answer) {
    return answer.isSuccess() ? Optional.of("") : Optional.empty();
  }
}
