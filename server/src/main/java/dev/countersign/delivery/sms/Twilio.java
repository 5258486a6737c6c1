package dev.countersign.delivery.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Twilio's Programmable Messaging and Voice, "Create a Message" and "Create a Call" of its API of 2010-04-01: a form, by HTTP
 * Basic with the account's SID and token.
 *
 * @param from a number or sender name; empty where {@code service} chooses one. Only a number makes calls
 * @param service the SID of a messaging service; may be empty
 */
record Twilio(URI base, String sid, Secret authToken, String from, String service)
    implements Provider {
  /** States of a message that will never arrive. */
  private static final Set<String> LOST =
      Set.of("failed", "undelivered", "canceled", "busy", "no-answer");

  /** Who says it, by the language of the page. */
  private static final Map<String, String> SPEAKERS =
      Map.of(
          "en", "language=\"en-US\"",
          "de", "language=\"de-DE\"",
          "fr", "language=\"fr-FR\"",
          "es", "language=\"es-ES\"",
          "pt", "language=\"pt-BR\"",
          "ja", "language=\"ja-JP\"",
          "ar", "voice=\"Polly.Zeina\" language=\"arb\"");

  @Override
  public Name name() {
    return Name.TWILIO;
  }

  @Override
  public boolean carries(Dispatch.Via via) {
    return via == Dispatch.Via.SMS || from.matches("\\+[1-9][0-9]{6,14}");
  }

  @Override
  public Call call(Text text, Moment now) {
    return text.via() == Dispatch.Via.VOICE ? voice(text) : message(text);
  }

  /** Says it three times to whoever takes the call, after a moment to bring the phone to the ear. */
  private Call voice(Text text) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("To", text.to());
    form.put("From", from);
    form.put(
        "Twiml",
        "<Response><Pause length=\"1\"/><Say "
            + SPEAKERS.getOrDefault(text.language(), "language=\"en-US\"")
            + " loop=\"3\">"
            + escaped(text.body().reveal())
            + "</Say></Response>");
    return asked("Calls.json", form);
  }

  /** As it may stand in the content of an element (XML 1.0 section 2.4). */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private Call asked(String resource, Map<String, String> form) {
    var who = sid + ":" + authToken.reveal();
    return Call.form(URI.create(base + "/2010-04-01/Accounts/" + sid + "/" + resource), form)
        .with("Accept", "application/json")
        .with(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(who.getBytes(StandardCharsets.UTF_8)));
  }

  private Call message(Text text) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("To", text.to());
    if (service.isEmpty()) {
      form.put("From", from);
    } else {
      form.put("MessagingServiceSid", service);
    }
    form.put("Body", text.body().reveal());
    text.receipts()
        .ifPresent(it -> form.put("StatusCallback", it + Receipts.TWILIO + "?text=" + text.id()));
    return asked("Messages.json", form);
  }

  /**
   * Whether this account signed a request to us ("Validating requests are coming from Twilio"): HMAC-SHA1 with the token over
   * the address and the form's fields in the order of their names.
   */
  boolean signs(String uri, Map<String, String> form, String signature) {
    var fields = new StringBuilder();
    new TreeMap<>(form).forEach((name, value) -> fields.append(name).append(value));
    return Signed.equal(signature, Signed.base64("HmacSHA1", authToken, uri + fields))
        && form.getOrDefault("AccountSid", "").equals(sid);
  }

  /** What a status callback says, when it is the last word. */
  static Optional<Receipt> receipt(String text, Map<String, String> form) {
    var detail = form.getOrDefault("ErrorCode", "");
    return switch (form.getOrDefault("MessageStatus", "")) {
      case "delivered", "read" -> Receipt.of(text, Receipt.State.ARRIVED, detail);
      case "undelivered", "failed" -> Receipt.of(text, Receipt.State.LOST, detail);
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<String> taken(Outcome.Answered answer) {
    if (!answer.isSuccess()) {
      return Optional.empty();
    }
    try {
      var message = Json.parse(answer.text().getBytes(StandardCharsets.UTF_8));
      boolean whole =
          message.path("sid").isString()
              && message.path("status").isString()
              && (message.path("error_code").isMissingNode()
                  || message.path("error_code").isNull());
      return whole && !LOST.contains(message.path("status").stringValue())
          ? Optional.of(message.path("sid").stringValue())
          : Optional.empty();
    } catch (Json.Malformed _) {
      return Optional.empty();
    }
  }
}
