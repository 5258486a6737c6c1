package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.application.Urls;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Secret;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Cookie;
import dev.countersign.web.Params;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Signing out at an application's wish: {@code /oidc/logout} (OpenID Connect RP-Initiated Logout 1.0) and Auth0's {@code
 * /v2/logout}. It is done at once only where the request shows that it comes from an application that the person uses;
 * otherwise the person is asked, so that no foreign page can sign anybody out. A browser is sent back only to a URL that
 * the application has registered, letter by letter; at Auth0's, where no application is named, to one that the tenant has. With the session end all refresh tokens that came of it. Thread-safe.
 */
final class SignOut {
  static final String CONFIRM = "/oidc/logout/confirm";

  private final Database database;
  private final Tenants tenants;
  private final Applications applications;
  private final People people;
  private final Sessions sessions;
  private final Audit audit;
  private final Tokens tokens;
  private final OidcPages pages;

  SignOut(
      Database database,
      Tenants tenants,
      Applications applications,
      People people,
      Sessions sessions,
      Audit audit,
      Tokens tokens,
      OidcPages pages) {
    this.database = database;
    this.tenants = tenants;
    this.applications = applications;
    this.people = people;
    this.sessions = sessions;
    this.audit = audit;
    this.tokens = tokens;
    this.pages = pages;
  }

  /**
   * What is asked, as far as it holds.
   *
   * @param registered where a browser may be sent then, by the application's word or the tenant's
   * @param back where to send the browser then; nothing unless it is registered
   * @param refusedBack whether it asked to be sent elsewhere
   * @param state to be given back there
   */
  private record Asked(
      Optional<Application> application,
      List<String> registered,
      Optional<String> back,
      boolean refusedBack,
      Optional<String> state) {}

  /** Who is signed in in this browser. */
  private record Here(Session session, Optional<Person> person) {}

  Reply oidc(Request request) {
    Authorize.requireSingle(request.query());
    return oidc(request, request.query());
  }

  Reply oidcPosted(Request request) {
    var params = request.form();
    Authorize.requireSingle(params);
    return oidc(request, params);
  }

  private Reply oidc(Request request, Params params) {
    var hint =
        params
            .one("id_token_hint")
            .filter(it -> !it.isEmpty())
            .flatMap(it -> tokens.hint(request.site(), Secret.of(it), request.at()))
            .filter(it -> it.isNow(request.at()));
    var named = params.one("client_id").filter(it -> !it.isEmpty());
    var hinted = hint.map(it -> it.audience().getFirst());
    boolean contradicts = named.isPresent() && hinted.isPresent() && !named.equals(hinted);
    var asked =
        asked(
            request,
            contradicts ? Optional.empty() : hinted.or(() -> named),
            List.of(),
            params.one("post_logout_redirect_uri"),
            params.one("state"));
    var here = here(request);
    boolean proven =
        !contradicts
            && hint.isPresent()
            && !asked.refusedBack()
            && (here.isEmpty() || here.get().session().id().value().equals(hint.get().text("sid")));
    return go(request, asked, here, proven);
  }

  Reply auth0(Request request) {
    Authorize.requireSingle(request.query());
    var client = request.query().one("client_id").filter(it -> !it.isEmpty());
    var asked =
        asked(
            request,
            client,
            tenantsUrls(request, client),
            request.query().one("returnTo"),
            Optional.empty());
    return go(
        request, asked, here(request), !asked.refusedBack() && comesFrom(request, origins(asked)));
  }

  /** The form of the page that asked; only we can have made it. */
  Reply confirmed(Request request) {
    var query = request.query();
    var client = query.one("client_id");
    var asked =
        asked(request, client, tenantsUrls(request, client), query.one("back"), query.one("state"));
    here(request).ifPresent(it -> end(request, it, asked));
    return done(request, asked);
  }

  private Reply go(Request request, Asked asked, Optional<Here> here, boolean proven) {
    if (here.isEmpty()) {
      return done(request, asked);
    }
    if (proven) {
      end(request, here.get(), asked);
      return done(request, asked);
    }
    var identifier = here.get().person().map(Person::label).orElse("");
    return pages.askToSignOut(request, confirmation(asked), identifier, "/account");
  }

  private static String confirmation(Asked asked) {
    var params = new LinkedHashMap<String, String>();
    asked.application().ifPresent(it -> params.put("client_id", it.id().value()));
    asked.back().ifPresent(it -> params.put("back", it));
    asked.state().ifPresent(it -> params.put("state", it));
    return params.isEmpty()
        ? CONFIRM
        : CONFIRM + "?" + AuthorizationRequest.encoded(Params.of(params));
  }

  /** What is asked, where beside the application's own URLs {@code more} are registered. */
  private Asked asked(
      Request request,
      Optional<String> client,
      List<String> more,
      Optional<String> back,
      Optional<String> state) {
    var application = client.flatMap(id -> applications.find(request.site().tenant(), id));
    var registered = application.map(Application::logoutUrls).orElse(more);
    var wanted = back.filter(url -> !url.isEmpty());
    var found = wanted.filter(registered::contains);
    return new Asked(application, registered, found, wanted.isPresent() && found.isEmpty(), state);
  }

  /** The tenant's own list, which counts only where no application is named. */
  private List<String> tenantsUrls(Request request, Optional<String> client) {
    return client.isPresent()
        ? List.of()
        : tenants.get(request.site().tenant()).settings().logoutUrls();
  }

  /** Whose pages may sign people out at once. */
  private static Set<String> origins(Asked asked) {
    return asked
        .application()
        .map(Application::origins)
        .orElseGet(() ->
            asked.registered().stream()
                .map(Urls::origin)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet()));
  }

  /**
   * Whether a page from one of these origins sent the browser here. Browsers say so by themselves; a page that hides where it is
   * from, or a picture or frame somewhere, does not count.
   */
  private static boolean comesFrom(Request request, Set<String> origins) {
    var mode = request.header("sec-fetch-mode").orElse("navigate");
    if (!mode.equals("navigate")
        || !request.header("sec-fetch-dest").orElse("document").equals("document")) {
      return false;
    }
    return switch (request.header("sec-fetch-site").orElse("none")) {
      case "same-origin", "none" -> true;
      default -> {
        var referrer = request.header("referer").flatMap(Urls::origin);
        yield referrer.filter(origins::contains).isPresent();
      }
    };
  }

  private Optional<Here> here(Request request) {
    var tenant = request.site().tenant();
    var cookie = request.cookie(Sessions.COOKIE).map(Secret::of);
    return database.read(tx ->
        sessions
            .find(tx, tenant, cookie, request.at())
            .map(it -> new Here(it, people.find(tx, tenant, it.user()))));
  }

  private void end(Request request, Here here, Asked asked) {
    database.run(tx -> end(tx, request, here, asked));
  }

  private void end(Tx tx, Request request, Here here, Asked asked) {
    var it = here.session();
    if (sessions.end(tx, request.site().tenant(), it.id(), request.at())) {
      var event =
          AuditEvent.success(AuditType.SIGNED_OUT, request.occasion())
              .by(it.user())
              .with("session", it.id().value());
      audit.record(
          tx,
          request.site().tenant(),
          event.in(null, asked.application().map(Application::id).orElse(null)));
    }
  }

  private Reply done(Request request, Asked asked) {
    var reply =
        asked
            .back()
            .map(url ->
                Reply.seeOther(
                    asked
                        .state()
                        .map(state ->
                            url
                                + (url.indexOf('?') < 0 ? "?" : "&")
                                + "state="
                                + AuthorizationRequest.encoded(state))
                        .orElse(url)))
            .orElseGet(() -> pages.signedOut(request, asked.application().map(Application::name)));
    return reply.withCookie(Cookie.deleted(Sessions.COOKIE));
  }
}
