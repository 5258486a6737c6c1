package dev.countersign.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.kernel.Json;
import dev.countersign.web.Method;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * The providers of texts, on a loopback port: each with its own wire format, as strict as the real one about who asks and
 * what must be said, and able to fail in every way that one can. What they take lies here instead of on a phone. Thread-safe.
 */
public final class TextSink implements AutoCloseable {
  private static final AtomicLong ACCOUNTS = new AtomicLong();

  private final HttpServer server;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final List<Taken> texts = new CopyOnWriteArrayList<>();
  private final Set<String> endpointsOff = ConcurrentHashMap.newKeySet();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  private static final Pattern SAID = Pattern.compile("<Say .*?([0-9](?:, [0-9]){3,9})");

  /** How a provider behaves towards one account. */
  public enum Mood {
    WELL,
    FAILS,
    OVERLOADED,
    /** Answers 200 and says in the body that it did not. */
    POLITELY_REFUSES,
    HANGS,
    BREAKS_OFF
  }

  /**
   * A text that was taken.
   *
   * @param by the name of the provider that took it
   * @param receipts where its sender wants to be told what becomes of it; empty when nowhere
   * @param reference the sender's own, if the provider knows such a thing
   */
  public record Taken(
      String by, String to, String body, Instant at, String receipts, String reference) {
    /** The code in its last line, or the digits that a call says one by one. */
    public String code() {
      var said = SAID.matcher(body);
      return said.find()
          ? said.group(1).replace(", ", "")
          : body.substring(body.lastIndexOf('#') + 1);
    }
  }

  /** A customer of one of them. */
  public static final class Account {
    private final String provider;
    private final String id;
    private final String key;
    private volatile Mood mood = Mood.WELL;
    private final AtomicInteger asked = new AtomicInteger();

    private Account(String provider, String id, String key) {
      this.provider = provider;
      this.id = id;
      this.key = key;
    }

    public Account feeling(Mood now) {
      this.mood = now;
      return this;
    }

    /** How often it has been asked for anything. */
    public int asked() {
      return asked.get();
    }

    public String id() {
      return id;
    }

    public String key() {
      return key;
    }

    public String provider() {
      return provider;
    }

    /** With which it signs what it tells. */
    public String signatureSecret() {
      return key + "-signs";
    }
  }

  private TextSink(HttpServer server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
    server.createContext("/2010-04-01/Accounts/", it -> answer(it, this::twilio));
    server.createContext("/sms/json", it -> answer(it, this::vonage));
    server.createContext("/hook/", it -> answer(it, this::hook));
    server.createContext("/", it -> answer(it, this::sns));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /**
   * Listens on a free port.
   *
   * @param clock by which it says when a text came
   */
  public static TextSink open(InstantSource clock) {
    try {
      return new TextSink(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50), clock);
    } catch (IOException e) {
      throw new UncheckedIOException("no port for texts", e);
    }
  }

  /** Where all of them are reached. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A new customer. */
  public Account account(String provider) {
    var number = ACCOUNTS.incrementAndGet();
    var account =
        switch (provider) {
          case "twilio" ->
              new Account(provider, "AC%032x".formatted(number), "key-%024d".formatted(number));
          case "sns" ->
              new Account(provider, "AKIA%016d".formatted(number), "key+/%035d".formatted(number));
          default ->
              new Account(provider, "acc%d".formatted(number), "key-%024d".formatted(number));
        };
    accounts.put(account.id, account);
    return account;
  }

  /** What was taken so far, oldest first. */
  public List<Taken> texts() {
    return List.copyOf(texts);
  }

  /** What has come to a number, oldest first. */
  public List<Taken> textsTo(String number) {
    return texts.stream().filter(it -> it.to().equals(number)).toList();
  }

  /** Amazon learns that this phone is gone. */
  public void turnsOff(String endpoint) {
    endpointsOff.add(endpoint);
  }

  /** Why requests were refused, oldest first. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  // What became of a text

  /** What Twilio tells of a text afterwards, as it would post it: the fields, and the signature over them and the address. */
  public static Receipt twilioTells(Account account, Taken text, String status) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("SmsSid", "SM" + "0".repeat(32));
    form.put("SmsStatus", status);
    form.put("MessageStatus", status);
    form.put("To", text.to());
    form.put("MessageSid", "SM" + "0".repeat(32));
    form.put("AccountSid", account.id);
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
                    account.key.getBytes(StandardCharsets.UTF_8),
                    signed.toString().getBytes(StandardCharsets.UTF_8)));
    return new Receipt(URI.create(text.receipts()), form, signature);
  }

  /** What Vonage tells of a text afterwards, signed with the account's signature secret. */
  public static Receipt vonageTells(Account account, Taken text, String status, Instant at) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("msisdn", text.to().substring(1));
    form.put("to", "Acme");
    form.put("network-code", "26201");
    form.put("messageId", "0A0000000123ABCD1");
    form.put("price", "0.03330000");
    form.put("status", status);
    form.put("scts", "2611260700");
    form.put("err-code", status.equals("delivered") ? "0" : "6");
    form.put("api-key", account.id);
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
    return new Receipt(URI.create(text.receipts()), form, "");
  }

  /**
   * A receipt on its way.
   *
   * @param signature what stands in the header {@code X-Twilio-Signature}; empty for none
   */
  public record Receipt(URI uri, Map<String, String> form, String signature) {
    /** The same with another value in one field, signed as before. */
    public Receipt saying(String field, String value) {
      Map<String, String> other = new LinkedHashMap<>(form);
      other.put(field, value);
      return new Receipt(uri, other, signature);
    }

    /** Posts it; the status of the answer. */
    public int to(Node node) {
      var body =
          form.entrySet().stream()
              .map(it ->
                  URLEncoder.encode(it.getKey(), StandardCharsets.UTF_8)
                      + "="
                      + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
              .collect(Collectors.joining("&"));
      return node.send(
              new Wire.Sent(
                  Method.POST,
                  uri,
                  Map.of(
                      "content-type", List.of("application/x-www-form-urlencoded"),
                      "x-twilio-signature", List.of(signature)),
                  body.getBytes(StandardCharsets.UTF_8)))
          .status();
    }
  }

  // What they have in common

  /** Something about a request that its provider would not stand. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    Unfit(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  private record Sent(URI uri, Map<String, String> headers, String body) {
    Map<String, String> form() throws Unfit {
      if (!headers
          .getOrDefault("content-type", "")
          .startsWith("application/x-www-form-urlencoded")) {
        throw new Unfit(415, "a form is needed");
      }
      Map<String, String> out = new LinkedHashMap<>();
      for (var field : body.split("&", -1)) {
        var parts = field.split("=", 2);
        out.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
      return out;
    }
  }

  /** What one of them says: yes, with the text; and how it would say no in its own words. */
  private record Said(
      Account account, @Nullable Taken text, int status, String yes, int politeStatus, String no) {}

  @FunctionalInterface
  private interface Desk {
    Said hear(Sent sent) throws Unfit;
  }

  private void answer(HttpExchange exchange, Desk desk) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        say(exchange, 405, "");
        return;
      }
      var headers =
          exchange.getRequestHeaders().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      it -> it.getKey().toLowerCase(Locale.ROOT),
                      it -> String.join(",", it.getValue())));
      var sent =
          new Sent(
              exchange.getRequestURI(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Said said;
      try {
        said = desk.hear(sent);
      } catch (Unfit unfit) {
        refused.add(unfit.getMessage());
        say(exchange, unfit.status, "{\"message\":\"" + unfit.getMessage() + "\"}");
        return;
      }
      said.account().asked.incrementAndGet();
      switch (said.account().mood) {
        case WELL -> {
          if (said.text() != null) {
            texts.add(said.text());
          }
          say(exchange, said.status(), said.yes());
        }
        case FAILS -> say(exchange, 500, "{\"message\":\"internal\"}");
        case OVERLOADED -> say(exchange, 429, "{\"message\":\"too many\"}");
        case POLITELY_REFUSES -> say(exchange, said.politeStatus(), said.no());
        case HANGS -> hang();
        case BREAKS_OFF -> {
          exchange.sendResponseHeaders(said.status(), 1_000);
          exchange.getResponseBody().write("{\"sid\":".getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
  }

  /** As long as nobody closes it, which is longer than anybody waits. */
  private void hang() {
    try {
      closing.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String need(Map<String, String> form, String name) throws Unfit {
    var value = form.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new Unfit(400, "missing " + name);
    }
    return value;
  }

  private static void must(boolean fits, int status, String why) throws Unfit {
    if (!fits) {
      throw new Unfit(status, why);
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String number(String text) throws Unfit {
    must(text.matches("\\+[1-9][0-9]{6,14}"), 400, "no number in E.164: " + text.length());
    return text;
  }

  private Account known(String id, String provider) throws Unfit {
    var account = accounts.get(id);
    if (account == null || !account.provider.equals(provider)) {
      throw new Unfit(401, "no such account");
    }
    return account;
  }

  // Twilio

  private Said twilio(Sent sent) throws Unfit {
    var path = sent.uri().getPath().split("/", -1);
    must(
        path.length == 5 && Set.of("Messages.json", "Calls.json").contains(path[4]),
        404,
        "no such resource");
    var account = known(path[3], "twilio");
    var basic = account.id + ":" + account.key;
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
        "{\"account_sid\":\"" + account.id + "\",\"sid\":\"SM%032x\"".formatted(texts.size());
    return new Said(
        account,
        new Taken("twilio", to, body, clock.instant(), form.getOrDefault("StatusCallback", ""), ""),
        201,
        start + ",\"status\":\"queued\",\"error_code\":null,\"error_message\":null}",
        200,
        start + ",\"status\":\"failed\",\"error_code\":30007,\"error_message\":\"Filtered\"}");
  }

  /** A call, and what it is to say: well-formed TwiML of known verbs. */
  private Said twilioCall(Account account, Map<String, String> form) throws Unfit {
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
        "{\"account_sid\":\"" + account.id + "\",\"sid\":\"CA%032x\"".formatted(texts.size());
    return new Said(
        account,
        new Taken("twilio", to, says, clock.instant(), "", ""),
        201,
        start + ",\"status\":\"queued\",\"direction\":\"outbound-api\",\"answered_by\":null}",
        200,
        start + ",\"status\":\"failed\",\"direction\":\"outbound-api\",\"answered_by\":null}");
  }

  // Vonage

  private Said vonage(Sent sent) throws Unfit {
    var form = sent.form();
    var account = known(need(form, "api_key"), "vonage");
    must(same(need(form, "api_secret"), account.key), 401, "bad credentials");
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
        new Taken(
            "vonage",
            "+" + to,
            text,
            clock.instant(),
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

  // Amazon SNS

  private Said sns(Sent sent) throws Unfit {
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
    var account = known(credential[0], "sns");
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
        new Taken("sns", to, text, clock.instant(), "", ""),
        200,
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult></PublishResponse>",
        200,
        no);
  }

  /** The same token gets the same endpoint. */
  private Said platformEndpoint(Account account, Map<String, String> form) throws Unfit {
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

  private Said platformMessage(Account account, Map<String, String> form) throws Unfit {
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
    boolean off = endpointsOff.contains(endpoint);
    return new Said(
        account,
        off ? null : new Taken("sns", endpoint, need(form, "Message"), clock.instant(), "", ""),
        off ? 400 : 200,
        off
            ? "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>EndpointDisabled</Code><Message>Endpoint is disabled</Message></Error></ErrorResponse>"
            : "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult></PublishResponse>",
        400,
        "");
  }

  private static String signature(Sent sent, Account account, String[] scope, List<String> names)
      throws Unfit {
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
    var key = ("AWS4" + account.key).getBytes(StandardCharsets.UTF_8);
    for (int i = 1; i < 5; i++) {
      key = hmac(key, scope[i].getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(hmac(key, toSign.getBytes(StandardCharsets.UTF_8)));
  }

  // A tenant's own hook

  private Said hook(Sent sent) throws Unfit {
    var account = known(sent.uri().getPath().substring("/hook/".length()), "phone-message-hook");
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
                    .encodeToString(hmac(account.key.getBytes(StandardCharsets.UTF_8), signed))),
        401,
        "bad signature");
    try {
      var event = Json.parse(sent.body().getBytes(StandardCharsets.UTF_8));
      must(event.path("type").asString("").equals("phone_message_hook"), 400, "unknown event");
      var data = event.path("data");
      return new Said(
          account,
          new Taken(
              "phone-message-hook",
              number(data.path("recipient").asString("")),
              data.path("text").asString(""),
              clock.instant(),
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

  private static byte[] hmac(byte[] key, byte[] text) {
    return hmac("HmacSHA256", key, text);
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[] text) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
