package dev.countersign.e2e;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What went over the wire, as the browser's own network log tells it. */
final class Wire {
  private static final JsonMapper JSON = new JsonMapper();

  private Wire() {}

  /**
   * One answer.
   *
   * @param kind what the browser wanted it for: Document, Stylesheet, Script, Image and so on
   * @param headers by name in lower case
   * @param bytes all that came, headers included; 0 while it is not known, or where it came from the cache
   */
  record Answer(URI url, int status, String kind, Map<String, String> headers, long bytes) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** Everything since the last time. */
  static List<Answer> drain(ChromeDriver browser) {
    var answers = new ArrayList<Answer>();
    Map<String, Answer> open = new LinkedHashMap<>();
    for (var entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
      var message = JSON.readTree(entry.getMessage()).path("message");
      var told = message.path("params");
      var id = told.path("requestId").asString("");
      switch (message.path("method").asString("")) {
        case "Network.requestWillBeSent" -> {
          if (told.has("redirectResponse")) {
            answers.add(answer(told.path("redirectResponse"), "Redirect"));
          }
        }
        case "Network.responseReceived" ->
            open.put(id, answer(told.path("response"), told.path("type").asString("")));
        case "Network.loadingFinished" -> {
          var answer = open.remove(id);
          if (answer != null) {
            answers.add(
                new Answer(
                    answer.url(),
                    answer.status(),
                    answer.kind(),
                    answer.headers(),
                    told.path("encodedDataLength").asLong(0)));
          }
        }
        case String _ -> {}
      }
    }
    answers.addAll(open.values());
    return answers.stream().filter(it -> it.url().getScheme().startsWith("http")).toList();
  }

  private static Answer answer(JsonNode response, String kind) {
    Map<String, String> headers = new TreeMap<>();
    for (var header : response.path("headers").properties()) {
      headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue().asString(""));
    }
    return new Answer(
        URI.create(response.path("url").asString("about:blank").replaceAll("#.*", "")),
        response.path("status").asInt(0),
        kind,
        headers,
        0);
  }
}
