package dev.countersign.delivery.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Apple Push Notification service: HTTP/2, with the tenant's certificate, or with a provider token that is signed by its key. Apple wants one
 * token for at least twenty minutes and none that is older than an hour. Thread-safe.
 */
final class ApplePush {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration FRESH = Duration.ofMinutes(40);
  private static final Pattern DEVICE = Pattern.compile("[0-9a-fA-F]{64,200}");

  private final Outbound outbound;
  private final URI usual;
  private final URI sandbox;
  private final Cache<Holder, Token> kept = Caches.begin().maximumSize(10_000).build();

  private record Holder(TenantId tenant, PushPlan.Apple account) {}

  private record Token(Secret value, Moment until) {}

  ApplePush(Outbound outbound, URI usual, URI sandbox) {
    this.outbound = outbound;
    this.usual = usual;
    this.sandbox = sandbox;
  }

  Waker.Woken wake(
      TenantId tenant,
      PushPlan.Apple account,
      Dispatch.Push.Target device,
      Waker.Word word,
      Moment now) {
    if (!DEVICE.matcher(device.address()).matches()) {
      return new Waker.Woken.Gone();
    }
    var holder = new Holder(tenant, account);
    var terms = Terms.of(word);
    var call =
        Call.json(
                URI.create((account.sandbox() ? sandbox : usual) + "/3/device/" + device.address()),
                Json.write(payload(device, word)))
            .with("apns-topic", account.topic())
            .with("apns-push-type", "alert")
            .with("apns-priority", "10")
            .with("apns-expiration", String.valueOf(now.plus(terms.lasts()).seconds()))
            .with("apns-collapse-id", terms.type());
    var identity = account.identity();
    var answered =
        identity.isPresent()
            ? outbound.sendByHttp2(call, PATIENCE, identity.get())
            : outbound.sendByHttp2(
                call.with("authorization", "bearer " + token(holder, now).reveal()), PATIENCE);
    return switch (answered) {
      case Outcome.Unanswered(var why) -> new Waker.Woken.Failed(why.word());
      case Outcome.Answered answer when answer.isSuccess() -> new Waker.Woken.Taken();
      case Outcome.Answered answer -> {
        var reason = reason(answer);
        if (reason.equals("ExpiredProviderToken") || reason.equals("InvalidProviderToken")) {
          kept.invalidate(holder);
        }
        yield answer.status() == 410 || reason.equals("BadDeviceToken")
            ? new Waker.Woken.Gone()
            : new Waker.Woken.Failed("status_" + answer.status());
      }
    };
  }

  /** The app has its own words for a request; others are shown as they come. */
  static ObjectNode payload(Dispatch.Push.Target device, Waker.Word word) {
    var aps = Json.object().put("sound", "default");
    aps.set(
        "alert",
        switch (word) {
          case Waker.Word.Approval _ ->
              Json.object().put("title-loc-key", "APPROVAL").put("loc-key", "APPROVAL_BODY");
          case Waker.Word.Alert(var _, var title, var body) ->
              Json.object().put("title", title).put("body", body);
        });
    var payload = Json.object().put("device", device.device().value());
    if (word instanceof Waker.Word.Alert alert) {
      payload.put("type", alert.topic());
    }
    payload.set("aps", aps);
    return payload;
  }

  private Secret token(Holder holder, Moment now) {
    var known = kept.getIfPresent(holder);
    if (known != null && !now.reached(known.until())) {
      return known.value();
    }
    var account = holder.account();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(account.team())
            .issueTime(Date.from(now.instant()))
            .build();
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(account.keyId()).build();
    var fresh = Secret.of(Jwt.signed(header, claims, signer(account)));
    kept.put(holder, new Token(fresh, now.plus(FRESH)));
    return fresh;
  }

  private static ECDSASigner signer(PushPlan.Apple account) {
    try {
      return new ECDSASigner(PushPlan.ec(account.key()).orElseThrow());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key for Apple cannot be used", e);
    }
  }

  private static String reason(Outcome.Answered answer) {
    try {
      return Json.parse(answer.text().getBytes(StandardCharsets.UTF_8)).path("reason").asString("");
    } catch (Json.Malformed _) {
      return "";
    }
  }
}
