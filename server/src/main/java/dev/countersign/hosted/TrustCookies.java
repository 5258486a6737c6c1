package dev.countersign.hosted;

import dev.countersign.challenge.TrustBrowser;
import dev.countersign.kernel.Secret;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.web.Cookie;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.List;
import java.util.Optional;

/** The cookies of browsers that their people trust, one for each person. */
public final class TrustCookies {
  /** People whom one browser may be trusted by; of more, those who asked first are asked again. */
  private static final int MOST = 4;

  private TrustCookies() {}

  /** What a browser sent, the newest first. */
  public static List<TrustedBrowsers.Shown> of(Request request) {
    return request.cookieNames(TrustedBrowsers.COOKIES).reversed().stream()
        .filter(name -> name.matches(TrustedBrowsers.COOKIES + "[a-z0-9_]{1,32}"))
        .flatMap(name -> shown(request, name).stream())
        .toList();
  }

  private static Optional<TrustedBrowsers.Shown> shown(Request request, String name) {
    return request
        .cookie(name)
        .map(value ->
            new TrustedBrowsers.Shown(
                name.substring(TrustedBrowsers.COOKIES.length()), Secret.of(value)));
  }

  /** Tells a browser that it is trusted. */
  static Reply set(Request request, Reply reply, TrustBrowser.Trusted trusted) {
    var told = reply;
    for (var id : trusted.replaced()) {
      told = told.withCookie(Cookie.deleted(TrustedBrowsers.cookie(id)));
    }
    var others =
        of(request).stream()
            .map(TrustedBrowsers.Shown::id)
            .filter(id -> !trusted.replaced().contains(id))
            .toList();
    for (var id : others.subList(Math.min(others.size(), MOST - 1), others.size())) {
      told = told.withCookie(Cookie.deleted(TrustedBrowsers.cookie(id)));
    }
    var made = trusted.made();
    return told.withCookie(
        Cookie.lasting(TrustedBrowsers.cookie(made.browser().id()), made.token(), trusted.lasts()));
  }
}
