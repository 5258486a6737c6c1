package dev.countersign.testkit;

import dev.countersign.web.Method;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * A browser without JavaScript: keeps cookies, follows redirects, fills in and sends the forms of the real pages, says
 * where its requests come from. It stops at the door of other people's sites. Not thread-safe, as people are not.
 */
public final class Browser {
  static final String ADDRESS = "192.0.2.7";
  static final String USER_AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  private static final int MOST_REDIRECTS = 12;

  private final World world;
  private final Map<String, Map<String, Kept>> jar = new TreeMap<>();
  private Node node;
  private String language = "en";
  private List<String> forwardedFor = List.of();
  private List<String> userAgents = List.of(USER_AGENT);
  private Map<String, String> more = Map.of();
  private String address = ADDRESS;
  private @Nullable Page page;
  private @Nullable BrowserKey key;

  private record Kept(String value, @Nullable Instant until) {}

  Browser(World world, Node node) {
    this.world = world;
    this.node = node;
  }

  /** From now on its requests go to that server. */
  public Browser talkingTo(Node other) {
    this.node = other;
    return this;
  }

  /** From now on it asks for pages in this language. */
  public Browser speaking(String tag) {
    this.language = tag;
    return this;
  }

  /** From now on its requests claim to have come from there, one header for each. */
  public Browser forwardedFor(String... claims) {
    this.forwardedFor = List.of(claims);
    return this;
  }

  /** From now on it calls itself so, one header for each; without any it says nothing of itself. */
  public Browser callingItself(String... names) {
    this.userAgents = List.of(names);
    return this;
  }

  /** From now on its requests come from there. */
  public Browser from(String elsewhere) {
    this.address = elsewhere;
    return this;
  }

  /** From now on it sends these headers too, as something between it and the server could make it. */
  public Browser alsoSending(Map<String, String> headers) {
    this.more = Map.copyOf(headers);
    return this;
  }

  /** From now on it holds this key and shows it where a page asks for it, as one with scripts does; null for one without. */
  public Browser holding(@Nullable BrowserKey its) {
    this.key = its;
    return this;
  }

  /** Another browser with the same cookies, as a thief of them would have: a key is not among them. */
  public Browser copy() {
    var copy = new Browser(world, node).speaking(language);
    jar.forEach((host, cookies) -> copy.jar.put(host, new TreeMap<>(cookies)));
    copy.page = page;
    return copy;
  }

  /** The page it shows. */
  public Page page() {
    if (page == null) {
      throw new IllegalStateException("nothing was opened yet");
    }
    return page;
  }

  /** Goes to an address as if it was typed in or followed from another site. */
  public Page open(String url) {
    return go(Method.GET, URI.create(url), new byte[0], "cross-site");
  }

  /** Follows a link of the page. */
  public Page follow(String css) {
    return go(
        Method.GET,
        page().uri().resolve(page().element(css).attr("href")),
        new byte[0],
        "same-origin");
  }

  /** Loads the page again. */
  public Page reload() {
    return go(Method.GET, page().uri(), new byte[0], "same-origin");
  }

  /** Sends the page's form that has all these fields, with these values in them. */
  public Page submit(Map<String, String> values) {
    var form =
        page().document().select("form").stream()
            .filter(each ->
                values.keySet().stream()
                    .allMatch(name -> each.selectFirst("[name=" + name + "]") != null))
            .findFirst()
            .orElseThrow(
                () -> new AssertionError("no form with " + values.keySet() + " on\n" + page()));
    var fields = fields(form);
    fields.putAll(shown(form));
    fields.putAll(values);
    return send(form, fields);
  }

  /** What the script of the page puts into the form. */
  private Map<String, String> shown(Element form) {
    var asked = form.selectFirst("input[data-browser-key]");
    if (key == null || asked == null) {
      return Map.of();
    }
    var here = page().uri();
    var origin = here.getScheme() + "://" + here.getRawAuthority();
    return Map.of(asked.attr("name"), key.answers(asked.attr("data-browser-key"), origin));
  }

  /** Presses the button of that name and value. */
  public Page press(String name, String value) {
    var button = page().element("button[name=" + name + "][value=" + value + "]");
    var form = button.closest("form");
    if (form == null) {
      throw new AssertionError("a button without a form on\n" + page());
    }
    var fields = fields(form);
    fields.put(name, value);
    return send(form, fields);
  }

  /** What a form sends by itself: its named inputs, but not what is to be ticked. */
  private static Map<String, String> fields(Element form) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (var input : form.select("input[name], select[name], textarea[name]")) {
      if (!input.attr("type").equals("checkbox") || input.hasAttr("checked")) {
        fields.put(input.attr("name"), input.val());
      }
    }
    return fields;
  }

  private Page send(Element form, Map<String, String> fields) {
    var action = form.attr("action");
    var target = action.isEmpty() ? page().uri() : page().uri().resolve(action);
    if (form.attr("method").equalsIgnoreCase("post")) {
      return go(
          Method.POST, target, encoded(fields).getBytes(StandardCharsets.UTF_8), "same-origin");
    }
    return go(
        Method.GET,
        URI.create(withoutQuery(target) + "?" + encoded(fields)),
        new byte[0],
        "same-origin");
  }

  /** Posts a form of one's own making to an address of ours, as an attacker does who owns this browser. */
  public Page post(String url, Map<String, String> fields) {
    return go(
        Method.POST,
        URI.create(url),
        encoded(fields).getBytes(StandardCharsets.UTF_8),
        "same-origin");
  }

  private Page go(Method method, URI uri, byte[] body, String from) {
    var target = uri;
    var how = method;
    var sent = body;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      if (!world.isOurs(target)) {
        return arrive(Page.elsewhere(target));
      }
      var received = exchange(how, target, sent, from);
      if (received.status() == 307 || received.status() == 308) {
        throw new AssertionError(
            "a redirect that would send the form again: " + received.status() + " at " + target);
      }
      var location = received.header("location");
      if (received.status() / 100 != 3 || location.isEmpty()) {
        return arrive(posted(new Page(target, received)));
      }
      target = target.resolve(location.get());
      how = Method.GET;
      sent = new byte[0];
    }
    throw new AssertionError("redirected in a circle, last to " + target);
  }

  /** A page whose script would post its form to the application at once (OAuth 2.0 Form Post Response Mode). */
  private Page posted(Page shown) {
    var form = shown.document().selectFirst("form#answer");
    if (form == null) {
      return shown;
    }
    var target = URI.create(form.attr("action"));
    return world.isOurs(target)
        ? shown
        : Page.elsewhere(URI.create(withoutQuery(target) + "?" + encoded(fields(form))));
  }

  private Page arrive(Page at) {
    page = at;
    world.saw(this, at);
    return at;
  }

  private Wire.Received exchange(Method method, URI uri, byte[] body, String from) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    if (!userAgents.isEmpty()) {
      headers.put("user-agent", userAgents);
    }
    headers.put("accept", List.of("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
    headers.put("accept-language", List.of(language));
    headers.put("sec-fetch-site", List.of(from));
    headers.put("sec-fetch-mode", List.of("navigate"));
    headers.put("sec-fetch-dest", List.of("document"));
    if (!forwardedFor.isEmpty()) {
      headers.put("x-forwarded-for", forwardedFor);
    }
    more.forEach((name, value) -> headers.put(name, List.of(value)));
    if (method == Method.POST) {
      headers.put("origin", List.of(uri.getScheme() + "://" + uri.getRawAuthority()));
      headers.put("content-type", List.of("application/x-www-form-urlencoded"));
    }
    var cookies = cookies(uri);
    if (!cookies.isEmpty()) {
      headers.put(
          "cookie",
          List.of(
              cookies.entrySet().stream()
                  .map(it -> it.getKey() + "=" + it.getValue())
                  .collect(Collectors.joining("; "))));
    }
    var received = node.send(new Wire.Sent(method, uri, headers, body, address));
    received.all("set-cookie").forEach(line -> keep(uri, line));
    return received;
  }

  /** The cookies that it would send there, by name. */
  public Map<String, String> cookies(URI uri) {
    Map<String, String> sent = new LinkedHashMap<>();
    jar.getOrDefault(uri.getHost(), Map.of())
        .forEach((name, kept) -> {
          if (kept.until() == null || world.clock().instant().isBefore(kept.until())) {
            sent.put(name, kept.value());
          }
        });
    return sent;
  }

  /** Sets a cookie, as somebody with access to the machine might. */
  public Browser plant(URI uri, String name, String value) {
    jar.computeIfAbsent(uri.getHost(), _ -> new TreeMap<>()).put(name, new Kept(value, null));
    return this;
  }

  /** Loses the cookie of its session at a company, as after signing out. */
  public Browser signedOut(Company company) {
    jar.getOrDefault(company.host(), new TreeMap<>())
        .keySet()
        .removeIf(name -> name.endsWith("cs_session"));
    return this;
  }

  /** Loses all cookies. */
  public Browser forgetful() {
    jar.clear();
    return this;
  }

  /** Loses the cookies that go when a browser is closed. */
  public Browser restarted() {
    jar.values().forEach(cookies -> cookies.values().removeIf(kept -> kept.until() == null));
    return this;
  }

  private void keep(URI uri, String line) {
    var parts = line.split(";", -1);
    int equals = parts[0].indexOf('=');
    var name = parts[0].substring(0, equals);
    var value = parts[0].substring(equals + 1);
    var attributes = List.of(parts).stream().skip(1).map(String::strip).toList();
    if (name.startsWith("__Host-")
        && (!attributes.contains("Secure")
            || !attributes.contains("Path=/")
            || attributes.stream().anyMatch(each -> each.startsWith("Domain=")))) {
      throw new AssertionError("a browser would refuse this cookie: " + name + " " + attributes);
    }
    var life =
        attributes.stream()
            .map(each -> each.toLowerCase(Locale.ROOT))
            .filter(each -> each.startsWith("max-age="))
            .map(each -> Duration.ofSeconds(Long.parseLong(each.substring(8))))
            .findFirst();
    var cookies = jar.computeIfAbsent(uri.getHost(), _ -> new TreeMap<>());
    if (life.isPresent() && !life.get().isPositive()) {
      cookies.remove(name);
      return;
    }
    cookies.put(name, new Kept(value, life.map(world.clock().instant()::plus).orElse(null)));
    world.canaries().cookie(value);
  }

  private static String withoutQuery(URI uri) {
    var text = uri.toString();
    int end = text.indexOf('?');
    return end < 0 ? text : text.substring(0, end);
  }

  /** As {@code application/x-www-form-urlencoded}. */
  static String encoded(Map<String, String> fields) {
    var pairs = new ArrayList<String>();
    fields.forEach((name, value) ->
        pairs.add(
            URLEncoder.encode(name, StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return String.join("&", pairs);
  }

  static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
