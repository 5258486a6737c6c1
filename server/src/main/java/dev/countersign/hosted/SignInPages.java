package dev.countersign.hosted;

import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.SignInByKey;
import dev.countersign.enforcement.Demand;
import dev.countersign.hosted.view.BrowserSignal;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.IdentifierPage;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.PasswordPage;
import dev.countersign.identity.Identifier;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.session.CancelSignIn;
import dev.countersign.session.Reconsider;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The first pages of a sign-in: name, password; and the way out. Thread-safe. */
final class SignInPages {
  private static final String IDENTIFIER = "/u/login/identifier";
  private static final String KEY = "/u/login/passkey";

  /** The field in which the browser says what it has signed. */
  private static final String BROWSER_KEY = "browser_key";

  private final Visits visits;
  private final Onwards onwards;
  private final Frames frames;
  private final AnswerPassword answerPassword;
  private final SignInByKey signInByKey;
  private final CancelSignIn cancelSignIn;
  private final Reconsider reconsider;
  private final BrowserKeys browserKeys;

  SignInPages(
      Visits visits,
      Onwards onwards,
      Frames frames,
      AnswerPassword answerPassword,
      SignInByKey signInByKey,
      CancelSignIn cancelSignIn,
      Reconsider reconsider,
      BrowserKeys browserKeys) {
    this.visits = visits;
    this.onwards = onwards;
    this.frames = frames;
    this.answerPassword = answerPassword;
    this.signInByKey = signInByKey;
    this.cancelSignIn = cancelSignIn;
    this.reconsider = reconsider;
    this.browserKeys = browserKeys;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            IDENTIFIER,
            Frames.remembering(request -> identifier(request, 200, UnaryOperator.identity()))),
        Route.form(IDENTIFIER, this::identify),
        Route.form(KEY, this::byKey),
        Route.get(
            "/u/login/password",
            Frames.remembering(request -> password(request, 200, UnaryOperator.identity()))),
        Route.form("/u/login/password", this::answer),
        Route.get("/u/continue", Frames.remembering(this::goOn)),
        Route.form("/u/cancel", this::cancel));
  }

  private Reply identifier(Request request, int status, UnaryOperator<Frame> saying) {
    return identifier(request, status, saying, List.of());
  }

  /** In every state of a sign-in: whoever it is may turn out to be somebody else. */
  private Reply identifier(
      Request request, int status, UnaryOperator<Frame> saying, List<BrowserSignal> signals) {
    return visits.show(
        request,
        (tx, visit) -> new First(visit, key(tx, visit)),
        first -> {
          var visit = first.visit();
          var asked = visit.signIn().asked().loginHint();
          var hint = Objects.requireNonNullElse(asked, "");
          var typed =
              visit.signIn().state() instanceof LoginSession.Pending(var claimed)
                  ? claimed.orElse(hint)
                  : "";
          var nobody = visit.frame().nobody().at(visit.at(IDENTIFIER));
          return Optional.of(
              frames.reply(
                  status,
                  new IdentifierPage(
                      saying.apply(nobody),
                      request.query().has("other") ? "" : typed,
                      first.key(),
                      signals)));
        });
  }

  /** What the first page is made of. */
  private record First(Visits.Visit visit, IdentifierPage.@Nullable Key key) {}

  private IdentifierPage.@Nullable Key key(Tx tx, Visits.Visit visit) {
    return signInByKey
        .ask(tx, visit.signIn(), visit.request().occasion())
        .map(asked ->
            new IdentifierPage.Key(
                visit.at(KEY),
                visit.at(IDENTIFIER),
                asked.options(),
                asked.question(),
                question(visit)))
        .orElse(null);
  }

  /** What the browser signed with a key that the person picked, or what stopped it. */
  private Reply byKey(Request request) {
    var form = request.form();
    if (!form.text("error").isEmpty()) {
      return identifier(request, 200, frame -> SharedPages.stoppedFirst(frame, form.text("error")));
    }
    return visits.act(
        request,
        named ->
            switch (signInByKey.answer(
                request.site().tenant(),
                named.id(),
                named.browser(),
                form.text("question"),
                SharedPages.answer(form),
                occasion(request))) {
              case SignInByKey.Outcome.Moved(var moved) -> onwards.after(request, moved);
              case SignInByKey.Outcome.Unknown(var signal) ->
                  identifier(
                      request,
                      400,
                      frame -> frame.saying(Notice.Tone.PROBLEM, "identifier.passkey_unknown"),
                      List.of(new BrowserSignal(signal.method(), signal.options())));
              case SignInByKey.Outcome.Wrong _ ->
                  identifier(
                      request,
                      400,
                      frame -> frame.saying(Notice.Tone.PROBLEM, "identifier.passkey_refused"));
              case SignInByKey.Outcome.Late _ ->
                  identifier(
                      request,
                      400,
                      frame -> frame.saying(Notice.Tone.INFORMATION, "identifier.passkey_late"));
              case SignInByKey.Outcome.Resting(var until) -> keyResting(request, until);
              case SignInByKey.Outcome.Lost(var why) -> visits.lost(request, why);
            });
  }

  private Reply keyResting(Request request, Optional<Moment> until) {
    if (until.isEmpty()) {
      return identifier(
          request, 429, frame -> frame.saying(Notice.Tone.PROBLEM, "identifier.passkey_locked"));
    }
    var reader = frames.reader(request, null);
    return identifier(
            request,
            429,
            frame ->
                frame.saying(Notice.Tone.PROBLEM, "password.throttled", reader.clock(until.get())))
        .withHeader("Retry-After", String.valueOf(reader.seconds(until.get())));
  }

  private Reply identify(Request request) {
    var typed = request.form().text("identifier");
    if (!Identifier.of(typed).isPlausible()) {
      return identifier(request, 400, frame -> frame.wrong("identifier", "identifier.missing"));
    }
    return visits.act(
        request,
        named ->
            moved(
                request,
                answerPassword.identify(
                    request.site().tenant(),
                    named.id(),
                    named.browser(),
                    typed,
                    request.occasion())));
  }

  /** What the browser is asked to sign with its key where the first proof is given. */
  private String question(Visits.Visit visit) {
    var signIn = visit.signIn();
    return browserKeys.question(signIn.tenant(), signIn.id(), signIn.version());
  }

  /** When and from where, and what the browser has signed. That is read before anything is held. */
  private static Occasion occasion(Request request) {
    var occasion = request.occasion();
    var said = request.form().text(BROWSER_KEY);
    return occasion.showing(BrowserKeys.read(said, request.site().origin()).orElse(null));
  }

  private Reply password(Request request, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        visit ->
            isAskedForPassword(visit)
                ? Optional.of(frames.reply(status, page(visit, saying.apply(besideKey(visit)))))
                : Optional.empty());
  }

  private PasswordPage page(Visits.Visit visit, Frame frame) {
    return new PasswordPage(frame, visit.at(PasswordPages.FORGOT), question(visit));
  }

  private static boolean isAskedForPassword(Visits.Visit visit) {
    return switch (visit.signIn().state()) {
      case LoginSession.Pending(var claimed) -> claimed.isPresent();
      case LoginSession.AwaitingMfa(var _, Demand.Password _, var _) -> true;
      case LoginSession.AwaitingMfa _,
          LoginSession.Authenticated _,
          LoginSession.Ended _,
          Completed _ ->
          false;
    };
  }

  /** Whoever came with a key wonders why a password is asked for, too. */
  private static Frame besideKey(Visits.Visit visit) {
    return visit.signIn().state() instanceof LoginSession.Pending
        ? visit.frame()
        : visit.frame().saying(Notice.Tone.INFORMATION, "password.beside_key");
  }

  private Reply answer(Request request) {
    var typed = Secret.of(request.form().text("password"));
    if (typed.isEmpty()) {
      return password(request, 400, frame -> frame.wrong("password", "password.missing"));
    }
    var device = request.cookie(KnownBrowsers.COOKIE).map(Secret::of);
    return visits.act(
        request,
        named ->
            moved(
                request,
                answerPassword.answer(
                    request.site().tenant(),
                    named.id(),
                    named.browser(),
                    device,
                    TrustCookies.of(request),
                    typed,
                    occasion(request))));
  }

  private Reply moved(Request request, AnswerPassword.Outcome outcome) {
    return switch (outcome) {
      case AnswerPassword.Outcome.Moved(var moved) -> onwards.after(request, moved);
      case AnswerPassword.Outcome.Wrong _ ->
          password(request, 400, frame -> frame.wrong("password", "password.refused"));
      case AnswerPassword.Outcome.Resting(var until) -> resting(request, until);
      case AnswerPassword.Outcome.NotDemanded _ -> visits.whereItStands(request);
      case AnswerPassword.Outcome.Lost(var why) -> visits.lost(request, why);
    };
  }

  private Reply resting(Request request, Optional<Moment> until) {
    if (until.isEmpty()) {
      return password(request, 429, frame -> frame.saying(Notice.Tone.PROBLEM, "password.locked"));
    }
    return visits.show(
        request,
        visit -> {
          var frame =
              visit
                  .frame()
                  .saying(
                      Notice.Tone.PROBLEM, "password.throttled", visit.reader().clock(until.get()));
          return Optional.of(
              frames
                  .reply(429, page(visit, frame))
                  .withHeader("Retry-After", String.valueOf(visit.reader().seconds(until.get()))));
        });
  }

  /** Thinks about the sign-in again and goes where that leads; the one page that shows nothing of its own. */
  private Reply goOn(Request request) {
    return visits.act(
        request,
        named ->
            switch (reconsider.reconsider(
                request.site().tenant(), named.id(), named.browser(), request.occasion())) {
              case Reconsider.Outcome.Moved(var moved) -> onwards.after(request, moved);
              case Reconsider.Outcome.Same _ -> visits.whereItStands(request);
              case Reconsider.Outcome.Lost(var why) -> visits.lost(request, why);
            });
  }

  /** Ends the sign-in as its person wants it: they do not sign in, or do not approve what they are shown. */
  Reply cancel(Request request) {
    return visits.act(
        request,
        named ->
            switch (cancelSignIn.cancel(
                request.site().tenant(), named.id(), named.browser(), request.occasion())) {
              case CancelSignIn.Outcome.Cancelled(var destination) ->
                  onwards.turnedAway(request, destination);
              case CancelSignIn.Outcome.Lost(var why) -> visits.lost(request, why);
            });
  }
}
