package dev.countersign.hosted;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.Doors;
import dev.countersign.challenge.Picker;
import dev.countersign.enforcement.Because;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.Visits.Visit;
import dev.countersign.hosted.view.BackupCodeChallengePage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.LockedPage;
import dev.countersign.hosted.view.LostFactorPage;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.PickerPage;
import dev.countersign.hosted.view.TotpChallengePage;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.proof.Guesses;
import dev.countersign.storage.Database;
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

  private final Visits visits;
  private final SetUpPages setUpPages;
  private final Frames frames;
  private final Database database;
  private final Factors factors;
  private final Guesses guesses;
  private final CodeSets codeSets;
  private final AnswerChallenge answerChallenge;

  ChallengePages(
      Visits visits,
      SetUpPages setUpPages,
      Frames frames,
      Database database,
      Factors factors,
      Guesses guesses,
      CodeSets codeSets,
      AnswerChallenge answerChallenge) {
    this.visits = visits;
    this.setUpPages = setUpPages;
    this.frames = frames;
    this.database = database;
    this.factors = factors;
    this.guesses = guesses;
    this.codeSets = codeSets;
    this.answerChallenge = answerChallenge;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/u/mfa/choose", Frames.remembering(this::choose)),
        Route.form("/u/mfa/choose", this::chosen),
        Route.get("/u/mfa/lost", Frames.remembering(this::lost)),
        Route.get(
            "/u/mfa/{factor}",
            Frames.remembering(request -> challenge(request, 200, UnaryOperator.identity()))),
        Route.form("/u/mfa/{factor}", this::answer));
  }

  // The challenge

  private Reply challenge(Request request, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        visit ->
            choice(visit, request.parameter("factor"))
                .flatMap(choice ->
                    visit
                        .signIn()
                        .who()
                        .map(who -> {
                          var doors = Doors.of(factors.profile(choice.factor()));
                          return switch (database.read(
                              tx ->
                                  guesses.standing(
                                      tx,
                                      visit.signIn().tenant(),
                                      who.value(),
                                      doors,
                                      request.at()))) {
                            case Guesses.Standing.Open(var left) ->
                                frames.reply(status, page(visit, choice, who, left, saying));
                            case Guesses.Standing.Resting(var until) ->
                                resting(visit, Optional.of(until));
                            case Guesses.Standing.Closed _ -> resting(visit, Optional.empty());
                          };
                        })));
  }

  private static Optional<Picker.Choice> choice(Visit visit, String factor) {
    return visit.choices().stream()
        .filter(choice -> choice.factor().value().equals(factor))
        .findFirst();
  }

  private Page page(
      Visit visit, Picker.Choice choice, UserId who, int left, UnaryOperator<Frame> saying) {
    var frame = saying.apply(visit.frame());
    var attempts = left <= FEW_ATTEMPTS ? Integer.valueOf(left) : null;
    return switch (FactorLook.of(factors.profile(choice.factor()))) {
      case AUTHENTICATOR ->
          new TotpChallengePage(
              frame,
              visit.context(),
              choice.name().isEmpty() ? null : choice.name(),
              reason(visit),
              attempts,
              other(visit));
      case CODES -> {
        var codes =
            database.read(
                tx -> codeSets.left(tx, visit.signIn().tenant(), who, visit.request().at()));
        yield new BackupCodeChallengePage(
            frame,
            visit.context(),
            reason(visit),
            codes.filter(few -> few <= FEW_CODES).orElse(null),
            attempts,
            other(visit));
      }
    };
  }

  private static String other(Visit visit) {
    return visit.at(visit.choices().size() > 1 ? "/u/mfa/choose" : "/u/mfa/lost");
  }

  /** Why this is asked, in words that give no threshold away. */
  private static @Nullable String reason(Visit visit) {
    var text = visit.frame().text();
    if (!(visit.signIn().state() instanceof LoginSession.AwaitingMfa(var _, var _, var because))) {
      return null;
    }
    var reason = because.reason();
    if (reason == Because.Reason.POLICY_REQUIRES) {
      return text.text("reason.policy");
    } else if (reason == Because.Reason.ENROLLED) {
      return text.text("reason.enrolled");
    }
    return visit.signIn().destination().isAccount() || visit.frame().application() == null
        ? text.text("reason.sensitive")
        : text.text("reason.application", visit.frame().application());
  }

  private Reply answer(Request request) {
    var typed = Secret.of(request.form().text("code"));
    var factor =
        factors.profiles().stream()
            .filter(profile -> profile.id().value().equals(request.parameter("factor")))
            .findFirst();
    if (factor.isEmpty()) {
      return visits.whereItStands(request);
    }
    var look = FactorLook.of(factor.get());
    if (typed.reveal().isBlank()) {
      return challenge(
          request,
          400,
          frame ->
              frame.wrong(
                  "code", look == FactorLook.CODES ? "codes.challenge.missing" : "code.missing"));
    }
    return visits.act(
        request,
        named ->
            switch (answerChallenge.answer(
                request.site().tenant(),
                named.id(),
                named.browser(),
                factor.get().id(),
                Answer.ofCode(typed),
                request.occasion())) {
              case AnswerChallenge.Outcome.Passed(var moved) -> setUpPages.after(request, moved);
              // One text for whatever is wrong: a guesser learns nothing from it, and it helps
              // everyone else.
              case AnswerChallenge.Outcome.Wrong _ ->
                  challenge(
                      request,
                      400,
                      frame ->
                          frame.wrong(
                              "code",
                              look == FactorLook.CODES
                                  ? "codes.challenge.wrong"
                                  : "totp.challenge.wrong"));
              case AnswerChallenge.Outcome.Resting(var until) ->
                  visits.show(request, visit -> Optional.of(resting(visit, until)));
              case AnswerChallenge.Outcome.NotDemanded _ -> visits.whereItStands(request);
              case AnswerChallenge.Outcome.Lost(var why) -> visits.lost(request, why);
            });
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
    var look = FactorLook.of(factors.profile(choice.factor()));
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

  private Reply lost(Request request) {
    return visits.show(
        request,
        visit -> {
          if (visit.choices().isEmpty()) {
            return Optional.empty();
          }
          var codes =
              visit.choices().stream()
                  .filter(Picker.Choice::recovers)
                  .findFirst()
                  .map(choice -> visit.at(Whereabouts.challenge(choice.factor())))
                  .orElse(null);
          return Optional.of(
              frames.reply(200, new LostFactorPage(visit.frame(), codes, visit.at("/u/continue"))));
        });
  }
}
