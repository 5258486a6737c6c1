package dev.countersign.delivery.push;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.sms.AwsSignature;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amazon SNS: the phone's token becomes an endpoint of the tenant's platform application ({@code CreatePlatformEndpoint}, which
 * answers the same for the same token), and that is published to. Signed by {@link AwsSignature}. Thread-safe.
 */
final class AmazonPush {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Pattern ENDPOINT =
      Pattern.compile("<EndpointArn>(arn:[^<\\s]{1,300})</EndpointArn>");
  private static final Pattern PUBLISHED =
      Pattern.compile(
          "<PublishResponse\\b.{0,500}?<MessageId>[^<]{1,100}</MessageId>", Pattern.DOTALL);
  private static final Pattern ERROR = Pattern.compile("<Code>([A-Za-z]{1,60})</Code>");

  private final Outbound outbound;
  private final Optional<URI> base;
  private final Cache<Phone, String> endpoints =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Duration.ofHours(1)).build();

  private record Phone(TenantId tenant, String application, String registration) {}

  /** What SNS said. */
  private sealed interface Said {
    record Yes(String text) implements Said {}

    record No(String reason) implements Said {}
  }

  /**
   * Amazon.
   *
   * @param base where it is reached; empty for the host of the account's region
   */
  AmazonPush(Outbound outbound, Optional<URI> base) {
    this.outbound = outbound;
    this.base = base;
  }

  Waker.Woken wake(
      TenantId tenant,
      PushPlan.Amazon account,
      Dispatch.Push.Target device,
      Waker.Word word,
      Moment now) {
    boolean apple = device.service().equals("apns");
    var application = apple ? account.apple() : account.google();
    if (application.isEmpty()) {
      return new Waker.Woken.Failed("no_channel");
    }
    var phone = new Phone(tenant, application, device.address());
    var known = endpoints.getIfPresent(phone);
    if (known != null) {
      return publish(account, phone, known, device, word, now);
    }
    return switch (ask(
        account,
        Map.of(
            "Action",
            "CreatePlatformEndpoint",
            "PlatformApplicationArn",
            application,
            "Token",
            device.address()),
        now)) {
      case Said.No(var code) -> new Waker.Woken.Failed(code);
      case Said.Yes(var text) -> {
        var found = ENDPOINT.matcher(text);
        if (!found.find()) {
          yield new Waker.Woken.Failed("refused");
        }
        endpoints.put(phone, found.group(1));
        yield publish(account, phone, found.group(1), device, word, now);
      }
    };
  }

  private Waker.Woken publish(
      PushPlan.Amazon account,
      Phone phone,
      String endpoint,
      Dispatch.Push.Target device,
      Waker.Word word,
      Moment now) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Action", "Publish");
    form.put("TargetArn", endpoint);
    form.put("MessageStructure", "json");
    form.put("Message", message(device, word));
    return switch (ask(account, form, now)) {
      case Said.Yes(var text) ->
          PUBLISHED.matcher(text).find()
              ? new Waker.Woken.Taken()
              : new Waker.Woken.Failed("refused");
      case Said.No(var code) -> {
        // SNS turns an endpoint off when Apple or Google says that the phone is gone.
        boolean gone = code.equals("EndpointDisabled") || code.equals("NotFound");
        endpoints.invalidate(phone);
        yield gone ? new Waker.Woken.Gone() : new Waker.Woken.Failed(code);
      }
    };
  }

  /** For each platform its own document, in a text. */
  private static String message(Dispatch.Push.Target device, Waker.Word word) {
    var terms = Terms.of(word);
    var google = Json.object();
    google.set(
        "data", Json.object().put("type", terms.type()).put("device", device.device().value()));
    if (word instanceof Waker.Word.Alert alert) {
      google.set(
          "notification", Json.object().put("title", alert.title()).put("body", alert.body()));
    }
    google
        .put("priority", "high")
        .put("time_to_live", terms.lasts().toSeconds())
        .put("collapse_key", terms.type());
    var apple = Json.write(ApplePush.payload(device, word));
    return Json.write(
        Json.object()
            .put("default", terms.type())
            .put("GCM", Json.write(google))
            .put("APNS", apple)
            .put("APNS_SANDBOX", apple));
  }

  private Said ask(PushPlan.Amazon account, Map<String, String> fields, Moment now) {
    Map<String, String> form = new LinkedHashMap<>(fields);
    form.put("Version", "2010-03-31");
    var uri =
        base.map(it -> it.resolve("/"))
            .orElseGet(() -> URI.create("https://sns." + account.region() + ".amazonaws.com/"));
    var call =
        new AwsSignature(account.accessKeyId(), account.secret(), account.region(), "sns")
            .sign(Call.form(uri, form), now);
    return switch (outbound.send(call, PATIENCE)) {
      case Outcome.Unanswered(var why) -> new Said.No(why.word());
      case Outcome.Answered answer when answer.isSuccess() -> new Said.Yes(answer.text());
      case Outcome.Answered answer -> {
        var code = ERROR.matcher(answer.text());
        yield new Said.No(code.find() ? code.group(1) : "status_" + answer.status());
      }
    };
  }
}
