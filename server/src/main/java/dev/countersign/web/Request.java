package dev.countersign.web;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One HTTP request as values. Header names are in lower case.
 *
 * @param path as sent, still percent-encoded
 * @param parameters what stood in the braces of the route's path, decoded
 * @param address the address of the person's device, by the trusted-proxy rule
 * @param body at most as large as the server allows
 * @param browser what this browser's forms are bound to: its cookie, or a fresh value that goes out with the answer
 * @param pad random and never used again, to mask what would look the same in every answer
 * @param caller who holds the bearer token; null on routes that want none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(
    Method method,
    Site site,
    String path,
    Map<String, String> parameters,
    Params query,
    Map<String, List<String>> headers,
    byte[] body,
    String address,
    String id,
    Moment at,
    Secret browser,
    Secret pad,
    @Nullable Caller caller) {

  /** What the name of a sign-in looks like where it comes from outside. */
  private static final Pattern STATE = Pattern.compile("[a-z0-9_]{1,40}");

  /** By which a browser is known again; it proves nothing. */
  static final String DEVICE_COOKIE = "cs_device";

  /**
   * A request as it came in.
   *
   * @param query as sent, without the question mark
   * @param entropy for the request's id and pad, and for the browser's cookie where it has none yet
   */
  public static Request arrived(
      Method method,
      Site site,
      String path,
      String query,
      Map<String, List<String>> headers,
      byte[] body,
      String address,
      Moment at,
      Entropy entropy) {
    var browser =
        Cookie.read(
                headers.getOrDefault("cookie", List.of()),
                Cookie.storedName(CrossSite.COOKIE, site.secure()))
            .map(Secret::of)
            .orElseGet(() -> Secret.fresh(entropy, 256));
    return new Request(
        method,
        site,
        path,
        Map.of(),
        Params.parse(query),
        headers,
        body,
        address,
        Ids.fresh("req_", entropy),
        at,
        browser,
        Secret.fresh(entropy, 256),
        null);
  }

  public Optional<String> header(String name) {
    var values = headers.get(name);
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  public String userAgent() {
    var agent = header("user-agent").orElse("");
    return agent.length() > 300 ? agent.substring(0, 300) : agent;
  }

  /** When and from where, for operations. */
  public Occasion occasion() {
    var languages = header("accept-language").orElse("");
    return new Occasion(
        at,
        address,
        userAgent(),
        id,
        site().origin(),
        languages.length() > 100 ? languages.substring(0, 100) : languages,
        page(),
        Secret.of(cookie(DEVICE_COOKIE).orElse("")),
        null);
  }

  /** Without what else the query says: an answer that came with it must not come along again. */
  private String page() {
    return query().all("state").size() == 1
        ? signIn().map(id -> path() + "?state=" + id).orElse(path())
        : path();
  }

  /** The sign-in that the query names; nothing when that could not be the name of one. */
  public Optional<SignInId> signIn() {
    return query().one("state").filter(STATE.asMatchPredicate()).map(SignInId::new);
  }

  /** The value in the route's path under this name. */
  public String parameter(String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no {" + name + "}");
    }
    return value;
  }

  /** The cookie of this name as the site stores it (see {@link Cookie}). */
  public Optional<String> cookie(String name) {
    return Cookie.read(
        headers.getOrDefault("cookie", List.of()), Cookie.storedName(name, site.secure()));
  }

  /** Names (ours, without any prefix) of the cookies that begin with {@code prefix}, oldest first. */
  public List<String> cookieNames(String prefix) {
    return Cookie.names(headers.getOrDefault("cookie", List.of()), prefix, site.secure());
  }

  private boolean hasType(String type) {
    return header("content-type")
        .map(value -> value.toLowerCase(Locale.ROOT))
        .filter(value -> value.equals(type) || value.startsWith(type + ";"))
        .isPresent();
  }

  public boolean isForm() {
    return hasType("application/x-www-form-urlencoded");
  }

  public boolean isJson() {
    return hasType("application/json");
  }

  /** The body as a form; refused with 415 when it is something else. */
  public Params form() {
    if (!isForm()) {
      throw new Refused(
          Problem.CONTENT_TYPE, "", "Send a form (application/x-www-form-urlencoded).");
    }
    requireUncoded();
    return Params.parse(Params.utf8(body, body.length));
  }

  /** Nothing is ever inflated here: a small body could become a huge one (RFC 9110 section 15.5.16). */
  private void requireUncoded() {
    if (header("content-encoding").filter(it -> !it.equalsIgnoreCase("identity")).isPresent()) {
      throw new Refused(Problem.CONTENT_TYPE, "", "Send the body without a Content-Encoding.");
    }
  }

  /** The body as a JSON object; refused when it is something else. */
  public ObjectNode json() {
    if (!(jsonValue() instanceof ObjectNode object)) {
      throw new Refused(Problem.BAD_REQUEST, "", "Send a JSON object.");
    }
    return object;
  }

  /** The body as any JSON value. */
  public JsonNode jsonValue() {
    if (!isJson()) {
      throw new Refused(Problem.CONTENT_TYPE, "", "Send JSON (application/json).");
    }
    requireUncoded();
    try {
      return Json.parse(body);
    } catch (Json.Malformed e) {
      throw new Refused(Problem.BAD_REQUEST, "", "The body is not JSON: " + e.getMessage() + ".");
    }
  }

  /** Who holds the bearer token; only for routes that want one. */
  public Caller holder() {
    return Objects.requireNonNull(caller, "the route wants no bearer token");
  }

  /** The same at another time. */
  Request at(Moment now) {
    return now.equals(at)
        ? this
        : new Request(
            method,
            site,
            path,
            parameters,
            query,
            headers,
            body,
            address,
            id,
            now,
            browser,
            pad,
            caller);
  }

  Request withParameters(Map<String, String> found) {
    return new Request(
        method, site, path, found, query, headers, body, address, id, at, browser, pad, caller);
  }

  Request withCaller(Caller holder) {
    return new Request(
        method,
        site,
        path,
        parameters,
        query,
        headers,
        body,
        address,
        id,
        at,
        browser,
        pad,
        holder);
  }
}
