package dev.countersign.hosted;

import dev.countersign.hosted.Visits.Visit;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.HelpCallPage;
import dev.countersign.hosted.view.LockedPage;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.recovery.AccessCodes;
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
  private static final String LOST = "/u/mfa/lost";

  private final Visits visits;
  private final Onwards onwards;
  private final Frames frames;
  private final AccessCodes accessCodes;
  private final UseAccessCode useAccessCode;

  RecoveryPages(
      Visits visits,
      Onwards onwards,
      Frames frames,
      AccessCodes accessCodes,
      UseAccessCode useAccessCode) {
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
        Route.form(HELP, this::typed));
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
