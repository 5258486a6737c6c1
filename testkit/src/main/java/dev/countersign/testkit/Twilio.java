package dev.countersign.testkit;

import static dev.countersign.testkit.TextDesk.hmac;
import static dev.countersign.testkit.TextDesk.must;
import static dev.countersign.testkit.TextDesk.need;
import static dev.countersign.testkit.TextDesk.number;
import static dev.countersign.testkit.TextDesk.same;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.SAXException;

/** Messages and calls by Twilio: basic authentication, a form, JSON. */
public record Twilio(TextSink sink) implements TextDesk {
  /** What Twilio tells of a text afterwards, as it would post it: the fields, and the signature over them and the address. */
  public static TextSink.Receipt tells(
      TextSink.Account account, TextSink.Taken text, String status) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("SmsSid", "SM" + "0".repeat(32));
    form.put("SmsStatus", status);
    form.put("MessageStatus", status);
    form.put("To", text.to());
    form.put("MessageSid", "SM" + "0".repeat(32));
    form.put("AccountSid", account.id());
    form.put("From", "+15005550006");
    form.put("ApiVersion", "2010-04-01");
    if (!status.equals("delivered")) {
      form.put("ErrorCode", "30003");
    }
    var signed = new StringBuilder(text.receipts());
    form.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(it -> signed.append(it.getKey()).append(it.getValue()));
    var signature =
        Base64.getEncoder()
            .encodeToString(
                hmac(
                    "HmacSHA1",
                    account.key().getBytes(StandardCharsets.UTF_8),
                    signed.toString().getBytes(StandardCharsets.UTF_8)));
    return new TextSink.Receipt(URI.create(text.receipts()), form, signature);
  }

  @Override
  public Said hear(Sent sent) throws Unfit {
    var path = sent.uri().getPath().split("/", -1);
    must(
        path.length == 5 && Set.of("Messages.json", "Calls.json").contains(path[4]),
        404,
        "no such resource");
    var account = sink.known(path[3], "twilio");
    var basic = account.id() + ":" + account.key();
    must(
        same(
            sent.headers().getOrDefault("authorization", ""),
            "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8))),
        401,
        "Authenticate");
    var form = sent.form();
    if (path[4].equals("Calls.json")) {
      return twilioCall(account, form);
    }
    var known =
        Set.of("To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod");
    must(known.containsAll(form.keySet()), 400, "unknown parameter");
    var to = number(need(form, "To"));
    var body = need(form, "Body");
    must(
        form.containsKey("From") ^ form.containsKey("MessagingServiceSid"),
        400,
        "A 'From' or a 'MessagingServiceSid' is required");
    must(
        body.length() <= 1600,
        400,
        "The concatenated message body exceeds the 1600 character limit");
    var start =
        "{\"account_sid\":\""
            + account.id()
            + "\",\"sid\":\"SM%032x\"".formatted(sink.texts().size());
    return new Said(
        account,
        new TextSink.Taken(
            "twilio", to, body, sink.now(), form.getOrDefault("StatusCallback", ""), ""),
        201,
        start + ",\"status\":\"queued\",\"error_code\":null,\"error_message\":null}",
        200,
        start + ",\"status\":\"failed\",\"error_code\":30007,\"error_message\":\"Filtered\"}");
  }

  /** A call, and what it is to say: well-formed TwiML of known verbs. */
  private Said twilioCall(TextSink.Account account, Map<String, String> form) throws Unfit {
    must(
        Set.of("To", "From", "Twiml", "Url", "Timeout").containsAll(form.keySet()),
        400,
        "unknown parameter");
    var to = number(need(form, "To"));
    number(need(form, "From"));
    var says = need(form, "Twiml");
    must(says.length() <= 4_000, 400, "Twiml is longer than 4000 characters");
    try {
      var builders = DocumentBuilderFactory.newDefaultInstance();
      builders.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      var response =
          builders
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(says.getBytes(StandardCharsets.UTF_8)))
              .getDocumentElement();
      must(response.getTagName().equals("Response"), 400, "no <Response>");
      var verbs = response.getChildNodes();
      for (int i = 0; i < verbs.getLength(); i++) {
        must(Set.of("Say", "Pause").contains(verbs.item(i).getNodeName()), 400, "an unknown verb");
      }
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new Unfit(400, "Twiml is not well-formed");
    }
    var start =
        "{\"account_sid\":\""
            + account.id()
            + "\",\"sid\":\"CA%032x\"".formatted(sink.texts().size());
    return new Said(
        account,
        new TextSink.Taken("twilio", to, says, sink.now(), "", ""),
        201,
        start + ",\"status\":\"queued\",\"direction\":\"outbound-api\",\"answered_by\":null}",
        200,
        start + ",\"status\":\"failed\",\"direction\":\"outbound-api\",\"answered_by\":null}");
  }
}
