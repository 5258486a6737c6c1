package dev.countersign.web;

import dev.countersign.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An answer as a value; the {@code with...} methods return changed copies. Unless a header says otherwise the edge adds
 * the strict security headers and {@code Cache-Control: no-store}.
 *
 * @param formTargets origins beside our own to which a form of this page may lead (Content-Security-Policy form-action)
 * @param framers origins that may frame this page; none for nearly every page
 * @param compressible whether it may be compressed: nothing in it is to be kept from whoever can see its length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(
    int status,
    List<Map.Entry<String, String>> headers,
    List<Cookie> cookies,
    byte[] body,
    Set<String> formTargets,
    Set<String> framers,
    boolean compressible) {

  private static final byte[] NOTHING = {};

  private static Reply of(int status, String contentType, byte[] body) {
    return new Reply(
        status,
        List.of(Map.entry("Content-Type", contentType)),
        List.of(),
        body,
        Set.of(),
        Set.of(),
        false);
  }

  public static Reply html(String page) {
    return html(200, page);
  }

  public static Reply html(int status, String page) {
    return of(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply json(Object value) {
    return json(200, value);
  }

  public static Reply json(int status, Object value) {
    return of(status, "application/json; charset=utf-8", Json.writeBytes(value));
  }

  public static Reply text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply bytes(String contentType, byte[] body) {
    return of(200, contentType, body);
  }

  public static Reply empty(int status) {
    return new Reply(status, List.of(), List.of(), NOTHING, Set.of(), Set.of(), false);
  }

  /** 303, so that the browser follows with GET and a form is never sent twice (RFC 9700 section 4.12). */
  public static Reply seeOther(String location) {
    return empty(303).withHeader("Location", location);
  }

  public Reply withHeader(String name, String value) {
    var more = new ArrayList<Map.Entry<String, String>>(headers.size() + 1);
    for (var header : headers) {
      if (!header.getKey().equalsIgnoreCase(name)) {
        more.add(header);
      }
    }
    more.add(Map.entry(name, plain(name, value)));
    return withHeaders(more);
  }

  /** Adds those of these headers that it does not have. */
  Reply withDefaults(Map<String, String> usual) {
    var more = new ArrayList<Map.Entry<String, String>>(headers.size() + usual.size());
    more.addAll(headers);
    for (var header : usual.entrySet()) {
      if (header(header.getKey()).isEmpty()) {
        more.add(Map.entry(header.getKey(), plain(header.getKey(), header.getValue())));
      }
    }
    return withHeaders(more);
  }

  private Reply withHeaders(List<Map.Entry<String, String>> changed) {
    return new Reply(
        status,
        Collections.unmodifiableList(changed),
        cookies,
        body,
        formTargets,
        framers,
        compressible);
  }

  private static String plain(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < 0x20 || value.charAt(i) == 0x7f) {
        throw new IllegalArgumentException("control character in header " + name);
      }
    }
    return value;
  }

  public Reply withCookie(Cookie cookie) {
    var more = new ArrayList<>(cookies);
    more.removeIf(old -> old.name().equals(cookie.name()));
    more.add(cookie);
    return new Reply(status, headers, List.copyOf(more), body, formTargets, framers, compressible);
  }

  public Reply withFormTargets(Set<String> origins) {
    return new Reply(status, headers, cookies, body, new TreeSet<>(origins), framers, compressible);
  }

  public Reply withFramers(Set<String> origins) {
    return new Reply(
        status, headers, cookies, body, formTargets, new TreeSet<>(origins), compressible);
  }

  /** Declares that the length of this answer may say what it says: see {@link Gzip}. */
  public Reply allowingCompression() {
    return new Reply(status, headers, cookies, body, formTargets, framers, true);
  }

  Reply withBody(byte[] changed) {
    return new Reply(status, headers, cookies, changed, formTargets, framers, compressible);
  }

  public Optional<String> header(String name) {
    for (var header : headers) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return Optional.of(header.getValue());
      }
    }
    return Optional.empty();
  }

  public Optional<Cookie> cookie(String name) {
    return cookies.stream().filter(cookie -> cookie.name().equals(name)).findFirst();
  }

  /** The body as text, for tests and logs of our own making. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
