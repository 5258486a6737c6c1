package dev.countersign.delivery.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Firebase Cloud Messaging, HTTP v1: a token from Google for a signed assertion (RFC 7523), then {@code messages:send}. The
 * token is kept until shortly before it ends. Thread-safe.
 */
final class GoogleMessaging {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

  private final Outbound outbound;
  private final URI messaging;
  private final URI tokens;
  private final Cache<Holder, Token> kept = Caches.begin().maximumSize(10_000).build();

  private record Holder(TenantId tenant, PushPlan.Google account) {}

  private record Token(Secret value, Moment until) {}

  /** What came of asking for a token. */
  private sealed interface Asked {
    record Got(Token token) implements Asked {}

    record Refused(String reason) implements Asked {}
  }

  /**
   * Google.
   *
   * @param messaging the origin of its messaging
   * @param accounts the origin where it gives tokens
   */
  GoogleMessaging(Outbound outbound, URI messaging, URI accounts) {
    this.outbound = outbound;
    this.messaging = messaging;
    this.tokens = URI.create(accounts + "/token");
  }

  Waker.Woken wake(
      TenantId tenant,
      PushPlan.Google account,
      Dispatch.Push.Target device,
      Waker.Word word,
      Moment now) {
    var holder = new Holder(tenant, account);
    var known = kept.getIfPresent(holder);
    if (known != null && !now.reached(known.until())) {
      return send(holder, known, device, word);
    }
    return switch (token(account, now)) {
      case Asked.Refused(var reason) -> new Waker.Woken.Failed(reason);
      case Asked.Got(var token) -> {
        kept.put(holder, token);
        yield send(holder, token, device, word);
      }
    };
  }

  private Asked token(PushPlan.Google account, Moment now) {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(JOSEObjectType.JWT)
            .keyID(account.keyId())
            .build();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(account.email())
            .claim("scope", SCOPE)
            .audience(tokens.toString())
            .issueTime(Date.from(now.instant()))
            .expirationTime(Date.from(now.plus(Duration.ofHours(1)).instant()))
            .build();
    var signer = new RSASSASigner(PushPlan.rsa(account.key()).orElseThrow());
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    form.put("assertion", Jwt.signed(header, claims, signer));
    return switch (outbound.send(Call.form(tokens, form), PATIENCE)) {
      case Outcome.Unanswered(var why) -> new Asked.Refused(why.word());
      case Outcome.Answered answer when answer.isSuccess() -> {
        var said = read(answer);
        var value = said.path("access_token").asString("");
        var lasts = Duration.ofSeconds(said.path("expires_in").asLong(0));
        yield value.isEmpty()
            ? new Asked.Refused("refused")
            : new Asked.Got(new Token(Secret.of(value), now.plus(lasts).minus(EARLY)));
      }
      case Outcome.Answered(var status, var _) -> new Asked.Refused("token_status_" + status);
    };
  }

  /** What only wakes is data, which the app shows; words are a notification, which the phone shows by itself. */
  private Waker.Woken send(
      Holder holder, Token token, Dispatch.Push.Target device, Waker.Word word) {
    var terms = Terms.of(word);
    var message = Json.object().put("token", device.address());
    message.set(
        "data", Json.object().put("type", terms.type()).put("device", device.device().value()));
    if (word instanceof Waker.Word.Alert alert) {
      message.set(
          "notification", Json.object().put("title", alert.title()).put("body", alert.body()));
    }
    message.set(
        "android",
        Json.object()
            .put("priority", "HIGH")
            .put("ttl", terms.lasts().toSeconds() + "s")
            .put("collapse_key", terms.type()));
    var body = Json.object();
    body.set("message", message);
    var uri =
        URI.create(messaging + "/v1/projects/" + holder.account().project() + "/messages:send");
    var call =
        Call.json(uri, Json.write(body)).with("Authorization", "Bearer " + token.value().reveal());
    return switch (outbound.send(call, PATIENCE)) {
      case Outcome.Unanswered(var why) -> new Waker.Woken.Failed(why.word());
      case Outcome.Answered answer when answer.isSuccess() -> new Waker.Woken.Taken();
      case Outcome.Answered answer -> {
        if (answer.status() == 401) {
          kept.invalidate(holder);
        }
        yield code(answer).filter("UNREGISTERED"::equals).isPresent()
            ? new Waker.Woken.Gone()
            : new Waker.Woken.Failed("status_" + answer.status());
      }
    };
  }

  /** The error's own word, which stands in a detail of its kind. */
  private static Optional<String> code(Outcome.Answered answer) {
    for (var detail : read(answer).path("error").path("details")) {
      if (detail.path("errorCode").isString()) {
        return Optional.of(detail.path("errorCode").stringValue());
      }
    }
    return Optional.empty();
  }

  private static JsonNode read(Outcome.Answered answer) {
    try {
      return Json.parse(answer.text().getBytes(StandardCharsets.UTF_8));
    } catch (Json.Malformed _) {
      return Json.object();
    }
  }
}
