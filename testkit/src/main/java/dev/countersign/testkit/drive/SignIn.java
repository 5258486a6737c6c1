package dev.countersign.testkit.drive;

import dev.countersign.kernel.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * One person signing in as a browser and its application do it: the pages with their forms, the code, the tokens, the
 * user's claims. Follows whatever forms the server shows; fails on anything else than success. Not thread-safe.
 */
public final class SignIn {
  private static final Pattern FORM =
      Pattern.compile("<form method=\"post\" action=\"([^\"]+)\">(.*?)</form>", Pattern.DOTALL);
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
  private static final Pattern TITLE = Pattern.compile("<title>(.*?)</title>");
  private static final int MOST_PAGES = 8;

  private final Connection connection;
  private final Stage stage;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private int requests;

  public SignIn(Connection connection, Stage stage) {
    this.connection = connection;
    this.stage = stage;
  }

  /**
   * Goes all the way.
   *
   * @param step the time step of the person's phone whose code is typed
   * @return how many requests it took
   */
  public int run(Stage.Person person, long step) throws IOException {
    var verifier = random();
    var client = stage.client();
    var location =
        redirected(
            get(
                "/authorize?response_type=code&client_id="
                    + encoded(client.id())
                    + "&redirect_uri="
                    + encoded(client.redirectUri())
                    + "&scope="
                    + encoded("openid profile email")
                    + "&state="
                    + random()
                    + "&nonce="
                    + random()
                    + "&code_challenge="
                    + challenge(verifier)
                    + "&code_challenge_method=S256"));
    var answers =
        Map.of(
            "identifier",
            person.name(),
            "password",
            person.word().reveal(),
            "code",
            person.phone().codeOfStep(step));
    for (int page = 0; !location.startsWith(client.redirectUri()); page++) {
      if (page == MOST_PAGES) {
        throw new IOException("no end at " + location);
      }
      location = redirected(submit(get(relative(location)), answers));
    }
    var code = parameter(location, "code");
    var tokens =
        Json.tree(
            succeeded(
                    post(
                        "/oauth/token",
                        List.of(),
                        form(
                            Map.of(
                                "grant_type",
                                "authorization_code",
                                "client_id",
                                client.id(),
                                "client_secret",
                                client.proof().reveal(),
                                "code",
                                code,
                                "redirect_uri",
                                client.redirectUri(),
                                "code_verifier",
                                verifier))))
                .text());
    if (!tokens.path("id_token").isString()) {
      throw new IOException("no ID token");
    }
    requests++;
    succeeded(
        connection.get(
            "/userinfo",
            List.of(
                new Connection.Field(
                    "authorization", "Bearer " + tokens.path("access_token").asString()))));
    return requests;
  }

  /** The first page, as a browser meets it. */
  public Connection.Answer firstPage() throws IOException {
    var client = stage.client();
    return succeeded(
        get(
            relative(
                redirected(
                    get(
                        "/authorize?response_type=code&client_id="
                            + encoded(client.id())
                            + "&redirect_uri="
                            + encoded(client.redirectUri())
                            + "&scope=openid&state="
                            + random()
                            + "&code_challenge="
                            + challenge(random())
                            + "&code_challenge_method=S256")))));
  }

  private Connection.Answer submit(Connection.Answer page, Map<String, String> answers)
      throws IOException {
    var html = succeeded(page).text();
    var forms = FORM.matcher(html);
    while (forms.find()) {
      for (var answer : answers.entrySet()) {
        if (forms.group(2).contains("id=\"" + answer.getKey() + "\"")) {
          Map<String, String> fields = new LinkedHashMap<>();
          var hidden = HIDDEN.matcher(forms.group(2));
          while (hidden.find()) {
            fields.put(plain(hidden.group(1)), plain(hidden.group(2)));
          }
          fields.put(answer.getKey(), answer.getValue());
          return post(plain(forms.group(1)), browserFields(), form(fields));
        }
      }
    }
    var title = TITLE.matcher(html);
    throw new IOException(
        "nothing to answer on the page " + (title.find() ? title.group(1) : html));
  }

  private Connection.Answer get(String target) throws IOException {
    requests++;
    return kept(connection.get(target, browserFields()));
  }

  private Connection.Answer post(String target, List<Connection.Field> fields, String form)
      throws IOException {
    requests++;
    return kept(connection.post(target, fields, form));
  }

  private List<Connection.Field> browserFields() {
    List<Connection.Field> fields =
        new ArrayList<>(
            List.of(
                new Connection.Field(
                    "user-agent",
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"),
                new Connection.Field("accept", "text/html,application/xhtml+xml"),
                new Connection.Field("accept-encoding", "identity"),
                new Connection.Field("accept-language", "en-GB,en;q=0.9")));
    if (!cookies.isEmpty()) {
      var pairs =
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .toList();
      fields.add(new Connection.Field("cookie", String.join("; ", pairs)));
    }
    return fields;
  }

  private Connection.Answer kept(Connection.Answer answer) {
    for (var field : answer.header()) {
      if (field.name().equals("set-cookie")) {
        var parts = field.value().split(";", -1);
        int equals = parts[0].indexOf('=');
        var name = parts[0].substring(0, equals);
        if (field.value().contains("Max-Age=0")) {
          cookies.remove(name);
        } else {
          cookies.put(name, parts[0].substring(equals + 1));
        }
      }
    }
    return answer;
  }

  private static Connection.Answer succeeded(Connection.Answer answer) throws IOException {
    if (answer.status() != 200) {
      throw new IOException("answered " + answer.status() + ": " + firstWords(answer));
    }
    return answer;
  }

  private static String redirected(Connection.Answer answer) throws IOException {
    return answer
        .field("location")
        .filter(_ -> answer.status() == 302 || answer.status() == 303)
        .orElseThrow(() ->
            new IOException("no redirect but " + answer.status() + ": " + firstWords(answer)));
  }

  private static String firstWords(Connection.Answer answer) {
    var text = answer.text();
    var title = TITLE.matcher(text);
    return title.find() ? title.group(1) : text.substring(0, Math.min(300, text.length()));
  }

  private static String relative(String location) {
    var uri = URI.create(location);
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static String parameter(String location, String name) throws IOException {
    for (var pair : URI.create(location).getRawQuery().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return java.net.URLDecoder.decode(
            pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    throw new IOException("no " + name + " in the answer to the application");
  }

  private static String form(Map<String, String> fields) {
    var pairs =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .toList();
    return String.join("&", pairs);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The five escapes of HTML that the pages use. */
  private static String plain(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static String random() {
    var bytes = new byte[32];
    ThreadLocalRandom.current().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String challenge(String verifier) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
