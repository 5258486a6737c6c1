package dev.countersign.testkit.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.ReadMail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that was sent to anybody: {@code /inbox} to look at, {@code /inbox.json} for programs, newest first. */
final class Inbox implements HttpHandler {
  private final MailSink mails;

  Inbox(MailSink mails) {
    this.mails = mails;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    var all = mails.mails().reversed().stream().map(ReadMail::of).toList();
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/inbox.json" ->
            send(
                exchange,
                200,
                "application/json",
                Json.write(all.stream().map(Inbox::entry).toList()));
        case "/inbox" -> send(exchange, 200, "text/html", page(all));
        default -> send(exchange, 404, "text/plain", "There is /inbox and /inbox.json.\n");
      }
    }
  }

  private static Map<String, Object> entry(ReadMail mail) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("channel", "mail");
    entry.put("at", mail.at().toString());
    entry.put("to", mail.to());
    entry.put("subject", mail.subject());
    entry.put("text", mail.text());
    return entry;
  }

  private static String page(List<ReadMail> all) {
    var body =
        new StringBuilder(
            "<h1>Inbox</h1><p class=lead>Every mail and text that the demo has sent. Nothing leaves this machine.</p>");
    if (all.isEmpty()) {
      body.append("<p>Nothing yet. Set a factor up, or ask for a new password.</p>");
    }
    for (var mail : all) {
      body.append("<article><header><strong>")
          .append(Html.escaped(mail.subject()))
          .append("</strong><span>to ")
          .append(Html.escaped(String.join(", ", mail.to())))
          .append("</span><time>")
          .append(mail.at().toString(), 0, 19)
          .append("Z</time></header><pre>")
          .append(Html.linked(mail.text()))
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
