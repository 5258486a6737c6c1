package dev.countersign.hosted;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Demand;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.Visits.Visit;
import dev.countersign.hosted.view.BackupCodesGonePage;
import dev.countersign.hosted.view.BackupCodesPage;
import dev.countersign.hosted.view.BackupCodesReadyPage;
import dev.countersign.hosted.view.FactorCard;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.MfaSetupPage;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.UnsentPage;
import dev.countersign.identity.Person;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Purpose;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Setting a factor up during a sign-in, and the backup codes that come with it. Thread-safe. */
final class SetUpPages {
  private final Visits visits;
  private final Onwards onwards;
  private final Frames frames;
  private final Factors factors;
  private final SetUpAtSignIn setUp;
  private final OwnCodes ownCodes;

  SetUpPages(
      Visits visits,
      Onwards onwards,
      Frames frames,
      Factors factors,
      SetUpAtSignIn setUp,
      OwnCodes ownCodes) {
    this.visits = visits;
    this.onwards = onwards;
    this.frames = frames;
    this.factors = factors;
    this.setUp = setUp;
    this.ownCodes = ownCodes;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/u/mfa/set-up", Frames.remembering(this::choose)),
        Route.form("/u/mfa/set-up", this::chosen),
        Route.get("/u/mfa/set-up/{factor}", Frames.remembering(this::underWay)),
        Route.form("/u/mfa/set-up/{factor}", this::confirm),
        Route.get(
            "/u/mfa/backup-codes",
            Frames.remembering(request -> codes(request, 200, UnaryOperator.identity()))),
        Route.form("/u/mfa/backup-codes", this::codesKept));
  }

  // Choosing

  private Reply choose(Request request) {
    return visits.show(
        request,
        visit ->
            visit.signIn().state()
                    instanceof LoginSession.AwaitingMfa(var _, Demand.Enrol enrol, var because)
                ? Optional.of(frames.reply(200, choice(visit, enrol, because)))
                : Optional.empty());
  }

  private MfaSetupPage choice(Visit visit, Demand.Enrol enrol, Because because) {
    var cards =
        enrol.anyOf().stream()
            .map(factor ->
                card(
                    visit,
                    factor,
                    factor.equals(enrol.anyOf().getFirst()) && enrol.anyOf().size() > 1))
            .toList();
    return new MfaSetupPage(
        visit.frame().step(1, steps(visit)),
        occasion(visit, enrol, because),
        asker(visit, because),
        cards,
        skip(visit, enrol, because));
  }

  private MfaSetupPage.Occasion occasion(Visit visit, Demand.Enrol enrol, Because because) {
    if (enrol.optional() && because.leave() == null) {
      return MfaSetupPage.Occasion.INVITED;
    }
    if (because.reason() == Because.Reason.RECOVERING) {
      return MfaSetupPage.Occasion.RENEWED;
    }
    var shown = shown(visit);
    if (shown.isEmpty()) {
      return MfaSetupPage.Occasion.REQUIRED;
    }
    var known = factors.of(visit.signIn().tenant());
    return shown.stream().noneMatch(Evidence::phishingResistant)
            && enrol.anyOf().stream().map(known::profile).allMatch(FactorProfile::phishingResistant)
        ? MfaSetupPage.Occasion.STRONGER
        : MfaSetupPage.Occasion.ANOTHER;
  }

  /**
   * What the person has proven by methods that are not enough here. One that they are offered again would be: they have it no
   * more, unless they are asked by a ticket to add another.
   */
  private List<Evidence> shown(Visit visit) {
    var known = factors.of(visit.signIn().tenant());
    return visit.signIn().state()
            instanceof LoginSession.AwaitingMfa(var soFar, Demand.Enrol(var anyOf, _), var because)
        ? soFar.proofs().stream()
            .filter(proof -> proof.purpose() != Purpose.ENROL)
            .filter(proof ->
                known
                    .find(new FactorId(proof.method()))
                    .map(Factor::profile)
                    .filter(FactorProfile::protects)
                    .filter(
                        it -> because.reason() == Because.Reason.TICKET || !anyOf.contains(it.id()))
                    .isPresent())
            .map(Proof::evidence)
            .toList()
        : List.of();
  }

  /** How often and until when 'not now' can be said. */
  private static MfaSetupPage.@Nullable Skip skip(
      Visit visit, Demand.Enrol enrol, Because because) {
    var leave = because.leave();
    if (!enrol.optional()) {
      return leave != null && leave.isOver() ? MfaSetupPage.Skip.OVER : null;
    }
    if (leave == null) {
      return new MfaSetupPage.Skip(null, null);
    }
    var until = leave.until();
    return new MfaSetupPage.Skip(leave.times(), until == null ? null : visit.reader().date(until));
  }

  private FactorCard card(Visit visit, FactorId factor, boolean recommended) {
    var look = FactorLook.of(factors.of(visit.signIn().tenant()).profile(factor));
    return new FactorCard(
        factor.value(),
        look.icon(),
        look.nameKey(),
        look.lineKey(),
        look.minutes(),
        recommended,
        factors.of(visit.signIn().tenant()).profile(factor).look().needs()
            == FactorProfile.Needs.BUILT_IN_AUTHENTICATOR);
  }

  private static String asker(Visit visit, Because because) {
    var application = visit.frame().application();
    return because.reason() == Because.Reason.APPLICATION_ASKS && application != null
        ? application
        : visit.frame().brand().name();
  }

  /** Backup codes come with the first method, unless some are left of an earlier one. */
  private int steps(Visit visit) {
    return visit.codes() && shown(visit).isEmpty() && ownCodes.left(visit).orElse(0) == 0 ? 3 : 2;
  }

  private Reply chosen(Request request) {
    var form = request.form();
    return visits.act(
        request,
        named -> {
          var tenant = request.site().tenant();
          if (form.text("action").equals("skip")) {
            return answer(
                request, setUp.decline(tenant, named.id(), named.browser(), request.occasion()));
          }
          var factor = known(request, form.text("factor"));
          return factor.isEmpty()
              ? visits.whereItStands(request)
              : switch (setUp.begin(
                  tenant,
                  named.id(),
                  named.browser(),
                  factor.get(),
                  SetUpAtSignIn.Start.CHOSEN,
                  request.occasion())) {
                case SetUpAtSignIn.Outcome.UnderWay(var signIn, var _) ->
                    Reply.seeOther(
                        Whereabouts.at("/u/mfa/set-up/" + factor.get().value(), signIn.id()));
                case SetUpAtSignIn.Outcome other -> answer(request, other);
              };
        });
  }

  /** A factor that there is; what else was sent names nothing. */
  private Optional<FactorId> known(Request request, String id) {
    return factors.of(request.site().tenant()).profiles().stream()
        .map(profile -> profile.id())
        .filter(known -> known.value().equals(id))
        .findFirst();
  }

  // Setting up

  /**
   * Shows what was begun. Loading the page again shows the same, until it runs out: then another, and says so. Who comes back
   * from a page elsewhere brings the confirming answer along.
   */
  private Reply underWay(Request request) {
    var factor = known(request, request.parameter("factor"));
    var brought = SharedPages.broughtBack(request);
    if (factor.isPresent() && brought.isPresent()) {
      return visits.act(
          request,
          named ->
              answer(
                  request,
                  setUp.confirm(
                      request.site().tenant(),
                      named.id(),
                      named.browser(),
                      factor.get(),
                      brought.get(),
                      "",
                      request.occasion())));
    }
    var start =
        request.query().one("change").isPresent()
            ? SetUpAtSignIn.Start.saying(CHANGE)
            : SetUpAtSignIn.Start.SHOWING;
    return begin(request, start, 200, UnaryOperator.identity());
  }

  /** An answer that says nothing yet, so that what has to be said first is asked again. */
  private static final Answer CHANGE = new Answer(Map.of("change", Secret.of("true")));

  private Reply begin(
      Request request, SetUpAtSignIn.Start start, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        visit -> {
          var named = Visits.named(request);
          var factor = known(request, request.parameter("factor"));
          if (named.isEmpty() || factor.isEmpty()) {
            return Optional.empty();
          }
          boolean begun = visit.signIn().notes().settingUp() != null;
          var outcome =
              setUp.begin(
                  request.site().tenant(),
                  named.get().id(),
                  named.get().browser(),
                  factor.get(),
                  new SetUpAtSignIn.Start(start.given(), start.again(), start.mayBegin() || begun),
                  request.occasion());
          return outcome instanceof SetUpAtSignIn.Outcome.UnderWay(var _, var going)
              ? Optional.of(
                  frames.reply(status, page(visit, going.underWay(), name(request), saying)))
              : outcome instanceof SetUpAtSignIn.Outcome.NotDemanded
                  ? Optional.empty()
                  : Optional.of(answer(request, outcome));
        });
  }

  private static String name(Request request) {
    return request.method() == Method.POST ? request.form().text("name") : "";
  }

  private Page page(
      Visit visit, SetUp.UnderWay underWay, String name, UnaryOperator<Frame> saying) {
    var frame = saying.apply(visit.frame().step(2, steps(visit)));
    var other =
        visit.signIn().state()
                    instanceof
                    LoginSession.AwaitingMfa(var _, Demand.Enrol(var anyOf, var optional), var _)
                && (optional || anyOf.size() > 1)
            ? visit.at("/u/mfa/set-up")
            : null;
    return SharedPages.setUp(
        factors.of(visit.signIn().tenant()).profile(underWay.factor()),
        frame,
        underWay,
        name,
        new SharedPages.Ways(
            BrowserName.isPhone(visit.request().userAgent()),
            visit.at("/u/mfa/set-up/" + underWay.factor().value()) + "&change=true",
            other));
  }

  private Reply confirm(Request request) {
    var form = request.form();
    var factor = known(request, request.parameter("factor"));
    if (factor.isEmpty()) {
      return visits.whereItStands(request);
    }
    if (!form.text("error").isEmpty()) {
      return begin(
          request,
          SetUpAtSignIn.Start.SHOWING,
          400,
          frame -> SharedPages.stopped(frame, form.text("error")));
    }
    return switch (form.text("action")) {
      case "begin" ->
          begin(
              request,
              SetUpAtSignIn.Start.saying(SharedPages.answer(form)),
              200,
              UnaryOperator.identity());
      case "again" ->
          begin(
              request,
              SetUpAtSignIn.Start.AGAIN,
              200,
              frame -> frame.saying(Notice.Tone.SUCCESS, "challenge.sent_again"));
      default ->
          visits.act(
              request,
              named ->
                  answer(
                      request,
                      setUp.confirm(
                          request.site().tenant(),
                          named.id(),
                          named.browser(),
                          factor.get(),
                          SharedPages.answer(form),
                          form.text("name"),
                          request.occasion())));
    };
  }

  private String words(Request request) {
    return known(request, request.parameter("factor"))
        .map(factor -> factors.of(request.site().tenant()).profile(factor).words())
        .orElse("");
  }

  /** What every operation here leads to. */
  private Reply answer(Request request, SetUpAtSignIn.Outcome outcome) {
    return switch (outcome) {
      case SetUpAtSignIn.Outcome.Moved(var moved) -> after(request, moved);
      case SetUpAtSignIn.Outcome.Wrong(var why) -> {
        var typed = request.method() == Method.POST ? request.form().text("code") : "";
        yield begin(
            request,
            SetUpAtSignIn.Start.SHOWING,
            400,
            frame -> SharedPages.wrong(frame, words(request), typed, why));
      }
      case SetUpAtSignIn.Outcome.Unfit(var _, var underWay, var field, var why) ->
          visits.show(
              request,
              visit ->
                  Optional.of(
                      frames.reply(
                          400,
                          page(
                              visit,
                              underWay,
                              name(request),
                              frame ->
                                  frame.wrong(
                                      field,
                                      words(request) + ".details." + why.reason().word())))));
      case SetUpAtSignIn.Outcome.NotYet _ ->
          begin(
              request,
              SetUpAtSignIn.Start.SHOWING,
              200,
              frame -> SharedPages.notYet(frame, words(request)));
      case SetUpAtSignIn.Outcome.Unsent(var _, var factor, var reason, var until) ->
          visits.show(
              request,
              visit -> {
                var frame =
                    SharedPages.unsent(
                        visit.frame().at(visit.at("/u/mfa/set-up/" + factor.value())),
                        reason,
                        until.map(visit.reader()::clock));
                return Optional.of(
                    frames.reply(
                        SharedPages.unsentStatus(reason, until),
                        new UnsentPage(
                            frame,
                            factors.of(request.site().tenant()).profile(factor).words(),
                            visit.at("/u/mfa/set-up"),
                            visit.at("/u/mfa/set-up"))));
              });
      case SetUpAtSignIn.Outcome.Codes(var _, var set, var codes) ->
          visits.show(request, visit -> Optional.of(frames.reply(200, codes(visit, set, codes))));
      case SetUpAtSignIn.Outcome.CodesOutdated(var over) ->
          over.map(why -> visits.lost(request, why, SetUpPages::outdated))
              .orElseGet(() -> codes(request, 409, SetUpPages::outdated));
      case SetUpAtSignIn.Outcome.UnderWay _, SetUpAtSignIn.Outcome.NotDemanded _ ->
          visits.whereItStands(request);
      case SetUpAtSignIn.Outcome.Lost(var why) -> visits.lost(request, why);
    };
  }

  // Backup codes

  /**
   * The answer to a move after a second proof. Where it leads to backup codes they are shown in this very answer, which
   * no reload can fetch again.
   */
  Reply after(Request request, Progress.Moved moved) {
    if (moved.signIn().state()
            instanceof LoginSession.AwaitingMfa(var _, Demand.SeeBackupCodes _, var _)
        && moved.browser().isEmpty()) {
      return visits.act(
          request,
          named ->
              answer(
                  request,
                  setUp.issueCodes(
                      request.site().tenant(), named.id(), named.browser(), request.occasion())));
    }
    return onwards.after(request, moved);
  }

  private BackupCodesPage codes(Visit visit, EnrolmentId set, List<Secret> codes) {
    return SharedPages.codes(
        codesFrame(visit),
        occasion(visit),
        set,
        codes,
        visit.person().map(Person::label).orElse(""),
        visit.reader());
  }

  private static BackupCodesPage.Occasion occasion(Visit visit) {
    if (because(visit) == Because.Reason.BACKUP_CODES_SPENT) {
      return BackupCodesPage.Occasion.LAST_USED;
    }
    return visit.request().path().equals("/u/mfa/backup-codes")
            && visit.request().form().text("action").equals("new")
        ? BackupCodesPage.Occasion.REPLACED
        : BackupCodesPage.Occasion.FIRST;
  }

  private static Because.@Nullable Reason because(Visit visit) {
    return visit.signIn().state() instanceof LoginSession.AwaitingMfa(var _, var _, var because)
        ? because.reason()
        : null;
  }

  /** Its forms post to the page of the codes, whichever page they are shown in reply to. */
  private static Frame codesFrame(Visit visit) {
    var frame = visit.frame().at(visit.at("/u/mfa/backup-codes"));
    return isSettingUp(visit) ? frame.step(3, 3) : frame;
  }

  /** Whether the codes come with a method that was set up in this sign-in. */
  private static boolean isSettingUp(Visit visit) {
    return visit.signIn().state() instanceof LoginSession.AwaitingMfa(var soFar, var _, var because)
        && because.reason() == Because.Reason.BACKUP_CODES_UNSEEN
        && soFar.proofs().stream()
            .anyMatch(proof ->
                proof.purpose() == Purpose.ENROL && proof.signIn().equals(visit.signIn().id()));
  }

  private static Frame outdated(Frame frame) {
    return frame.saying(Notice.Tone.PROBLEM, "codes.outdated");
  }

  private Reply codes(Request request, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        visit ->
            visit.signIn().state()
                    instanceof LoginSession.AwaitingMfa(var _, Demand.SeeBackupCodes _, var _)
                ? Optional.of(
                    frames.reply(
                        status,
                        ownCodes
                            .waiting(visit)
                            .<Page>map(set ->
                                new BackupCodesGonePage(
                                    saying.apply(codesFrame(visit)), set.value()))
                            .orElseGet(
                                () -> new BackupCodesReadyPage(saying.apply(codesFrame(visit))))))
                : Optional.empty());
  }

  private Reply codesKept(Request request) {
    var form = request.form();
    boolean kept = form.text("saved").equals("true") || form.text("action").equals("saved");
    boolean wanted = form.text("action").equals("new") || form.text("action").equals("show");
    return visits.act(
        request,
        named -> {
          var tenant = request.site().tenant();
          var set = SharedPages.set(request);
          if (kept && set.isPresent()) {
            return answer(
                request,
                setUp.acknowledgeCodes(
                    tenant, named.id(), named.browser(), set.get(), request.occasion()));
          }
          return wanted
              ? answer(
                  request,
                  setUp.issueCodes(tenant, named.id(), named.browser(), request.occasion()))
              : visits.whereItStands(request);
        });
  }
}
