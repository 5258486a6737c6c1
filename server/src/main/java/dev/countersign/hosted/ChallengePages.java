package dev.countersign.hosted;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.Picker;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.challenge.TrustBrowser;
import dev.countersign.factor.Answer;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.hosted.Visits.Visit;
import dev.countersign.hosted.view.ApprovalPage;
import dev.countersign.hosted.view.CodeChallengePage;
import dev.countersign.hosted.view.Context;
import dev.countersign.hosted.view.CredentialChallengePage;
import dev.countersign.hosted.view.ElsewherePage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.LockedPage;
import dev.countersign.hosted.view.LostFactorPage;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.PickerPage;
import dev.countersign.hosted.view.UnsentPage;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.recovery.Recoveries;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The challenge, the picker between factors, and what to do when none is at hand. Thread-safe. */
final class ChallengePages {
  /** Attempts left, and codes left, are mentioned from here on down. */
  private static final int FEW_ATTEMPTS = 2;

  private static final int FEW_CODES = 3;

  /** The box by which somebody wants a browser trusted. */
  private static final String TRUST = "trust";

  private final Visits visits;
  private final SignInPages signInPages;
  private final SetUpPages setUpPages;
  private final Frames frames;
  private final Factors factors;
  private final OwnCodes ownCodes;
  private final PoseChallenge poseChallenge;
  private final AnswerChallenge answerChallenge;
  private final TrustBrowser trustBrowser;
  private final Recoveries recoveries;

  ChallengePages(
      Visits visits,
      SignInPages signInPages,
      SetUpPages setUpPages,
      Frames frames,
      Factors factors,
      OwnCodes ownCodes,
      PoseChallenge poseChallenge,
      AnswerChallenge answerChallenge,
      TrustBrowser trustBrowser,
      Recoveries recoveries) {
    this.visits = visits;
    this.signInPages = signInPages;
    this.setUpPages = setUpPages;
    this.frames = frames;
    this.factors = factors;
    this.ownCodes = ownCodes;
    this.poseChallenge = poseChallenge;
    this.answerChallenge = answerChallenge;
    this.trustBrowser = trustBrowser;
    this.recoveries = recoveries;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/u/mfa/choose", Frames.remembering(this::choose)),
        Route.form("/u/mfa/choose", this::chosen),
        Route.get("/u/mfa/lost", Frames.remembering(this::lost)),
        Route.get("/u/mfa/{factor}", Frames.remembering(this::challengeOrAnswer)),
        Route.form("/u/mfa/{factor}", this::answer));
  }

  // The challenge

  /** Who comes back from a page elsewhere brings an answer along. */
  private Reply challengeOrAnswer(Request request) {
    return SharedPages.broughtBack(request)
        .map(answer -> answer(request, answer, 401))
        .orElseGet(() -> challenge(request, 200, UnaryOperator.identity()));
  }

  private Reply challenge(Request request, int status, UnaryOperator<Frame> saying) {
    return pose(request, false, status, saying);
  }

  /** Shows the question of a factor; puts it first if it does not stand, or if another is wanted. */
  private Reply pose(Request request, boolean again, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        (tx, visit) -> choice(visit, request.parameter("factor")).map(it -> look(tx, visit, it)),
        chosen -> chosen.flatMap(it -> Optional.ofNullable(posed(it, again, status, saying))));
  }

  /** What was chosen to answer with, and whether it can be asked for. */
  private record Chosen(Visit visit, Picker.Choice choice, PoseChallenge.Look look) {}

  private Chosen look(Tx tx, Visit visit, Picker.Choice choice) {
    var request = visit.request();
    return new Chosen(
        visit,
        choice,
        poseChallenge.look(
            tx,
            request.site().tenant(),
            visit.signIn().id(),
            visit.browser(),
            choice.factor(),
            request.occasion()));
  }

  private @Nullable Reply posed(
      Chosen chosen, boolean again, int status, UnaryOperator<Frame> saying) {
    var visit = chosen.visit();
    var choice = chosen.choice();
    var request = visit.request();
    return switch (poseChallenge.pose(chosen.look(), again, request.occasion())) {
      case PoseChallenge.Outcome.Asked(var prompt, var left, var fresh) -> {
        UnaryOperator<Frame> telling =
            again && fresh
                ? frame -> SharedPages.sentAgain(saying.apply(frame), words(visit, choice.factor()))
                : saying;
        yield frames.reply(status, page(visit, choice, prompt, left, telling));
      }
      case PoseChallenge.Outcome.Unsent(var standing, var reason, var until) ->
          unsent(visit, choice, standing, reason, until, saying);
      case PoseChallenge.Outcome.Resting(var until) -> resting(visit, until);
      case PoseChallenge.Outcome.NotDemanded _ -> null;
      case PoseChallenge.Outcome.Lost(var why) -> visits.lost(request, why);
    };
  }

  /** Says that nothing was sent, and what else there is; what was sent before can still be typed. */
  private Reply unsent(
      Visit visit,
      Picker.Choice choice,
      Optional<Prompt> standing,
      String reason,
      Optional<Moment> until,
      UnaryOperator<Frame> saying) {
    var reader = visit.reader();
    UnaryOperator<Frame> telling =
        frame -> SharedPages.unsent(saying.apply(frame), reason, until.map(reader::clock));
    var prompt = standing.orElse(new Prompt.Code(Prompt.Shape.ANY, Optional.empty(), true));
    var reply =
        standing.isPresent()
            ? frames.reply(429, page(visit, choice, prompt, FEW_ATTEMPTS + 1, telling))
            : frames.reply(
                SharedPages.unsentStatus(reason, until),
                new UnsentPage(
                    telling.apply(visit.frame()),
                    words(visit, choice.factor()),
                    visit.choices().size() > 1 ? visit.at("/u/mfa/choose") : null,
                    visit.at("/u/mfa/lost")));
    return until
        .map(end -> reply.withHeader("Retry-After", String.valueOf(reader.seconds(end))))
        .orElse(reply);
  }

  private static Optional<Picker.Choice> choice(Visit visit, String factor) {
    return visit.choices().stream()
        .filter(choice -> choice.factor().value().equals(factor))
        .findFirst();
  }

  private String words(Visit visit, FactorId factor) {
    return factors.of(visit.signIn().tenant()).profile(factor).words();
  }

  private Page page(
      Visit visit, Picker.Choice choice, Prompt prompt, int left, UnaryOperator<Frame> saying) {
    var frame = saying.apply(isApproval(visit) ? visit.frame().staying() : visit.frame());
    var attempts = left <= FEW_ATTEMPTS ? Integer.valueOf(left) : null;
    return switch (prompt) {
      case Prompt.Code(var shape, var sentTo, var again) ->
          new CodeChallengePage(
              frame,
              context(visit, choice),
              words(visit, choice.factor()),
              choice.name().isEmpty() ? null : choice.name(),
              sentTo.orElse(null),
              shape.digits(),
              again,
              reason(visit),
              choice.recovers() ? fewCodes(visit) : null,
              attempts,
              other(visit));
      case Prompt.Approval(var number, var state, var every) ->
          new ApprovalPage(
              frame,
              context(visit, choice),
              words(visit, choice.factor()),
              choice.name().isEmpty() ? null : choice.name(),
              number,
              ApprovalPage.State.valueOf(state.name()),
              Math.toIntExact(every.toSeconds()),
              reason(visit),
              other(visit));
      case Prompt.Credential credential ->
          new CredentialChallengePage(
              frame,
              context(visit, choice),
              words(visit, choice.factor()),
              credential.options(),
              reason(visit),
              other(visit));
      case Prompt.Elsewhere(var address, var goesOn, var again) ->
          new ElsewherePage(
              frame,
              words(visit, choice.factor()) + ".challenge",
              context(visit, choice),
              address.orElse(null),
              goesOn,
              again,
              reason(visit),
              other(visit));
      case Prompt.SharedKey _, Prompt.Details _, Prompt.Pairing _ ->
          throw new IllegalStateException(
              choice.factor() + " asks for what only a set-up asks for");
    };
  }

  /** What is known of the sign-in, with the box where it may be ticked; a wrong answer does not untick it. */
  private Context context(Visit visit, Picker.Choice choice) {
    var request = visit.request();
    boolean ticked =
        request.method() == Method.POST
            ? request.form().text(TRUST).equals("true")
            : visit.trustTicked() || visit.signIn().notes().trusting();
    return trustBrowser.mayBeBy(visit.signIn().tenant(), choice.factor())
        ? visit.context().trusting(Math.toIntExact(visit.trustFor().toHours()), ticked)
        : visit.context();
  }

  private @Nullable Notice fewCodes(Visit visit) {
    return ownCodes
        .left(visit)
        .filter(few -> few <= FEW_CODES)
        .map(few ->
            new Notice(Notice.Tone.WARNING, visit.frame().text().text("codes.challenge.few", few)))
        .orElse(null);
  }

  private static String other(Visit visit) {
    return visit.at(visit.choices().size() > 1 ? "/u/mfa/choose" : "/u/mfa/lost");
  }

  /** Why this is asked, in words that give no threshold away. */
  private static @Nullable String reason(Visit visit) {
    var text = visit.frame().text();
    if (isApproval(visit)
        || !(visit.signIn().state()
            instanceof LoginSession.AwaitingMfa(var _, var _, var because))) {
      return null;
    }
    return SharedPages.reason(
        text,
        because,
        visit.signIn().destination().isAccount() ? null : visit.frame().application());
  }

  private static boolean isApproval(Visit visit) {
    return visit.signIn().asked().transaction() != null;
  }

  private Reply answer(Request request) {
    var form = request.form();
    if (form.text("action").equals("reject")) {
      return signInPages.cancel(request);
    }
    if (form.text("action").equals("leave")) {
      return leave(request);
    }
    if (form.text("action").equals("again")) {
      return pose(request, true, 200, UnaryOperator.identity());
    }
    if (!form.text("error").isEmpty()) {
      return challenge(request, 400, frame -> SharedPages.stopped(frame, form.text("error")));
    }
    if (form.has("code") && form.text("code").isBlank()) {
      return words(request)
          .map(words ->
              challenge(request, 400, frame -> frame.wrong("code", words + ".challenge.missing")))
          .orElseGet(() -> visits.whereItStands(request));
    }
    return answer(request, SharedPages.answer(form), 400);
  }

  /**
   * Sends somebody to the page where they answer, and remembers until they come back what they ticked here. By a refresh, not by
   * a redirect: what a form leads to is bound to the origins that the page allows, and that page may lead on to others.
   */
  private Reply leave(Request request) {
    return visits.act(
        request,
        visitor -> {
          trustBrowser.remember(
              request.site().tenant(),
              visitor.id(),
              visitor.browser(),
              request.form().text(TRUST).equals("true"),
              request.occasion());
          return visits.show(
              request,
              (tx, visit) ->
                  choice(visit, request.parameter("factor")).map(it -> look(tx, visit, it)),
              chosen -> chosen.flatMap(it -> left(it, request)));
        });
  }

  private Optional<Reply> left(Chosen chosen, Request request) {
    return poseChallenge.pose(chosen.look(), false, request.occasion())
                instanceof PoseChallenge.Outcome.Asked(Prompt.Elsewhere elsewhere, var _, var _)
            && elsewhere.address().isPresent()
        ? Optional.of(left(chosen.visit(), chosen.choice(), elsewhere.address().get()))
        : Optional.empty();
  }

  /** The same page without the box, on its way; its link is for browsers that wait. */
  private Reply left(Visit visit, Picker.Choice choice, String address) {
    var page =
        new ElsewherePage(
            isApproval(visit) ? visit.frame().staying() : visit.frame(),
            words(visit, choice.factor()) + ".challenge",
            visit.context(),
            address,
            false,
            false,
            reason(visit),
            other(visit));
    return frames.reply(200, page).withHeader("Refresh", "0; url=" + address);
  }

  private Optional<String> words(Request request) {
    return factors.of(request.site().tenant()).profiles().stream()
        .filter(profile -> profile.id().value().equals(request.parameter("factor")))
        .map(FactorProfile::words)
        .findFirst();
  }

  /**
   * Has an answer judged.
   *
   * @param status of a wrong one
   */
  private Reply answer(Request request, Answer answer, int status) {
    var named = words(request);
    if (named.isEmpty()) {
      return visits.whereItStands(request);
    }
    var words = named.get();
    var factor = new FactorId(request.parameter("factor"));
    return visits.act(
        request,
        visitor ->
            switch (answerChallenge.answer(
                request.site().tenant(),
                visitor.id(),
                visitor.browser(),
                factor,
                answer,
                request.occasion())) {
              case AnswerChallenge.Outcome.Passed(var moved) -> passed(request, moved);
              // One text for whatever is wrong: a guesser learns nothing from it, and it helps
              // everyone else.
              case AnswerChallenge.Outcome.Wrong _ ->
                  challenge(
                      request,
                      status,
                      frame ->
                          answer.fields().containsKey("credential")
                              ? frame.saying(Notice.Tone.PROBLEM, words + ".challenge.wrong")
                              : frame.wrong("code", words + ".challenge.wrong"));
              case AnswerChallenge.Outcome.Over(var why) ->
                  visits.show(request, visit -> Optional.of(over(visit, words, why)));
              case AnswerChallenge.Outcome.NotYet _ ->
                  challenge(request, 200, frame -> SharedPages.notYet(frame, words));
              case AnswerChallenge.Outcome.Resting(var until) ->
                  visits.show(request, visit -> Optional.of(resting(visit, until)));
              case AnswerChallenge.Outcome.NotDemanded _ -> visits.whereItStands(request);
              case AnswerChallenge.Outcome.Lost(var why) -> visits.lost(request, why);
            });
  }

  private Reply passed(Request request, Progress.Moved moved) {
    boolean wanted =
        request.method() == Method.POST
            ? request.form().text(TRUST).equals("true")
            : moved.signIn().notes().trusting();
    var trusted =
        wanted
            ? trustBrowser.after(moved, TrustCookies.of(request), request.occasion())
            : Optional.<TrustBrowser.Trusted>empty();
    var reply = setUpPages.after(request, moved);
    return trusted.map(it -> TrustCookies.set(request, reply, it)).orElse(reply);
  }

  /** Says that nothing came of it, and what else there is. Asking anew is the person's to do: it may send something. */
  private Reply over(Visit visit, String words, Refusal why) {
    return frames.reply(
        why.reason() == Refusal.Reason.SERVICE_FAILED ? 503 : 200,
        new UnsentPage(
            visit.frame(),
            words,
            why.reason().word(),
            visit.choices().size() > 1 ? visit.at("/u/mfa/choose") : null,
            visit.at("/u/mfa/lost")));
  }

  private Reply resting(Visit visit, Optional<Moment> until) {
    var other = visit.choices().size() > 1 ? visit.at("/u/mfa/choose") : null;
    var page =
        new LockedPage(
            visit.frame(),
            until.map(visit.reader()::clock).orElse(null),
            other,
            visit.at("/u/mfa/lost"));
    var reply = frames.reply(429, page);
    return until
        .map(end -> reply.withHeader("Retry-After", String.valueOf(visit.reader().seconds(end))))
        .orElse(reply);
  }

  // Another way

  private Reply choose(Request request) {
    return visits.show(
        request,
        visit ->
            visit.choices().isEmpty()
                ? Optional.empty()
                : Optional.of(frames.reply(200, picker(visit))));
  }

  private PickerPage picker(Visit visit) {
    List<PickerPage.Choice> choices =
        visit.choices().stream().map(choice -> line(visit, choice)).toList();
    return new PickerPage(visit.frame(), choices, visit.at("/u/mfa/lost"));
  }

  private PickerPage.Choice line(Visit visit, Picker.Choice choice) {
    var look = FactorLook.of(factors.of(visit.signIn().tenant()).profile(choice.factor()));
    var text = visit.frame().text();
    var kind = text.text(look.nameKey());
    var used =
        choice.recovers()
            ? null
            : choice
                .lastUsed()
                .map(when -> text.text("account.used", visit.reader().ago(when)))
                .orElse(null);
    return choice.name().isEmpty()
        ? new PickerPage.Choice(
            choice.factor().value(), look.icon(), kind, text.text(look.lineKey()), used)
        : new PickerPage.Choice(choice.factor().value(), look.icon(), choice.name(), kind, used);
  }

  private Reply chosen(Request request) {
    var wanted = request.form().text("method");
    return visits.show(
        request,
        visit ->
            choice(visit, wanted)
                .map(choice -> Reply.seeOther(visit.at(Whereabouts.challenge(choice.factor())))));
  }

  /** What there is to say of the way by waiting; nothing where there is none. */
  private Optional<String> waiting(Tx tx, Visit visit) {
    var tenant = visit.signIn().tenant();
    var now = visit.request().at();
    var text = visit.frame().text();
    return recoveries
        .time(tenant)
        .map(time ->
            visit
                .signIn()
                .who()
                .flatMap(who -> recoveries.standing(tx, tenant, who, now))
                .map(it ->
                    it.isDue(now)
                        ? text.text("lost.wait_over")
                        : text.text("lost.wait_on", visit.reader().dateTime(it.dueAt())))
                .orElseGet(() -> text.text("lost.wait_line", Math.toIntExact(time.toHours()))));
  }

  private boolean isApp(Visit visit, Picker.Choice it) {
    return factors.of(visit.signIn().tenant()).profile(it.factor()).methodType().equals("totp");
  }

  private Reply lost(Request request) {
    return visits.show(
        request,
        (tx, visit) ->
            visit.choices().isEmpty()
                ? Optional.<LostFactorPage>empty()
                : Optional.of(lost(visit, waiting(tx, visit))),
        page -> page.map(it -> frames.reply(200, it)));
  }

  private LostFactorPage lost(Visit visit, Optional<String> waiting) {
    var codes =
        visit.choices().stream()
            .filter(Picker.Choice::recovers)
            .findFirst()
            .map(choice -> visit.at(Whereabouts.challenge(choice.factor())))
            .orElse(null);
    return new LostFactorPage(
        visit.frame(),
        codes,
        visit.choices().stream().anyMatch(it -> isApp(visit, it)),
        visit.at(RecoveryPages.HELP),
        waiting.map(_ -> visit.at(RecoveryPages.WAIT)).orElse(null),
        waiting.orElse(""),
        visit.at("/u/continue"));
  }
}
