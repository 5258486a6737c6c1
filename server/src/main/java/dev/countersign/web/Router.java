package dev.countersign.web;

import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the route, checks what it declares, runs its handler, and dresses the answer. Whatever goes wrong becomes an
 * answer here: a malformed request by its catalogue entry, a database that is away 503, our own mistakes 500, each in
 * the form that the route's callers read. Thread-safe.
 */
public final class Router {
  private static final Logger LOG = System.getLogger(Router.class.getName());

  /** As long as browsers keep anything (RFC 6265bis section 5.5). */
  private static final Duration DEVICE_LASTS = Duration.ofDays(400);

  /** What every answer wears unless its handler knows better (ASVS 5.0 3.4). */
  static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "same-origin",
          "Cache-Control", "no-store",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=()");

  /** Once seen over HTTPS, a year of nothing else. */
  static final String STRICT_TRANSPORT = "max-age=31536000";

  private final List<Route> routes;
  private final Map<Integer, List<Pattern>> bySize;
  private final BearerCheck bearer;
  private final Origins origins;
  private final Failures failures;
  private final Times times;

  /** What time it is in a tenant, at everybody's time. The one place where a sandbox's own clock comes in. */
  @FunctionalInterface
  public interface Times {
    Moment now(TenantId tenant, Moment everybodys);
  }

  /** Of tenants that all have the same time. */
  public Router(List<Route> routes, BearerCheck bearer, Origins origins, Failures failures) {
    this(routes, bearer, origins, failures, (_, everybodys) -> everybodys);
  }

  public Router(
      List<Route> routes, BearerCheck bearer, Origins origins, Failures failures, Times times) {
    this.times = times;
    this.routes = List.copyOf(routes);
    this.bySize =
        new HashMap<>(
            this.routes.stream()
                .map(route -> new Pattern(route, route.segments()))
                .collect(Collectors.groupingBy(pattern -> pattern.segments().size())));
    this.bearer = bearer;
    this.origins = origins;
    this.failures = failures;
  }

  /** The whole table, in the order declared. */
  public List<Route> routes() {
    return routes;
  }

  /** A route with its path cut into segments. */
  private record Pattern(Route route, List<String> segments) {}

  /** A route that fits, with the values of its braces. */
  private record Match(Route route, Map<String, String> parameters) {}

  /** An answer and the path pattern that gave it, which is all that logs and metrics may name. */
  public record Answered(Reply reply, String pattern) {}

  public Answered answer(Request request) {
    var matches = new ArrayList<Match>();
    try {
      matches.addAll(matches(request));
    } catch (Refused refused) {
      return new Answered(
          dress(
              request, failures.say(request, refused.problem(), refused.field(), refused.detail())),
          "none");
    }
    var wanted = request.method() == Method.HEAD ? Method.GET : request.method();
    var match = matches.stream().filter(each -> each.route().method() == wanted).findFirst();
    if (match.isPresent()) {
      var found = match.get();
      return new Answered(
          dress(
              request,
              cors(
                  request,
                  found.route(),
                  answer(request.withParameters(found.parameters()), found.route()))),
          found.route().path());
    }
    if (matches.isEmpty()) {
      return new Answered(dress(request, failures.say(request, Problem.NOT_FOUND, "", "")), "none");
    }
    var pattern = matches.getFirst().route().path();
    if (wanted == Method.OPTIONS) {
      return new Answered(dress(request, preflight(request, matches)), pattern);
    }
    var allow = allowed(matches);
    return new Answered(
        dress(
            request,
            failures
                .say(request, Problem.METHOD, "", "Use " + allow + ".")
                .withHeader("Allow", allow)),
        pattern);
  }

  private Reply answer(Request came, Route route) {
    var request = came;
    try {
      request = came.at(times.now(came.site().tenant(), came.at()));
      return switch (route.guard()) {
        case Guard.Open _, Guard.CrossOrigin _ -> route.handler().handle(request);
        case Guard.Form _ ->
            CrossSite.isOurs(request)
                ? route.handler().handle(request)
                : failures.say(request, Problem.FORGED, "", "");
        case Guard.Bearer wanted ->
            switch (bearer.check(request, wanted)) {
              case BearerCheck.Outcome.Granted(var caller) ->
                  route.handler().handle(request.withCaller(caller));
              case BearerCheck.Outcome.Denied(var reply) -> reply;
            };
      };
    } catch (Refused refused) {
      return failures.say(request, refused.problem(), refused.field(), refused.detail());
    } catch (Ids.Malformed e) {
      return failures.say(request, Problem.BAD_REQUEST, "", "An id is malformed.");
    } catch (StorageException.Unavailable | StorageException.Contention e) {
      LOG.log(
          Level.WARNING,
          "database away on {0} {1}: {2}",
          route.method(),
          route.path(),
          e.getMessage());
      return failures.say(request, Problem.UNAVAILABLE, "", "").withHeader("Retry-After", "2");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "failed on " + route.method() + " " + route.path(), e);
      return failures.say(request, Problem.UNEXPECTED, "", "");
    }
  }

  private List<Match> matches(Request request) {
    var path = request.path();
    if (!path.startsWith("/") || path.indexOf(';') >= 0 || path.contains("//")) {
      return List.of();
    }
    var segments = path.substring(1).split("/", -1);
    var found = new ArrayList<Match>();
    for (var pattern : bySize.getOrDefault(segments.length, List.of())) {
      match(pattern, segments)
          .ifPresent(parameters -> found.add(new Match(pattern.route(), parameters)));
    }
    // A literal segment is a better fit than a brace.
    found.sort((a, b) -> Integer.compare(a.parameters().size(), b.parameters().size()));
    return found;
  }

  private static Optional<Map<String, String>> match(Pattern route, String[] segments) {
    Map<String, String> parameters = Map.of();
    var pattern = route.segments();
    for (int i = 0; i < segments.length; i++) {
      var wanted = pattern.get(i);
      if (wanted.startsWith("{")) {
        var value = Params.decoded(segments[i], false);
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
          return Optional.empty();
        }
        if (parameters.isEmpty()) {
          parameters = new LinkedHashMap<>();
        }
        parameters.put(wanted.substring(1, wanted.length() - 1), value);
      } else if (!wanted.equals(segments[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static String allowed(List<Match> matches) {
    var methods = EnumSet.noneOf(Method.class);
    matches.forEach(match -> methods.add(match.route().method()));
    if (methods.contains(Method.GET)) {
      methods.add(Method.HEAD);
    }
    return methods.stream().map(Method::name).collect(Collectors.joining(", "));
  }

  private Reply preflight(Request request, List<Match> matches) {
    var open =
        matches.stream()
            .filter(match -> match.route().guard() instanceof Guard.CrossOrigin)
            .toList();
    var origin = request.header("origin");
    if (open.isEmpty()
        || origin.isEmpty()
        || !origins.registered(request.site().tenant(), origin.get())) {
      return Reply.empty(204).withHeader("Allow", allowed(matches)).withHeader("Vary", "Origin");
    }
    return allow(Reply.empty(204), origin.get())
        .withHeader("Access-Control-Allow-Methods", allowed(open))
        .withHeader(
            "Access-Control-Allow-Headers", "auth0-client, authorization, content-type, dpop")
        .withHeader("Access-Control-Max-Age", "600");
  }

  private Reply cors(Request request, Route route, Reply reply) {
    if (!(route.guard() instanceof Guard.CrossOrigin)) {
      return reply;
    }
    var origin = request.header("origin");
    return origin.isPresent() && origins.registered(request.site().tenant(), origin.get())
        ? allow(reply, origin.get())
        : reply.withHeader("Vary", "Origin");
  }

  private static Reply allow(Reply reply, String origin) {
    return reply
        .withHeader("Access-Control-Allow-Origin", origin)
        .withHeader("Access-Control-Allow-Credentials", "true")
        .withHeader("Vary", "Origin");
  }

  /**
   * The security headers of ASVS 5.0 3.4, the cookies that this browser's forms are bound to and that it is known again by,
   * and compression.
   */
  private static Reply dress(Request request, Reply reply) {
    var usual = new HashMap<>(SECURITY_HEADERS);
    usual.put("Content-Security-Policy", contentSecurityPolicy(reply));
    if (reply.framers().isEmpty()) {
      usual.put("X-Frame-Options", "DENY");
    }
    if (request.site().secure()) {
      usual.put("Strict-Transport-Security", STRICT_TRANSPORT);
    }
    var dressed = reply.withDefaults(usual);
    if (isPage(reply) && request.cookie(CrossSite.COOKIE).isEmpty()) {
      dressed =
          dressed.withCookie(
              Cookie.untilClosed(CrossSite.COOKIE, Secret.of(request.browser().reveal())));
    }
    if (isPage(reply) && request.cookie(Request.DEVICE_COOKIE).isEmpty()) {
      dressed =
          dressed.withCookie(
              Cookie.lasting(
                  Request.DEVICE_COOKIE, CrossSite.derived("device ", request), DEVICE_LASTS));
    }
    return Gzip.applied(request, dressed);
  }

  private static boolean isPage(Reply reply) {
    return reply.header("Content-Type").filter(type -> type.startsWith("text/html")).isPresent();
  }

  private static String contentSecurityPolicy(Reply reply) {
    var framers = reply.framers().isEmpty() ? "'none'" : String.join(" ", reply.framers());
    if (!isPage(reply)) {
      return "default-src 'none'; frame-ancestors " + framers;
    }
    var forms = reply.formTargets().isEmpty() ? "" : " " + String.join(" ", reply.formTargets());
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'"
        + forms
        + "; frame-ancestors "
        + framers
        + "; base-uri 'none'";
  }
}
