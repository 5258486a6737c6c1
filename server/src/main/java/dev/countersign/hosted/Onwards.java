package dev.countersign.hosted;

import dev.countersign.enforcement.Because;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.FormPostPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Link;
import dev.countersign.hosted.view.WebMessagePage;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Cookie;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a move of a sign-in into the answer that the browser gets: cookies, and the next page or the way on. For every
 * room that begins or moves sign-ins. Thread-safe.
 */
public final class Onwards {
  /** How many sign-ins one browser may have under way; of more, the oldest are forgotten. */
  static final int MOST_AT_ONCE = 6;

  private final Database database;
  private final Tenants tenants;
  private final Progress progress;
  private final Passwords passwords;
  private final KnownBrowsers knownBrowsers;
  private final Destinations destinations;
  private final Frames frames;
  private final Whereabouts whereabouts;

  Onwards(
      Database database,
      Tenants tenants,
      Progress progress,
      Passwords passwords,
      KnownBrowsers knownBrowsers,
      Destinations destinations,
      Frames frames,
      Whereabouts whereabouts) {
    this.database = database;
    this.tenants = tenants;
    this.progress = progress;
    this.passwords = passwords;
    this.knownBrowsers = knownBrowsers;
    this.destinations = destinations;
    this.frames = frames;
    this.whereabouts = whereabouts;
  }

  /** The answer to the request that began a sign-in. */
  public Reply began(Request request, StartSignIn.Started started) {
    var moved = started.moved();
    if (moved.arrived().isPresent()) {
      return after(request, moved);
    }
    var others = request.cookieNames(SignIns.COOKIES);
    var reply = after(request, moved);
    for (var name : others.subList(0, Math.max(0, others.size() - MOST_AT_ONCE + 1))) {
      reply = reply.withCookie(Cookie.deleted(name));
    }
    return reply.withCookie(
        Cookie.untilClosed(SignIns.cookie(moved.signIn().id()), started.browser()));
  }

  /** The answer to a request that moved a sign-in. */
  public Reply after(Request request, Progress.Moved moved) {
    var signIn = moved.signIn();
    Reply reply;
    if (moved.arrived().isPresent() && signIn.state() instanceof Completed completed) {
      reply = arrived(request, signIn, completed, moved.arrived().get());
    } else {
      reply =
          signIn.state() instanceof LoginSession.Ended
              ? denied(request, signIn)
              : Reply.seeOther(whereabouts.whereTo(signIn));
    }
    return moved
        .browser()
        .map(browser -> Cookie.untilClosed(SignIns.cookie(signIn.id()), browser))
        .map(reply::withCookie)
        .orElse(reply);
  }

  /**
   * The sign-in's own cookie stays until the browser closes or drops it as one of too many: it opens nothing any more, and
   * by it a second tab is told that the sign-in was finished here.
   */
  private Reply arrived(
      Request request, SignIn signIn, Completed completed, Arrivals.Arrived arrived) {
    var tenant = signIn.tenant();
    var session =
        Cookie.lasting(
                Sessions.COOKIE,
                arrived.cookie(),
                Duration.ofSeconds(tenants.get(tenant).settings().sessionSeconds()))
            .alsoCrossSite();
    var reply = follow(request, arrived.onward()).withCookie(session);
    return introduction(request, tenant, completed.who())
        .map(known -> Cookie.lasting(KnownBrowsers.COOKIE, known, KnownBrowsers.LASTS))
        .map(reply::withCookie)
        .orElse(reply);
  }

  /** The value by which this browser will be known again; nothing when it is known already or there is no password to guess. */
  private Optional<Secret> introduction(Request request, TenantId tenant, UserId who) {
    var shown = request.cookie(KnownBrowsers.COOKIE).map(Secret::of);
    return database
        .read(tx -> passwords.find(tx, tenant, who))
        .map(Passwords.Kept::changedAt)
        .filter(changed -> knownBrowsers.recognise(tenant, who, changed, shown).isEmpty())
        .map(changed -> knownBrowsers.introduce(tenant, who, changed));
  }

  /** Takes somebody who does not want to sign in back to where they came from. */
  Reply turnedAway(Request request, SignIn.Destination destination) {
    return follow(request, destinations.turnedAway(request.site().tenant(), destination));
  }

  /** Takes the browser where the answer is wanted. */
  public Reply follow(Request request, Arrivals.Onward onward) {
    return switch (onward) {
      case Arrivals.Onward.Redirect(var uri) -> Reply.seeOther(uri);
      case Arrivals.Onward.FormPost(var uri, var fields) ->
          frames
              .reply(200, new FormPostPage(bare(request), uri, fields))
              .withFormTargets(Set.of(origin(uri)));
      case Arrivals.Onward.Nowhere _ ->
          throw new IllegalStateException("no page belongs to a sign-in without pages");
      case Arrivals.Onward.WebMessage(var origin, var fields) ->
          frames
              .reply(200, new WebMessagePage(bare(request), origin, Json.write(fields)))
              .withFramers(Set.of(origin))
              .withHeader("Cross-Origin-Opener-Policy", "unsafe-none");
    };
  }

  private Frame bare(Request request) {
    return frames.plain(request, request.path());
  }

  /** What a content policy calls the origin of a redirect URI; of one with a scheme of an app's own, the scheme. */
  static String origin(String uri) {
    var parsed = URI.create(uri);
    return parsed.getAuthority() == null || !parsed.getScheme().startsWith("http")
        ? parsed.getScheme() + ":"
        : parsed.getScheme() + "://" + parsed.getAuthority();
  }

  private Reply denied(Request request, SignIn signIn) {
    var why =
        database
            .read(tx -> progress.newestDecision(tx, signIn.tenant(), signIn.id()))
            .map(Progress.DecisionRecord::reason)
            .orElse("");
    if (Because.Reason.isUnmet(why) && !signIn.destination().isAccount()) {
      // The application asked for what nobody here can give; it has to know (RFC 9470 section 5).
      return follow(
          request, destinations.unmet(signIn.tenant(), signIn.destination(), signIn.asked(), why));
    }
    var kind = kind(why);
    var place = destinations.place(signIn.tenant(), signIn.destination());
    var frame = frames.within(request, request.path(), "", signIn.asked().locales());
    var again =
        place.begin().isPresent() && kind != ErrorPage.Kind.FACTORS_LOCKED
            ? new Link(frame.text().text("error.start_again"), place.begin().get())
            : null;
    if (!place.name().isEmpty()
        && destinations.turnedAway(signIn.tenant(), signIn.destination())
            instanceof Arrivals.Onward.Redirect(var uri)) {
      again = new Link(frame.text().text("account.back_to", place.name()), uri);
    }
    var problem = kind == ErrorPage.Kind.NO_FACTOR ? Problem.NO_FACTOR_POSSIBLE : Problem.DENIED;
    return frames.reply(
        problem.status(), new ErrorPage(frame, kind, problem.code(), request.id(), again));
  }

  /** Why somebody is kept out is told where they can do something about it. */
  private static ErrorPage.Kind kind(String why) {
    if (why.equals(Because.Reason.NO_FACTOR_POSSIBLE.word())) {
      return ErrorPage.Kind.NO_FACTOR;
    }
    if (why.equals(Because.Reason.RISK_TOO_HIGH.word())) {
      return ErrorPage.Kind.UNUSUAL;
    }
    if (why.equals(Because.Reason.SUSPICIOUS_WITHOUT_FACTOR.word())) {
      return ErrorPage.Kind.UNPROVEN;
    }
    return why.equals(Because.Reason.FACTORS_DISABLED.word())
        ? ErrorPage.Kind.FACTORS_LOCKED
        : ErrorPage.Kind.DENIED;
  }
}
