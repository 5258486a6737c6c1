package dev.countersign.testkit;

import static dev.countersign.testkit.TextDesk.hmac;
import static dev.countersign.testkit.TextDesk.must;
import static dev.countersign.testkit.TextDesk.need;
import static dev.countersign.testkit.TextDesk.number;
import static dev.countersign.testkit.TextDesk.same;
import static dev.countersign.testkit.TextDesk.sha256;

import dev.countersign.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts and messages to apps by Amazon SNS: requests signed by Signature Version 4, answers in XML. */
record AmazonTexts(TextSink sink) implements TextDesk {
  @Override
  public Said hear(Sent sent) throws Unfit {
    must(sent.uri().getPath().equals("/"), 404, "no such resource");
    var proof = sent.headers().getOrDefault("authorization", "");
    must(proof.startsWith("AWS4-HMAC-SHA256 "), 403, "MissingAuthenticationToken");
    Map<String, String> parts = new LinkedHashMap<>();
    for (var part : proof.substring(17).split(",\\s*", -1)) {
      var pair = part.split("=", 2);
      parts.put(pair[0], pair[1]);
    }
    var credential = need(parts, "Credential").split("/", -1);
    must(
        credential.length == 5
            && credential[3].equals("sns")
            && credential[4].equals("aws4_request"),
        403,
        "SignatureDoesNotMatch: scope");
    var account = sink.known(credential[0], "sns");
    var names = List.of(need(parts, "SignedHeaders").split(";", -1));
    must(
        names.containsAll(List.of("host", "x-amz-date", "content-type"))
            && names.equals(names.stream().sorted().toList()),
        403,
        "SignatureDoesNotMatch: headers");
    must(
        same(need(parts, "Signature"), signature(sent, account, credential, names)),
        403,
        "SignatureDoesNotMatch");
    var form = sent.form();
    must(need(form, "Version").equals("2010-03-31"), 400, "InvalidVersion");
    if (need(form, "Action").equals("CreatePlatformEndpoint")) {
      return platformEndpoint(account, form);
    }
    must(need(form, "Action").equals("Publish"), 400, "InvalidAction");
    if (form.containsKey("TargetArn")) {
      return platformMessage(account, form);
    }
    var to = number(need(form, "PhoneNumber"));
    var text = need(form, "Message");
    var no =
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Code>OptedOut</Code></Error></ErrorResponse>";
    return new Said(
        account,
        new TextSink.Taken("sns", to, text, sink.now(), "", ""),
        200,
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult></PublishResponse>",
        200,
        no);
  }

  /** The same token gets the same endpoint. */
  private Said platformEndpoint(TextSink.Account account, Map<String, String> form) throws Unfit {
    var application = need(form, "PlatformApplicationArn");
    must(
        application.matches(
            "arn:aws:sns:[a-z0-9-]+:[0-9]{12}:app/(APNS|APNS_SANDBOX|GCM)/[\\w.-]+"),
        400,
        "InvalidParameter");
    var endpoint = application.replace(":app/", ":endpoint/") + "/" + need(form, "Token");
    return new Said(
        account,
        null,
        200,
        "<CreatePlatformEndpointResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><CreatePlatformEndpointResult><EndpointArn>"
            + endpoint
            + "</EndpointArn></CreatePlatformEndpointResult></CreatePlatformEndpointResponse>",
        400,
        "");
  }

  private Said platformMessage(TextSink.Account account, Map<String, String> form) throws Unfit {
    var endpoint = need(form, "TargetArn");
    must(endpoint.contains(":endpoint/"), 400, "InvalidParameter");
    must(need(form, "MessageStructure").equals("json"), 400, "InvalidParameter");
    try {
      var message = Json.parse(need(form, "Message").getBytes(StandardCharsets.UTF_8));
      must(message.path("default").isString(), 400, "InvalidParameter");
      for (var each : message.properties()) {
        must(each.getValue().isString(), 400, "InvalidParameter");
        if (!each.getKey().equals("default")) {
          Json.parse(each.getValue().stringValue().getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (Json.Malformed e) {
      throw new Unfit(400, "InvalidParameter");
    }
    boolean off = sink.isOff(endpoint);
    return new Said(
        account,
        off ? null : new TextSink.Taken("sns", endpoint, need(form, "Message"), sink.now(), "", ""),
        off ? 400 : 200,
        off
            ? "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>EndpointDisabled</Code><Message>Endpoint is disabled</Message></Error></ErrorResponse>"
            : "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult></PublishResponse>",
        400,
        "");
  }

  private static String signature(
      Sent sent, TextSink.Account account, String[] scope, List<String> names) throws Unfit {
    var canonical = new StringBuilder("POST\n/\n\n");
    for (var name : names) {
      canonical.append(name).append(':').append(sent.headers().get(name)).append('\n');
    }
    canonical
        .append('\n')
        .append(String.join(";", names))
        .append('\n')
        .append(sha256(sent.body().getBytes(StandardCharsets.UTF_8)));
    var stamp = sent.headers().getOrDefault("x-amz-date", "");
    must(
        stamp.matches("\\d{8}T\\d{6}Z") && stamp.startsWith(scope[1]),
        403,
        "SignatureDoesNotMatch: date");
    var toSign =
        "AWS4-HMAC-SHA256\n"
            + stamp
            + "\n"
            + String.join("/", Arrays.asList(scope).subList(1, 5))
            + "\n"
            + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
    var key = ("AWS4" + account.key()).getBytes(StandardCharsets.UTF_8);
    for (int i = 1; i < 5; i++) {
      key = hmac(key, scope[i].getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(hmac(key, toSign.getBytes(StandardCharsets.UTF_8)));
  }
}
