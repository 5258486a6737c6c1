package dev.countersign.account;

import dev.countersign.enrolment.OwnFactors;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.BrowserName;
import dev.countersign.hosted.FactorLook;
import dev.countersign.hosted.Frames;
import dev.countersign.hosted.Onwards;
import dev.countersign.hosted.SharedPages;
import dev.countersign.hosted.view.BackupCodesPage;
import dev.countersign.hosted.view.ChangePasswordPage;
import dev.countersign.hosted.view.ConfirmPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.SignedOutPage;
import dev.countersign.hosted.view.UnsentPage;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.newpassword.ChangePassword;
import dev.countersign.session.EndSession;
import dev.countersign.session.ForgetBrowsers;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.web.Cookie;
import dev.countersign.web.Method;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The pages of a person's own security: what there is, and each change to it. Thread-safe. */
public final class AccountRoutes {
  private final Frames frames;
  private final Onwards onwards;
  private final Factors factors;
  private final StartSignIn startSignIn;
  private final OwnFactors ownFactors;
  private final ChangePassword changePassword;
  private final EndSession endSession;
  private final Overview overview;
  private final ForgetBrowsers forgetBrowsers;

  public AccountRoutes(
      Frames frames,
      Onwards onwards,
      Factors factors,
      StartSignIn startSignIn,
      OwnFactors ownFactors,
      ChangePassword changePassword,
      EndSession endSession,
      Overview overview,
      ForgetBrowsers forgetBrowsers) {
    this.frames = frames;
    this.onwards = onwards;
    this.factors = factors;
    this.startSignIn = startSignIn;
    this.ownFactors = ownFactors;
    this.changePassword = changePassword;
    this.endSession = endSession;
    this.overview = overview;
    this.forgetBrowsers = forgetBrowsers;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(AccountDestination.HOME, Frames.remembering(this::home)),
        Route.get("/account/set-up/{factor}", Frames.remembering(this::setUp)),
        Route.form("/account/set-up/{factor}", this::confirm),
        Route.get("/account/methods/{method}/remove", Frames.remembering(this::askRemoval)),
        Route.form("/account/methods/{method}/remove", this::remove),
        Route.form("/account/methods/{method}/name", this::rename),
        Route.get("/account/codes", Frames.remembering(this::askCodes)),
        Route.form("/account/codes", this::codes),
        Route.get(
            "/account/password",
            Frames.remembering(request -> password(request, 200, UnaryOperator.identity()))),
        Route.form("/account/password", this::changePassword),
        Route.form("/account/sessions/{session}/end", this::endOne),
        Route.form("/account/first", this::prefer),
        Route.form("/account/browsers/{browser}/forget", this::forgetOne),
        Route.form("/account/browsers/forget", this::forgetAll),
        Route.get("/account/everywhere", Frames.remembering(this::askEverywhere)),
        Route.form("/account/everywhere", this::everywhere),
        Route.form("/account/sign-out", this::signOut));
  }

  private static Optional<Secret> cookie(Request request) {
    return request.cookie(Sessions.COOKIE).map(Secret::of);
  }

  private Frame frame(Request request) {
    return frames.plain(request, request.path()).leaving("common.sign_out", "/account/sign-out");
  }

  /** Begins a sign-in that comes back to where this one was going. */
  private Reply signIn(Request request, String path, SignIn.Asked asked) {
    var started =
        startSignIn.start(
            request.site().tenant(),
            AccountDestination.of(path),
            asked,
            cookie(request),
            request.occasion());
    return onwards.began(request, started);
  }

  private static Reply home(String done) {
    return Reply.seeOther(AccountDestination.HOME + "?done=" + done);
  }

  private Reply home(Request request) {
    return switch (overview.look(request, cookie(request), frame(request))) {
      case Overview.Look.Shown(var page) -> frames.reply(200, page);
      case Overview.Look.SignInFirst(var asked) -> signIn(request, AccountDestination.HOME, asked);
    };
  }

  // Another factor

  /** Who comes back from a page elsewhere brings the confirming answer along. */
  private Reply setUp(Request request) {
    var brought = SharedPages.broughtBack(request);
    if (brought.isPresent()) {
      return answer(
          request,
          ownFactors.confirm(
              request.site().tenant(),
              cookie(request),
              factor(request),
              brought.get(),
              "",
              request.occasion()));
    }
    var start =
        request.query().one("change").isPresent()
            ? SetUpAtSignIn.Start.saying(new Answer(Map.of("change", Secret.of("true"))))
            : SetUpAtSignIn.Start.CHOSEN;
    return begin(request, start, 200, UnaryOperator.identity());
  }

  private Reply begin(
      Request request, SetUpAtSignIn.Start start, int status, UnaryOperator<Frame> saying) {
    var outcome =
        ownFactors.begin(
            request.site().tenant(), cookie(request), factor(request), start, request.occasion());
    return outcome instanceof OwnFactors.Outcome.UnderWay(var going)
        ? page(request, status, going.underWay(), saying)
        : answer(request, outcome);
  }

  private Reply confirm(Request request) {
    var form = request.form();
    var said = SharedPages.answer(form);
    if (!form.text("error").isEmpty()) {
      return begin(
          request,
          SetUpAtSignIn.Start.CHOSEN,
          400,
          frame -> SharedPages.stopped(frame, form.text("error")));
    }
    return switch (form.text("action")) {
      case "begin" ->
          begin(request, SetUpAtSignIn.Start.saying(said), 200, UnaryOperator.identity());
      case "again" ->
          begin(
              request,
              SetUpAtSignIn.Start.AGAIN,
              200,
              frame -> frame.saying(Notice.Tone.SUCCESS, "challenge.sent_again"));
      default ->
          answer(
              request,
              ownFactors.confirm(
                  request.site().tenant(),
                  cookie(request),
                  factor(request),
                  said,
                  form.text("name"),
                  request.occasion()));
    };
  }

  private FactorId factor(Request request) {
    return factors.of(request.site().tenant()).profiles().stream()
        .map(profile -> profile.id())
        .filter(id -> id.value().equals(request.parameter("factor")))
        .findFirst()
        .orElseThrow(() -> new Refused(Problem.NOT_FOUND, "", ""));
  }

  private Reply page(
      Request request, int status, SetUp.UnderWay underWay, UnaryOperator<Frame> saying) {
    var name = request.method() == Method.POST ? request.form().text("name") : "";
    var ways =
        new SharedPages.Ways(
            BrowserName.isPhone(request.userAgent()), request.path() + "?change=true", null);
    return frames.reply(
        status,
        SharedPages.setUp(
            factors.of(request.site().tenant()).profile(underWay.factor()),
            saying.apply(frame(request)),
            underWay,
            name,
            ways));
  }

  // Removing and naming one

  private static EnrolmentId method(Request request) {
    return id(request, "method")
        .map(EnrolmentId::new)
        .orElseThrow(() -> new Refused(Problem.NOT_FOUND, "", ""));
  }

  private static Optional<String> id(Request request, String name) {
    return Optional.of(request.parameter(name)).filter(value -> value.matches("[a-z0-9_]{1,32}"));
  }

  private Reply askRemoval(Request request) {
    return answer(
        request,
        ownFactors.considerRemoval(
            request.site().tenant(), cookie(request), method(request), request.occasion()));
  }

  private Reply remove(Request request) {
    return answer(
        request,
        ownFactors.remove(
            request.site().tenant(), cookie(request), method(request), request.occasion()));
  }

  private Reply rename(Request request) {
    ownFactors.rename(
        request.site().tenant(),
        cookie(request),
        method(request),
        request.form().text("name"),
        request.occasion());
    return Reply.seeOther(AccountDestination.HOME);
  }

  /** What is to be asked for first; nothing chosen is whatever was used last. */
  private Reply prefer(Request request) {
    var wanted = request.form().text("factor");
    var factor =
        factors.of(request.site().tenant()).profiles().stream()
            .map(profile -> profile.id())
            .filter(id -> id.value().equals(wanted))
            .findFirst();
    boolean kept =
        (wanted.isEmpty() || factor.isPresent())
            && ownFactors.prefer(
                request.site().tenant(), cookie(request), factor, request.occasion());
    return kept ? home("first_saved") : Reply.seeOther(AccountDestination.HOME);
  }

  // Backup codes

  private Reply askCodes(Request request) {
    return answer(
        request,
        ownFactors.considerCodes(request.site().tenant(), cookie(request), request.occasion()));
  }

  private Reply codes(Request request) {
    var tenant = request.site().tenant();
    if (request.form().text("saved").equals("true")) {
      return SharedPages.set(request)
          .map(set ->
              switch (ownFactors.acknowledgeCodes(
                  tenant, cookie(request), set, request.occasion())) {
                case KEPT -> home("codes_renewed");
                case OUTDATED -> home("codes_outdated");
                case NOTHING -> Reply.seeOther(AccountDestination.HOME);
              })
          .orElseGet(() -> Reply.seeOther(AccountDestination.HOME));
    }
    return request.form().text("action").equals("confirm")
        ? answer(request, ownFactors.issueCodes(tenant, cookie(request), request.occasion()))
        : Reply.seeOther(request.path());
  }

  // The password

  private Reply password(Request request, int status, UnaryOperator<Frame> saying) {
    return switch (overview.admitToPassword(request, cookie(request))) {
      case Overview.Admission.SignInFirst(var asked) -> signIn(request, request.path(), asked);
      case Overview.Admission.Admitted(var whose, var person) ->
          frames.reply(
              status,
              new ChangePasswordPage(
                  saying.apply(frame(request)),
                  person.label(),
                  changePassword.rules(whose.tenant(), whose.user(), request.at()).minimum(),
                  AccountDestination.HOME));
    };
  }

  private Reply changePassword(Request request) {
    if (!(overview.admitToPassword(request, cookie(request))
        instanceof Overview.Admission.Admitted(var whose, var _))) {
      return Reply.seeOther(request.path());
    }
    var form = request.form();
    var fresh = Secret.of(form.text("new_password"));
    return switch (changePassword.change(
        whose, Secret.of(form.text("present_password")), fresh, request.occasion())) {
      case ChangePassword.Outcome.Changed _ -> home("password_saved");
      case ChangePassword.Outcome.Unfit(var why, var rules) ->
          password(
              request, 400, frame -> SharedPages.unfit(frame, "new_password", fresh, why, rules));
      case ChangePassword.Outcome.Same _ ->
          password(request, 400, frame -> frame.wrong("new_password", "new_password.same"));
      case ChangePassword.Outcome.Wrong _ ->
          password(
              request,
              400,
              frame -> frame.wrong("present_password", "account.present_password_wrong"));
      case ChangePassword.Outcome.Resting(var until) -> resting(request, until);
    };
  }

  private Reply resting(Request request, Optional<Moment> until) {
    var reader = frames.reader(request, null);
    var reply =
        password(
            request,
            429,
            frame ->
                until
                    .map(end ->
                        frame.saying(Notice.Tone.PROBLEM, "password.throttled", reader.clock(end)))
                    .orElseGet(() -> frame.saying(Notice.Tone.PROBLEM, "password.locked")));
    return until
        .map(end -> reply.withHeader("Retry-After", String.valueOf(reader.seconds(end))))
        .orElse(reply);
  }

  // Sessions

  private Reply endOne(Request request) {
    boolean ended =
        id(request, "session")
            .filter(id ->
                endSession.another(
                    request.site().tenant(),
                    cookie(request),
                    new SessionId(id),
                    request.occasion()))
            .isPresent();
    return ended ? home("session_ended") : Reply.seeOther(AccountDestination.HOME);
  }

  private Reply forgetOne(Request request) {
    boolean forgotten =
        id(request, "browser")
            .filter(id ->
                forgetBrowsers.one(
                    request.site().tenant(), cookie(request), id, request.occasion()))
            .isPresent();
    return forgotten ? home("browser_forgotten") : Reply.seeOther(AccountDestination.HOME);
  }

  private Reply forgetAll(Request request) {
    forgetBrowsers.all(request.site().tenant(), cookie(request), request.occasion());
    return home("browsers_forgotten");
  }

  private Reply askEverywhere(Request request) {
    return overview
        .missingToLook(request, cookie(request))
        .map(asked -> signIn(request, request.path(), asked))
        .orElseGet(() ->
            frames.reply(200, ConfirmPage.everywhere(frame(request), AccountDestination.HOME)));
  }

  private Reply everywhere(Request request) {
    endSession.others(request.site().tenant(), cookie(request), request.occasion());
    return home("sessions_ended");
  }

  private Reply signOut(Request request) {
    endSession.own(request.site().tenant(), cookie(request), request.occasion());
    var page =
        new SignedOutPage(
            frames.plain(request, AccountDestination.HOME), null, AccountDestination.HOME);
    return frames.reply(200, page).withCookie(Cookie.deleted(Sessions.COOKIE).alsoCrossSite());
  }

  /** What every change leads to. */
  private Reply answer(Request request, OwnFactors.Outcome outcome) {
    return switch (outcome) {
      case OwnFactors.Outcome.NotSignedIn _ ->
          signIn(request, request.path(), SignIn.Asked.NOTHING);
      case OwnFactors.Outcome.Stale(var asked) -> signIn(request, request.path(), asked);
      case OwnFactors.Outcome.UnderWay(var going) ->
          page(request, 200, going.underWay(), UnaryOperator.identity());
      case OwnFactors.Outcome.Wrong(var why) -> {
        var typed = request.method() == Method.POST ? request.form().text("code") : "";
        var words = factors.of(request.site().tenant()).profile(factor(request)).words();
        yield begin(
            request,
            SetUpAtSignIn.Start.CHOSEN,
            400,
            frame -> SharedPages.wrong(frame, words, typed, why));
      }
      case OwnFactors.Outcome.Unfit(var underWay, var field, var why) ->
          page(
              request,
              400,
              underWay,
              frame ->
                  frame.wrong(
                      field,
                      factors.of(request.site().tenant()).profile(underWay.factor()).words()
                          + ".details."
                          + why.reason().word()));
      case OwnFactors.Outcome.NotYet _ -> {
        var words = factors.of(request.site().tenant()).profile(factor(request)).words();
        yield begin(
            request, SetUpAtSignIn.Start.CHOSEN, 200, frame -> SharedPages.notYet(frame, words));
      }
      case OwnFactors.Outcome.Unsent(var factor, var reason, var until) -> {
        var reader = frames.reader(request, null);
        yield frames.reply(
            until.isPresent() ? 429 : 503,
            new UnsentPage(
                SharedPages.unsent(frame(request), reason, until.map(reader::clock)),
                factors.of(request.site().tenant()).profile(factor).words(),
                null,
                AccountDestination.HOME));
      }
      case OwnFactors.Outcome.Done(var enrolment, var _) ->
          home(
              (request.path().endsWith("/remove") ? "method_removed" : "method_added")
                  + "&method="
                  + enrolment.id().value());
      case OwnFactors.Outcome.Allowed(var enrolment, var consequence) -> {
        var frame = frame(request);
        var kind =
            frame
                .text()
                .text(
                    FactorLook.of(factors.of(request.site().tenant()).profile(enrolment.factor()))
                        .nameKey());
        yield frames.reply(
            200,
            ConfirmPage.removal(
                frame,
                enrolment.name().isEmpty() ? kind : enrolment.name(),
                ConfirmPage.Consequence.valueOf(consequence.name()),
                AccountDestination.HOME));
      }
      case OwnFactors.Outcome.CodesAllowed(var left) ->
          frames.reply(200, ConfirmPage.newCodes(frame(request), left, AccountDestination.HOME));
      case OwnFactors.Outcome.Codes(var set, var codes) ->
          frames.reply(
              200,
              SharedPages.codes(
                  frame(request),
                  BackupCodesPage.Occasion.REPLACED,
                  set,
                  codes,
                  overview.label(request, cookie(request)),
                  frames.reader(request, null)));
      case OwnFactors.Outcome.NotPossible _ -> Reply.seeOther(AccountDestination.HOME);
    };
  }
}
