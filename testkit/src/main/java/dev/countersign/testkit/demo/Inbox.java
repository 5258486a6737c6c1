package dev.countersign.testkit.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.ReadMail;
import dev.countersign.testkit.TextSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Everything that was sent to anybody: {@code /inbox} to look at, {@code /inbox.json} for programs, newest first. */
final class Inbox implements HttpHandler {
  private final MailSink mails;
  private final TextSink texts;
  private final Supplier<List<SentPush>> pushes;
  private final String approver;

  /**
   * The inbox.
   *
   * @param approver the app on the phone, where approvals are asked for
   */
  Inbox(MailSink mails, TextSink texts, Supplier<List<SentPush>> pushes, String approver) {
    this.mails = mails;
    this.texts = texts;
    this.pushes = pushes;
    this.approver = approver;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    var all = all();
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/inbox.json" ->
            send(
                exchange,
                200,
                "application/json",
                Json.write(all.stream().map(Entry::json).toList()));
        case "/inbox" -> send(exchange, 200, "text/html", page(all));
        default -> send(exchange, 404, "text/plain", "There is /inbox and /inbox.json.\n");
      }
    }
  }

  /** One thing that was sent; {@code at} sorts as text. */
  private record Entry(String channel, String at, Object to, String subject, String text) {
    static Entry of(ReadMail mail) {
      return new Entry("mail", mail.at().toString(), mail.to(), mail.subject(), mail.text());
    }

    static Entry of(TextSink.Taken text) {
      return new Entry(
          "text", text.at().toString(), List.of(text.to()), "Text message", text.body());
    }

    Map<String, Object> json() {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("channel", channel);
      entry.put("at", at);
      entry.put("to", to);
      entry.put("subject", subject);
      entry.put("text", text);
      return entry;
    }

    String addressees() {
      return to instanceof List<?> several
          ? several.stream().map(String::valueOf).collect(Collectors.joining(", "))
          : String.valueOf(to);
    }
  }

  private List<Entry> all() {
    var sent = new ArrayList<Entry>();
    mails.mails().stream().map(ReadMail::of).map(Entry::of).forEach(sent::add);
    texts.texts().stream().map(Entry::of).forEach(sent::add);
    pushes
        .get()
        .forEach(push ->
            sent.add(
                new Entry(
                    "push",
                    push.at().toString(),
                    List.of(push.to()),
                    "Approve a sign-in",
                    "Open the approver to answer: " + approver)));
    sent.sort((one, other) -> other.at().compareTo(one.at()));
    return sent;
  }

  private String page(List<Entry> all) {
    var body =
        new StringBuilder(
            "<h1>Inbox</h1><p class=lead>Every mail, text and push that the demo has sent. Nothing leaves this machine."
                + " The phone’s app is <a href='"
                + Html.escaped(approver)
                + "' target='approver'>the approver</a>.</p>");
    if (all.isEmpty()) {
      body.append("<p>Nothing yet. Set a factor up, or ask for a new password.</p>");
    }
    for (var it : all) {
      body.append("<article><header><strong>")
          .append(Html.escaped(it.subject()))
          .append("</strong><span>to ")
          .append(Html.escaped(it.addressees()))
          .append("</span><time>")
          .append(it.at(), 0, 19)
          .append("Z</time></header><pre>")
          .append(Html.linked(it.text()))
          .append("</pre></article>");
    }
    return Html.page("Inbox", body.toString(), true);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
