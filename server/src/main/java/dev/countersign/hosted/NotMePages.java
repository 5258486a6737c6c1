package dev.countersign.hosted;

import dev.countersign.delivery.Report;
import dev.countersign.enrolment.ReportNotMe;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.Link;
import dev.countersign.hosted.view.NotMePage;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the link 'This was not me' of a notice leads to. Opening it changes nothing: mail scanners do so, too. Thread-safe. */
final class NotMePages {
  private static final String PATH = "/u/not-me";

  private final Frames frames;
  private final ReportNotMe reportNotMe;

  NotMePages(Frames frames, ReportNotMe reportNotMe) {
    this.frames = frames;
    this.reportNotMe = reportNotMe;
  }

  List<Route> routes() {
    return List.of(
        Route.get(PATH, Frames.remembering(this::opened)), Route.form(PATH, this::reported));
  }

  private static Secret ticket(Request request) {
    return Secret.of(request.query().text("ticket"));
  }

  private Reply opened(Request request) {
    return reportNotMe
        .open(request.site().tenant(), ticket(request), request.at())
        .map(opened -> {
          var here =
              Report.PATH + URLEncoder.encode(ticket(request).reveal(), StandardCharsets.UTF_8);
          return frames.reply(
              200,
              NotMePage.asking(
                  frames.plain(request, here),
                  opened.who().label(),
                  opened.report().enrolment().isPresent()));
        })
        .orElseGet(() -> over(request));
  }

  private Reply reported(Request request) {
    return switch (reportNotMe.report(
        request.site().tenant(), ticket(request), request.occasion())) {
      case ReportNotMe.Outcome.Closed(var who, var _) ->
          frames.reply(
              200, NotMePage.done(frames.plain(request, PATH), who.label(), PasswordPages.FORGOT));
      case ReportNotMe.Outcome.LinkOver _ -> over(request);
    };
  }

  private Reply over(Request request) {
    var frame = frames.plain(request, PATH);
    var again = new Link(frame.text().text("index.account"), "/account");
    var problem = Problem.LINK_OVER;
    return frames.reply(
        problem.status(),
        new ErrorPage(frame, ErrorPage.Kind.LINK_OVER, problem.code(), request.id(), again));
  }
}
