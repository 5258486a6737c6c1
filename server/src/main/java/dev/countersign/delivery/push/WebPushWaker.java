package dev.countersign.delivery.push;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Wakes browsers through the push service of their maker (RFC 8030). Thread-safe. */
public final class WebPushWaker implements Waker {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** As long as what it tells of can be decided. */
  private static final String SECONDS = "120";

  private static final int AUTH = 16;
  private static final int SALT = 16;
  private static final byte[] TEXT = "{\"type\":\"approval\"}".getBytes(StandardCharsets.US_ASCII);

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
  public Woken wake(TenantId tenant, Dispatch.Push.Target device, Moment now) {
    return message(tenant, device, now)
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

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(URI uri, Map<String, String> headers, byte[] body) {}

  /** Nothing when the browser's subscription is none. */
  private Optional<Message> message(TenantId tenant, Dispatch.Push.Target device, Moment now) {
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
              WebPush.encrypted(TEXT, browser, auth, ServerKeys.fresh(), entropy.bytes(SALT));
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
                  SECONDS,
                  "Urgency",
                  "high",
                  "Topic",
                  "approval"),
              body);
        });
  }
}
