package dev.countersign.testkit;

import static dev.countersign.testkit.TextDesk.hmac;
import static dev.countersign.testkit.TextDesk.must;
import static dev.countersign.testkit.TextDesk.need;
import static dev.countersign.testkit.TextDesk.same;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Texts by Vonage: its secret in the form, and 200 whatever comes of it. */
public record Vonage(TextSink sink) implements TextDesk {
  /** What Vonage tells of a text afterwards, signed with the account's signature secret. */
  public static TextSink.Receipt tells(
      TextSink.Account account, TextSink.Taken text, String status, Instant at) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("msisdn", text.to().substring(1));
    form.put("to", "Acme");
    form.put("network-code", "26201");
    form.put("messageId", "0A0000000123ABCD1");
    form.put("price", "0.03330000");
    form.put("status", status);
    form.put("scts", "2611260700");
    form.put("err-code", status.equals("delivered") ? "0" : "6");
    form.put("api-key", account.id());
    form.put("client-ref", text.reference());
    form.put("message-timestamp", "2026-11-26 07:00:00");
    form.put("timestamp", String.valueOf(at.getEpochSecond()));
    form.put("nonce", "6b6a8d7e-a&b=c");
    var signed = new StringBuilder();
    form.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(it ->
            signed
                .append("&" + it.getKey() + "=")
                .append(it.getValue().replace("&", "_").replace("=", "_")));
    form.put(
        "sig",
        HexFormat.of()
            .withUpperCase()
            .formatHex(
                hmac(
                    account.signatureSecret().getBytes(StandardCharsets.UTF_8),
                    signed.toString().getBytes(StandardCharsets.UTF_8))));
    return new TextSink.Receipt(URI.create(text.receipts()), form, "");
  }

  @Override
  public Said hear(Sent sent) throws Unfit {
    var form = sent.form();
    var account = sink.known(need(form, "api_key"), "vonage");
    must(same(need(form, "api_secret"), account.key()), 401, "bad credentials");
    need(form, "from");
    var to = need(form, "to");
    must(to.matches("[1-9][0-9]{6,14}"), 400, "to is digits without a plus");
    var text = need(form, "text");
    var type = form.getOrDefault("type", "text");
    must(Set.of("text", "unicode").contains(type), 400, "unknown type");
    must(
        type.equals("unicode") || StandardCharsets.US_ASCII.newEncoder().canEncode(text),
        400,
        "letters would be lost");
    return new Said(
        account,
        new TextSink.Taken(
            "vonage",
            "+" + to,
            text,
            sink.now(),
            form.getOrDefault("callback", ""),
            form.getOrDefault("client-ref", "")),
        200,
        "{\"message-count\":\"1\",\"messages\":[{\"to\":\""
            + to
            + "\",\"message-id\":\"0A0000000123ABCD1\",\"status\":\"0\"}]}",
        200,
        "{\"message-count\":\"1\",\"messages\":[{\"to\":\""
            + to
            + "\",\"status\":\"9\",\"error-text\":\"Partner quota exceeded\"}]}");
  }
}
