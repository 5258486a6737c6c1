package dev.countersign.hosted;

import dev.countersign.hosted.Visits.Visit;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.HelpCallPage;
import dev.countersign.hosted.view.LockedPage;
import dev.countersign.hosted.view.WaitPage;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.UseAccessCode;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The ways back in for somebody in a challenge whose factors are all lost. Thread-safe. */
final class RecoveryPages {
  static final String HELP = "/u/mfa/lost/help";
  static final String WAIT = "/u/mfa/lost/wait";
  private static final String LOST = "/u/mfa/lost";

  private final Visits visits;
  private final Onwards onwards;
  private final Frames frames;
  private final AccessCodes accessCodes;
  private final UseAccessCode useAccessCode;
  private final RecoverByWaiting recoverByWaiting;

  RecoveryPages(
      Visits visits,
      Onwards onwards,
      Frames frames,
      AccessCodes accessCodes,
      UseAccessCode useAccessCode,
      RecoverByWaiting recoverByWaiting) {
    this.recoverByWaiting = recoverByWaiting;
    this.visits = visits;
    this.onwards = onwards;
    this.frames = frames;
    this.accessCodes = accessCodes;
    this.useAccessCode = useAccessCode;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            HELP, Frames.remembering(request -> help(request, 200, UnaryOperator.identity()))),
        Route.form(HELP, this::typed),
        Route.get(
            WAIT, Frames.remembering(request -> waits(request, 200, UnaryOperator.identity()))),
        Route.form(WAIT, this::goesOn));
  }

  // With the help desk

  private Reply help(Request request, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        visit ->
            visit.choices().isEmpty()
                ? Optional.empty()
                : Optional.of(frames.reply(status, help(visit, saying))));
  }

  private HelpCallPage help(Visit visit, UnaryOperator<Frame> saying) {
    var call = accessCodes.call(visit.signIn().tenant(), visit.signIn().id());
    return new HelpCallPage(
        saying.apply(visit.frame()), call.spoken(), call.words(), visit.at(LOST));
  }

  private Reply typed(Request request) {
    var typed = request.form().text("code").strip();
    if (typed.isEmpty()) {
      return help(request, 400, frame -> frame.wrong("code", "help_call.missing"));
    }
    return visits.act(
        request,
        visitor ->
            switch (useAccessCode.use(
                request.site().tenant(),
                visitor.id(),
                visitor.browser(),
                Secret.of(typed),
                request.occasion())) {
              case UseAccessCode.Outcome.Moved(var moved) -> onwards.after(request, moved);
              // One text for whatever is wrong, as for every code.
              case UseAccessCode.Outcome.Wrong _ ->
                  help(request, 400, frame -> frame.wrong("code", "help_call.wrong"));
              case UseAccessCode.Outcome.Resting(var until) ->
                  visits.show(request, visit -> Optional.of(resting(visit, until)));
              case UseAccessCode.Outcome.NotDemanded _ -> visits.whereItStands(request);
              case UseAccessCode.Outcome.Lost(var why) -> visits.lost(request, why);
            });
  }

  // By waiting

  private Reply waits(Request request, int status, UnaryOperator<Frame> saying) {
    return visits.show(
        request,
        (tx, visit) ->
            visit.choices().isEmpty()
                ? Optional.<WaitPage>empty()
                : visit
                    .person()
                    .flatMap(person ->
                        waits(
                            visit,
                            recoverByWaiting.standing(tx, visit.signIn(), person, request.at()),
                            saying)),
        page -> page.map(it -> frames.reply(status, it)));
  }

  private Optional<WaitPage> waits(
      Visit visit, RecoverByWaiting.Standing standing, UnaryOperator<Frame> saying) {
    var frame = saying.apply(visit.frame());
    var back = visit.at(LOST);
    return switch (standing) {
      case RecoverByWaiting.Standing.Off _ -> Optional.empty();
      case RecoverByWaiting.Standing.NoMail _ ->
          Optional.of(new WaitPage(frame, WaitPage.State.NO_MAIL, 0, null, null, back));
      case RecoverByWaiting.Standing.Waiting(var due) ->
          Optional.of(
              new WaitPage(
                  frame, WaitPage.State.WAITING, 0, visit.reader().dateTime(due), null, back));
      case RecoverByWaiting.Standing.Open(var wait, var ends, var sentTo) ->
          Optional.of(
              new WaitPage(
                  frame,
                  ends.isPresent() ? WaitPage.State.DUE : WaitPage.State.OFFERED,
                  Math.toIntExact(wait.toHours()),
                  ends.map(visit.reader()::dateTime).orElse(null),
                  sentTo.orElse(null),
                  back));
    };
  }

  private Reply goesOn(Request request) {
    var form = request.form();
    if (form.text("action").equals("send")) {
      return visits.act(
          request,
          visitor ->
              told(
                  request,
                  recoverByWaiting.send(
                      request.site().tenant(),
                      visitor.id(),
                      visitor.browser(),
                      request.occasion())));
    }
    var typed = form.text("code").strip();
    if (typed.isEmpty()) {
      return waits(request, 400, frame -> frame.wrong("code", "code.missing"));
    }
    return visits.act(
        request,
        visitor ->
            told(
                request,
                recoverByWaiting.answer(
                    request.site().tenant(),
                    visitor.id(),
                    visitor.browser(),
                    Secret.of(typed),
                    request.occasion())));
  }

  private Reply told(Request request, RecoverByWaiting.Outcome outcome) {
    return switch (outcome) {
      case RecoverByWaiting.Outcome.Noted _ -> waits(request, 200, UnaryOperator.identity());
      case RecoverByWaiting.Outcome.Moved(var moved) -> onwards.after(request, moved);
      case RecoverByWaiting.Outcome.Unsent(var reason, var until) ->
          waits(
              request,
              SharedPages.unsentStatus(reason, until),
              frame ->
                  SharedPages.unsent(
                      frame, reason, until.map(frames.reader(request, null)::clock)));
      case RecoverByWaiting.Outcome.Wrong _ ->
          waits(request, 400, frame -> frame.wrong("code", "code.wrong"));
      case RecoverByWaiting.Outcome.Resting(var until) ->
          visits.show(request, visit -> Optional.of(resting(visit, until)));
      case RecoverByWaiting.Outcome.NotDemanded _ -> visits.whereItStands(request);
      case RecoverByWaiting.Outcome.Lost(var why) -> visits.lost(request, why);
    };
  }

  private Reply resting(Visit visit, Optional<Moment> until) {
    var page =
        new LockedPage(
            visit.frame(),
            until.map(visit.reader()::clock).orElse(null),
            visit.choices().size() > 1 ? visit.at("/u/mfa/choose") : null,
            visit.at(LOST));
    var reply = frames.reply(429, page);
    return until
        .map(end -> reply.withHeader("Retry-After", String.valueOf(visit.reader().seconds(end))))
        .orElse(reply);
  }
}
