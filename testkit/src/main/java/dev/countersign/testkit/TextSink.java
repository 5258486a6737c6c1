package dev.countersign.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.web.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    server.createContext("/2010-04-01/Accounts/", it -> answer(it, new Twilio(this)));
    server.createContext("/sms/json", it -> answer(it, new Vonage(this)));
    server.createContext("/hook/", it -> answer(it, new PhoneMessageHook(this)));
    server.createContext("/", it -> answer(it, new AmazonTexts(this)));
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

  /** The account of that name with that provider. */
  Account known(String id, String provider) throws TextDesk.Unfit {
    var account = accounts.get(id);
    TextDesk.must(account != null && account.provider.equals(provider), 401, "no such account");
    return Objects.requireNonNull(account);
  }

  Instant now() {
    return clock.instant();
  }

  boolean isOff(String endpoint) {
    return endpointsOff.contains(endpoint);
  }

  private void answer(HttpExchange exchange, TextDesk desk) throws IOException {
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
          new TextDesk.Sent(
              exchange.getRequestURI(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      TextDesk.Said said;
      try {
        said = desk.hear(sent);
      } catch (TextDesk.Unfit unfit) {
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

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
