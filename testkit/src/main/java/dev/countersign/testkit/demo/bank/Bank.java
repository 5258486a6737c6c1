package dev.countersign.testkit.demo.bank;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.demo.Html;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The bank's pages: welcome, who you are and how you proved it, a transfer that has to be approved, sign-out. */
public final class Bank implements HttpHandler {
  private static final String COOKIE = "harbour";
  private static final int MOST_VISITORS = 10_000;

  private static final Map<String, String> METHODS =
      Map.of(
          "pwd",
          "your password",
          "otp",
          "a one-time code",
          "mfa",
          "two different proofs",
          "hwk",
          "a security key",
          "swk",
          "a passkey",
          "sms",
          "a code by text",
          "user",
          "your presence",
          "pin",
          "a PIN");

  private final SignInClient client;
  private final String base;
  private final InstantSource clock;
  private final Map<String, Visitor> visitors = new ConcurrentHashMap<>();

  /** What the bank remembers of one browser. */
  private record Visitor(
      Optional<SignInClient.SignedIn> who,
      Optional<SignInClient.UnderWay> underWay,
      Optional<SignInClient.Receipt> receipt) {
    static final Visitor NEW = new Visitor(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Receipts that money was sent for: each is good for one payout. */
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  /**
   * A bank at {@code base}, a client of {@code issuer}.
   *
   * @param credential its client secret
   * @param payments what its API for payments is called
   */
  public Bank(
      String issuer,
      String base,
      String clientId,
      Secret credential,
      String payments,
      InstantSource clock) {
    this.base = base;
    this.clock = clock;
    this.client =
        new SignInClient(
            issuer, clientId, credential, URI.create(base + "/callback"), payments, clock);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      serve(exchange);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      var cookie = cookie(exchange);
      var visitor = visitors.getOrDefault(cookie, Visitor.NEW);
      boolean post = exchange.getRequestMethod().equals("POST");
      switch (exchange.getRequestURI().getPath()) {
        case "/" -> page(exchange, 200, visitor.who().map(this::home).orElseGet(Bank::welcome));
        case "/sign-in" -> begin(exchange, cookie, visitor, SignInClient.UnderWay.to("/"));
        case "/callback" -> finish(exchange, visitor);
        case "/transfer" -> {
          if (visitor.who().isEmpty()) {
            begin(exchange, cookie, visitor, SignInClient.UnderWay.to("/transfer"));
          } else if (post) {
            begin(exchange, cookie, visitor, SignInClient.UnderWay.approving(payout(exchange)));
          } else {
            page(exchange, 200, transfer());
          }
        }
        case "/transferred" ->
            page(exchange, 200, visitor.receipt().map(this::transferred).orElseGet(Bank::welcome));
        case "/sign-out" -> signOut(exchange, cookie, visitor);
        default ->
            page(
                exchange,
                404,
                "<h1>No such counter</h1><p><a href='/'>Back to the entrance</a></p>");
      }
    } catch (SignInClient.Failed e) {
      page(
          exchange,
          400,
          "<h1>That did not work</h1><p>"
              + Html.escaped(String.valueOf(e.getMessage()))
              + "</p><div class=row><a class=button href='/sign-in'>Try again</a><a class='button quiet' href='/'>Back</a></div>");
    }
  }

  private void begin(
      HttpExchange exchange, String cookie, Visitor visitor, SignInClient.UnderWay underWay)
      throws IOException, SignInClient.Failed {
    remember(
        exchange, cookie, new Visitor(visitor.who(), Optional.of(underWay), visitor.receipt()));
    redirect(exchange, client.begin(underWay));
  }

  private void finish(HttpExchange exchange, Visitor visitor)
      throws IOException, SignInClient.Failed {
    var underWay = visitor.underWay();
    if (underWay.isEmpty()) {
      throw new SignInClient.Failed("No sign-in was begun in this browser.");
    }
    var who = client.finish(URI.create(base + exchange.getRequestURI()), underWay.get());
    if (who.receipt().isPresent()) {
      pay(exchange, visitor, who);
      return;
    }
    visitors.remove(cookie(exchange));
    // Another cookie than before the sign-in, so that one planted earlier gains nothing.
    remember(
        exchange,
        new State().getValue(),
        new Visitor(Optional.of(who), Optional.empty(), Optional.empty()));
    redirect(exchange, URI.create(base + underWay.get().next()));
  }

  /** Sends money where whoever is signed in here has approved it, and once. */
  private void pay(HttpExchange exchange, Visitor visitor, SignInClient.SignedIn approver)
      throws IOException, SignInClient.Failed {
    var receipt = approver.receipt().orElseThrow();
    if (!visitor
        .who()
        .map(SignInClient.SignedIn::subject)
        .equals(Optional.of(approver.subject()))) {
      throw new SignInClient.Failed("Somebody else approved it, so nothing was sent.");
    }
    if (!used.add(receipt.id())) {
      throw new SignInClient.Failed("That was sent before.");
    }
    remember(
        exchange,
        cookie(exchange),
        new Visitor(visitor.who(), Optional.empty(), Optional.of(receipt)));
    redirect(exchange, URI.create(base + "/transferred"));
  }

  private static SignInClient.Payout payout(HttpExchange exchange) throws IOException {
    var form =
        URLUtils.parseParameters(
            new String(exchange.getRequestBody().readNBytes(4_096), StandardCharsets.UTF_8));
    return new SignInClient.Payout(
        field(form, "amount"), "EUR", field(form, "payee"), field(form, "account"));
  }

  private static String field(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).getFirst().strip();
  }

  private void signOut(HttpExchange exchange, String cookie, Visitor visitor)
      throws IOException, SignInClient.Failed {
    visitors.remove(cookie);
    redirect(
        exchange,
        visitor.who().isPresent()
            ? client.signOut(visitor.who().get(), URI.create(base + "/"))
            : URI.create(base + "/"));
  }

  private static String welcome() {
    return "<h1>Good to see you</h1><p class=lead>Harbour Bank is an application like yours. It lets Countersign find out who you are.</p>"
        + "<div class=row><a class=button href='/sign-in'>Sign in</a></div>";
  }

  private String home(SignInClient.SignedIn who) {
    return "<h1>Hello, "
        + Html.escaped(who.name())
        + "</h1><p class=lead>You are signed in. This is what Countersign told the bank:</p>"
        + "<div class=card><dl><dt>You gave</dt><dd>"
        + Html.escaped(given(who.amr()))
        + "</dd><dt>That is</dt><dd>"
        + level(who.acr())
        + "</dd><dt>It was</dt><dd>"
        + ago(who.at())
        + "</dd><dt>In the token</dt><dd><code>acr="
        + Html.escaped(who.acr())
        + " amr=["
        + Html.escaped(String.join(", ", who.amr()))
        + "] sub="
        + Html.escaped(who.subject())
        + "</code></dd></dl></div>"
        + "<div class=row><a class=button href='/transfer'>Transfer money</a>"
        + "<a class='button quiet' href='/sign-out'>Sign out</a></div>";
  }

  private static String transfer() {
    return "<h1>Transfer money</h1><p class=lead>Countersign shows you this very transfer, and asks for a second proof that is good for it and for nothing else.</p>"
        + "<form class=card method=post action='/transfer'>"
        + input("amount", "Amount in euros", "250.00")
        + input("payee", "Payee", "Lighthouse Stationery")
        + input("account", "Account", "DE89370400440532013000")
        + "<div class=row><button class=button>Transfer</button><a class='button quiet' href='/'>Back</a></div></form>";
  }

  private static String input(String name, String label, String value) {
    return "<p><label for="
        + name
        + ">"
        + label
        + "</label><input id="
        + name
        + " name="
        + name
        + " value='"
        + Html.escaped(value)
        + "' required></p>";
  }

  private String transferred(SignInClient.Receipt receipt) {
    var payout = receipt.payout();
    return "<h1>"
        + Html.escaped(payout.amount() + " " + payout.currency())
        + " are on their way</h1><p class=lead>To "
        + Html.escaped(payout.payee())
        + ". This is the receipt that the bank keeps, signed by Countersign:</p><div class='card good'><dl><dt>Approved</dt><dd>"
        + ago(receipt.at())
        + ", by "
        + Html.escaped(given(receipt.amr()))
        + "</dd><dt>That is</dt><dd>"
        + level(receipt.acr())
        + "</dd><dt>Tied to it</dt><dd>"
        + binding(receipt.binding())
        + "</dd><dt>Its hash</dt><dd><code>"
        + Html.escaped(receipt.hash())
        + "</code></dd></dl><details><summary>The receipt itself</summary><p><code>"
        + Html.escaped(receipt.signed())
        + "</code></p></details></div><div class=row><a class=button href='/'>Done</a></div>";
  }

  private static String binding(String word) {
    return switch (word) {
      case "signed" -> "the proof is a signature over this transfer";
      case "told" -> "amount and payee came with the code";
      default -> "it was shown where the code was typed";
    };
  }

  private static String given(List<String> amr) {
    return amr.stream()
        .map(each -> METHODS.getOrDefault(each, each))
        .collect(Collectors.joining(", "));
  }

  private static String level(String acr) {
    return switch (acr) {
      case "aal1" -> "one proof (assurance level 1)";
      case "aal2" -> "two kinds of proof (assurance level 2)";
      case "aal3" -> "two kinds of proof, one in hardware (assurance level 3)";
      default -> "of no level that the bank knows";
    };
  }

  private String ago(Instant at) {
    long seconds = Math.max(0, Duration.between(at, clock.instant()).toSeconds());
    return seconds < 90
        ? seconds + " seconds ago"
        : seconds / 60 < 90 ? seconds / 60 + " minutes ago" : seconds / 3600 + " hours ago";
  }

  private static String cookie(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
        .flatMap(line -> List.of(line.split(";", -1)).stream())
        .map(String::strip)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1))
        .findFirst()
        .orElse("");
  }

  private void remember(HttpExchange exchange, String cookie, Visitor visitor) {
    var name = cookie.isEmpty() ? new State().getValue() : cookie;
    if (visitors.size() >= MOST_VISITORS) {
      visitors.clear(); // A demo forgets rather than grows.
    }
    visitors.put(name, visitor);
    exchange
        .getResponseHeaders()
        .set("Set-Cookie", COOKIE + "=" + name + "; Path=/; HttpOnly; SameSite=Lax");
  }

  private static void redirect(HttpExchange exchange, URI to) throws IOException {
    exchange.getResponseHeaders().set("Location", to.toString());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(303, -1);
  }

  private static void page(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = Html.page("Harbour Bank", body, false).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
