package dev.countersign.account;

import dev.countersign.enforcement.Level;
import dev.countersign.enrolment.EnrolmentTickets;
import dev.countersign.hosted.Frames;
import dev.countersign.hosted.Onwards;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.Link;
import dev.countersign.hosted.view.TicketPage;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.SignIn;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where an admin's ticket to set a factor up leads. Opening it changes nothing, since mail scanners open links, too; going
 * on begins a sign-in that wants every proof anew, and asks for the factor at its end. Thread-safe.
 */
public final class TicketPages {
  private static final String PATH = "/mfa/enrollment";

  /** Where a sign-in ends whose ticket was good for nothing. */
  static final String OVER = PATH + "/over";

  private final Frames frames;
  private final Onwards onwards;
  private final EnrolmentTickets tickets;
  private final StartSignIn startSignIn;

  public TicketPages(
      Frames frames, Onwards onwards, EnrolmentTickets tickets, StartSignIn startSignIn) {
    this.frames = frames;
    this.onwards = onwards;
    this.tickets = tickets;
    this.startSignIn = startSignIn;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(PATH, Frames.remembering(this::opened)),
        Route.form(PATH, this::goOn),
        Route.get(OVER, Frames.remembering(this::over)));
  }

  private static Secret ticket(Request request) {
    return Secret.of(request.query().text("ticket"));
  }

  private Reply opened(Request request) {
    var here =
        EnrolmentTickets.PATH + URLEncoder.encode(ticket(request).reveal(), StandardCharsets.UTF_8);
    return tickets
        .open(request.site().tenant(), ticket(request), request.at())
        .map(_ -> frames.reply(200, new TicketPage(frames.plain(request, here))))
        .orElseGet(() -> over(request));
  }

  private Reply goOn(Request request) {
    var asked = new SignIn.Asked(Level.NONE, null, request.at(), request.at(), null, null, true);
    return tickets
        .open(request.site().tenant(), ticket(request), request.at())
        .map(invitation ->
            onwards.began(
                request,
                startSignIn.start(
                    request.site().tenant(),
                    AccountDestination.of(AccountDestination.INVITED),
                    asked,
                    request.cookie(Sessions.COOKIE).map(Secret::of),
                    invitation,
                    request.occasion())))
        .orElseGet(() -> over(request));
  }

  /** The same for a ticket that is unknown, used, too old, another tenant's or another person's. */
  private Reply over(Request request) {
    var frame = frames.plain(request, PATH);
    var again = new Link(frame.text().text("index.account"), AccountDestination.HOME);
    var problem = Problem.LINK_OVER;
    return frames.reply(
        problem.status(),
        new ErrorPage(frame, ErrorPage.Kind.LINK_OVER, problem.code(), request.id(), again));
  }
}
