package dev.countersign.delivery.push;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Wakes browsers through the push service of their maker (RFC 8030). Thread-safe. */
public final class WebPushWaker implements Waker {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int AUTH = 16;
  private static final int SALT = 16;

  private final Outbound outbound;
  private final ServerKeys serverKeys;
  private final Tenants tenants;
  private final Entropy entropy;

  public WebPushWaker(Outbound outbound, ServerKeys serverKeys, Tenants tenants, Entropy entropy) {
    this.outbound = outbound;
    this.serverKeys = serverKeys;
    this.tenants = tenants;
    this.entropy = entropy;
  }

  @Override
  public Woken wake(TenantId tenant, Dispatch.Push.Target device, Word word, Moment now) {
    return message(tenant, device, word, now)
        .map(it -> woken(outbound.send(it.uri(), it.headers(), it.body(), PATIENCE)))
        .orElseGet(Woken.Gone::new);
  }

  /** A subscription that has ended is answered 404 or 410 (RFC 8030 sections 7.3 and 5). */
  private static Woken woken(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unanswered(var why) -> new Woken.Failed(why.word());
      case Outcome.Answered answer when answer.isSuccess() -> new Woken.Taken();
      case Outcome.Answered(var status, var _) when status == 404 || status == 410 ->
          new Woken.Gone();
      case Outcome.Answered(var status, var _) -> new Woken.Failed("status_" + status);
    };
  }

  /** Read by the worker of the approver's page. */
  private static byte[] text(Word word) {
    var said = Json.object().put("type", Terms.of(word).type());
    if (word instanceof Word.Alert alert) {
      said.put("title", alert.title()).put("body", alert.body());
    }
    return Json.writeBytes(said);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(URI uri, Map<String, String> headers, byte[] body) {}

  /** Nothing when the browser's subscription is none. */
  private Optional<Message> message(
      TenantId tenant, Dispatch.Push.Target device, Word word, Moment now) {
    URI uri;
    byte[] point;
    byte[] auth;
    try {
      uri = URI.create(device.address());
      point = Base64.getUrlDecoder().decode(device.p256dh());
      auth = Base64.getUrlDecoder().decode(device.auth());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    if (uri.getHost() == null || auth.length != AUTH) {
      return Optional.empty();
    }
    return WebPush.key(point)
        .map(browser -> {
          var body =
              WebPush.encrypted(text(word), browser, auth, ServerKeys.fresh(), entropy.bytes(SALT));
          var terms = Terms.of(word);
          var key = serverKeys.of(tenant, now);
          var audience = uri.getScheme() + "://" + uri.getRawAuthority();
          return new Message(
              uri,
              Map.of(
                  "Authorization",
                  WebPush.authorization(key, audience, tenants.origin(tenant), now),
                  "Content-Encoding",
                  "aes128gcm",
                  "Content-Type",
                  "application/octet-stream",
                  "TTL",
                  String.valueOf(terms.lasts().toSeconds()),
                  "Urgency",
                  "high",
                  "Topic",
                  terms.type()),
              body);
        });
  }
}
