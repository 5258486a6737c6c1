package dev.countersign.testkit;

import static dev.countersign.testkit.TextDesk.hmac;
import static dev.countersign.testkit.TextDesk.must;
import static dev.countersign.testkit.TextDesk.need;
import static dev.countersign.testkit.TextDesk.number;
import static dev.countersign.testkit.TextDesk.same;

import dev.countersign.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A tenant's own service that sends texts: a standard webhook. */
record PhoneMessageHook(TextSink sink) implements TextDesk {
  @Override
  public Said hear(Sent sent) throws Unfit {
    var account =
        sink.known(sent.uri().getPath().substring("/hook/".length()), "phone-message-hook");
    must(
        sent.headers().getOrDefault("content-type", "").equals("application/json"),
        415,
        "JSON is needed");
    var id = need(sent.headers(), "webhook-id");
    var stamp = need(sent.headers(), "webhook-timestamp");
    must(stamp.matches("\\d{10}"), 400, "no time in seconds");
    var signed = (id + "." + stamp + "." + sent.body()).getBytes(StandardCharsets.UTF_8);
    must(
        same(
            need(sent.headers(), "webhook-signature"),
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(hmac(account.key().getBytes(StandardCharsets.UTF_8), signed))),
        401,
        "bad signature");
    try {
      var event = Json.parse(sent.body().getBytes(StandardCharsets.UTF_8));
      must(event.path("type").asString("").equals("phone_message_hook"), 400, "unknown event");
      var data = event.path("data");
      return new Said(
          account,
          new TextSink.Taken(
              "phone-message-hook",
              number(data.path("recipient").asString("")),
              data.path("text").asString(""),
              sink.now(),
              "",
              id),
          204,
          "",
          403,
          "");
    } catch (Json.Malformed e) {
      throw new Unfit(400, String.valueOf(e.getMessage()));
    }
  }
}
