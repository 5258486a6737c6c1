package dev.countersign.oidc;

import dev.countersign.web.Params;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an application asked for at {@code /authorize} (RFC 6749 section 4.1.1, OpenID Connect Core 1.0 section 3.1.2.1).
 * A sign-in keeps it as the URL that it came by, so that it can be answered, and begun again.
 *
 * @param issuer where it was asked
 * @param params every parameter once
 */
record AuthorizationRequest(String issuer, Params params) {
  static final String PATH = "authorize";

  /** The response types there are; no access token ever travels through the browser (RFC 9700 section 2.1.2). */
  static final Set<Set<String>> RESPONSE_TYPES =
      Set.of(Set.of("code"), Set.of("id_token"), Set.of("code", "id_token"));

  /** How the answer goes back. */
  enum Mode {
    QUERY,
    FRAGMENT,
    FORM_POST,
    WEB_MESSAGE;

    static Optional<Mode> of(String word) {
      return Arrays.stream(values())
          .filter(mode -> mode.name().toLowerCase(java.util.Locale.ROOT).equals(word))
          .findFirst();
    }
  }

  static AuthorizationRequest ofUrl(String url) {
    int query = url.indexOf('?');
    return new AuthorizationRequest(
        url.substring(0, query - PATH.length()), Params.parse(url.substring(query + 1)));
  }

  String url() {
    return issuer + PATH + "?" + encoded(params);
  }

  /** Parameters as a query string. */
  static String encoded(Params params) {
    return params.asMap().entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(value -> Map.entry(entry.getKey(), value)))
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Whether the application pushed it before it sent the browser. */
  boolean isPushed() {
    return params.text(PushedRequests.PARAMETER).startsWith(PushedRequests.NAMES);
  }

  String clientId() {
    return params.text("client_id");
  }

  String redirectUri() {
    return params.text("redirect_uri");
  }

  Set<String> responseType() {
    return new TreeSet<>(words(params.text("response_type")));
  }

  boolean wantsCode() {
    return responseType().contains("code");
  }

  boolean wantsIdToken() {
    return responseType().contains("id_token");
  }

  /** As asked, or what is usual for the response type (OAuth 2.0 Multiple Response Type Encoding Practices section 5). */
  Optional<Mode> mode() {
    var asked = params.text("response_mode");
    return asked.isEmpty()
        ? Optional.of(wantsIdToken() ? Mode.FRAGMENT : Mode.QUERY)
        : Mode.of(asked);
  }

  List<String> scopes() {
    return words(params.text("scope")).stream().distinct().toList();
  }

  Optional<String> nonce() {
    return present("nonce");
  }

  Optional<String> state() {
    return params.one("state");
  }

  Optional<String> audience() {
    return present("audience");
  }

  /** The same for this audience, unless it names one. */
  AuthorizationRequest orFor(Optional<String> usual) {
    if (usual.isEmpty() || audience().isPresent()) {
      return this;
    }
    return with("audience", usual.get());
  }

  /** The same under the name by which it was pushed. */
  AuthorizationRequest pushedAs(String name) {
    return with(PushedRequests.PARAMETER, name);
  }

  private AuthorizationRequest with(String name, String value) {
    var all = new LinkedHashMap<String, String>();
    params.asMap().forEach((key, values) -> all.put(key, values.getFirst()));
    all.put(name, value);
    return new AuthorizationRequest(issuer, Params.of(all));
  }

  Optional<String> codeChallenge() {
    return present("code_challenge");
  }

  List<String> prompts() {
    return words(params.text("prompt"));
  }

  Optional<String> present(String name) {
    return params.one(name).filter(value -> !value.isEmpty());
  }

  static List<String> words(String text) {
    return Arrays.stream(text.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
