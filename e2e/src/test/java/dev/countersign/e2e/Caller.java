package dev.countersign.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/** A browser of the simplest kind, for looking in at a server from outside: cookies, redirects, forms. */
final class Caller {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new TreeMap<>();

  /** An answer, after all redirects. */
  record Answer(int status, URI at, String text) {
    Document page() {
      return Jsoup.parse(text, at.toString());
    }
  }

  Answer get(String url) {
    return go(URI.create(url), null);
  }

  /** Sends the form of that page which has a field of this name, with this value in it. */
  Answer submit(Answer shown, String field, String value) {
    var input = shown.page().selectFirst("form [name=" + field + "]");
    var form = input == null ? null : input.closest("form");
    if (form == null) {
      throw new AssertionError("no form with " + field + " on\n" + shown.page().text());
    }
    Map<String, String> fields = new LinkedHashMap<>();
    form.select("input[name]").forEach(it -> fields.put(it.attr("name"), it.val()));
    fields.put(field, value);
    var body =
        fields.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var action = form.attr("action");
    return go(action.isEmpty() ? shown.at() : shown.at().resolve(action), body);
  }

  private Answer go(URI start, @Nullable String form) {
    var target = start;
    var body = form;
    for (int i = 0; i < 12; i++) {
      var request = HttpRequest.newBuilder(target);
      if (!cookies.isEmpty()) {
        request.header(
            "Cookie",
            cookies.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .collect(Collectors.joining("; ")));
      }
      if (body != null) {
        request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
      }
      try {
        var received = client.send(request.build(), BodyHandlers.ofString());
        for (var line : received.headers().allValues("set-cookie")) {
          var pair = line.split(";", 2)[0].split("=", 2);
          cookies.put(pair[0], pair[1]);
        }
        var location = received.headers().firstValue("location");
        if (location.isEmpty()) {
          return new Answer(received.statusCode(), target, received.body());
        }
        target = target.resolve(location.get());
        body = null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError("redirected in a circle, last to " + target);
  }

  /** The status of a request to that port of this machine in the name of a host. */
  static int status(int port, String host, String path) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
