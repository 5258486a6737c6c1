package dev.countersign.testkit;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** What a browser shows: a page of ours, or the address of somebody else's at which it has arrived. */
public final class Page {
  private final URI uri;
  private final Wire.Received received;
  private final Document document;

  Page(URI uri, Wire.Received received) {
    this.uri = uri;
    this.received = received;
    this.document = Jsoup.parse(received.text(), uri.toString());
  }

  /** Where a browser is after it has left the product, with what it brings along. */
  static Page elsewhere(URI uri) {
    return new Page(uri, new Wire.Received(0, Map.of(), new byte[0]));
  }

  public URI uri() {
    return uri;
  }

  /** The HTTP status; 0 elsewhere. */
  public int status() {
    return received.status();
  }

  public Wire.Received received() {
    return received;
  }

  /** Whether it is another site's. */
  public boolean isElsewhere() {
    return received.status() == 0;
  }

  public String html() {
    return received.text();
  }

  /** All that can be read on it. */
  public String text() {
    return document.text();
  }

  public String title() {
    return Optional.ofNullable(document.selectFirst("h1")).map(Element::text).orElse("");
  }

  public boolean has(String css) {
    return document.selectFirst(css) != null;
  }

  public Element element(String css) {
    var found = document.selectFirst(css);
    if (found == null) {
      throw new AssertionError("no " + css + " on\n" + this);
    }
    return found;
  }

  public Document document() {
    return document;
  }

  /** The sentence that says what is wrong with a field; empty when nothing is. */
  public String error(String field) {
    return Optional.ofNullable(document.getElementById(field + "-error"))
        .map(Element::text)
        .orElse("");
  }

  /** What stands in the query, or after the hash sign, of where the browser is. */
  public Map<String, String> parameters() {
    Map<String, String> found = new LinkedHashMap<>();
    var query = uri.getRawQuery() != null ? uri.getRawQuery() : uri.getRawFragment();
    if (query != null) {
      for (var pair : query.split("&", -1)) {
        var parts = pair.split("=", 2);
        found.put(Browser.decoded(parts[0]), parts.length > 1 ? Browser.decoded(parts[1]) : "");
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return received.status() + " " + uri + "\n" + document.body().text();
  }
}
