package dev.countersign.oidc;

import dev.countersign.application.Urls;
import dev.countersign.loginsession.Arrivals.Onward;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The answer to an authorization request, on its way back to the application. */
final class AuthorizationAnswer {
  private AuthorizationAnswer() {}

  /** An answer, with the {@code state} that came and the {@code iss} that tells it from another provider's (RFC 9207 section 2). */
  static Onward of(AuthorizationRequest request, Map<String, String> fields) {
    var all = new LinkedHashMap<>(fields);
    request.state().ifPresent(state -> all.put("state", state));
    all.put("iss", request.issuer());
    var uri = request.redirectUri();
    return switch (request.mode().orElse(AuthorizationRequest.Mode.QUERY)) {
      case QUERY -> new Onward.Redirect(uri + (uri.indexOf('?') < 0 ? "?" : "&") + encoded(all));
      case FRAGMENT -> new Onward.Redirect(uri + "#" + encoded(all));
      case FORM_POST -> new Onward.FormPost(uri, all);
      case WEB_MESSAGE -> new Onward.WebMessage(Urls.origin(uri).orElse(uri), all);
    };
  }

  static Onward error(AuthorizationRequest request, OAuthError error) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("error", error.error());
    fields.put("error_description", error.description());
    return of(request, fields);
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            AuthorizationRequest.encoded(field.getKey())
                + "="
                + AuthorizationRequest.encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }
}
