package dev.countersign.hosted;

import dev.countersign.hosted.view.CheckMailPage;
import dev.countersign.hosted.view.ForgotPasswordPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.NewPasswordPage;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.PasswordChangedPage;
import dev.countersign.hosted.view.TooManyRequestsPage;
import dev.countersign.identity.Identifier;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.newpassword.ChooseNewPassword;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** A forgotten password: asking for a link, and choosing a new one by it. Thread-safe. */
final class PasswordPages {
  static final String FORGOT = "/u/password/forgot";

  private final Frames frames;
  private final AskPasswordReset ask;
  private final ChooseNewPassword choose;

  PasswordPages(Frames frames, AskPasswordReset ask, ChooseNewPassword choose) {
    this.frames = frames;
    this.ask = ask;
    this.choose = choose;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            FORGOT, Frames.remembering(request -> forgot(request, 200, UnaryOperator.identity()))),
        Route.form(FORGOT, this::asked),
        Route.get("/u/password/reset", Frames.remembering(this::opened)),
        Route.form("/u/password/reset", this::chosen));
  }

  /** Where the sign-in goes on from which this was asked, if it was. */
  private static String back(Request request) {
    return Visits.named(request)
        .map(named -> Whereabouts.at("/u/continue", named.id()))
        .orElse("/account");
  }

  private static String here(Request request) {
    return Visits.named(request).map(named -> Whereabouts.at(FORGOT, named.id())).orElse(FORGOT);
  }

  private Reply forgot(Request request, int status, UnaryOperator<Frame> saying) {
    return frames.reply(
        status,
        new ForgotPasswordPage(
            saying.apply(frames.plain(request, here(request))), "", back(request)));
  }

  private Reply asked(Request request) {
    var typed = request.form().text("identifier").strip();
    if (!Identifier.of(typed).isPlausible()) {
      return forgot(request, 400, frame -> frame.wrong("identifier", "identifier.missing"));
    }
    return switch (ask.ask(request.site().tenant(), typed, request.occasion())) {
      case AskPasswordReset.Outcome.Asked _ ->
          frames.reply(
              200,
              new CheckMailPage(
                  frames.plain(request, here(request)),
                  typed,
                  Math.toIntExact(AskPasswordReset.LINK_LIFE.toMinutes()),
                  here(request),
                  back(request)));
      case AskPasswordReset.Outcome.TooMany(var until) -> tooMany(request, until);
    };
  }

  private Reply tooMany(Request request, Moment until) {
    var reader = frames.reader(request, null);
    var page =
        new TooManyRequestsPage(
            frames.plain(request, here(request)),
            reader.clock(until),
            reader.seconds(until),
            request.id());
    return frames.reply(429, page).withHeader("Retry-After", String.valueOf(reader.seconds(until)));
  }

  private static Secret ticket(Request request) {
    return Secret.of(request.query().text("ticket"));
  }

  /** Opening a link spends nothing: mail scanners do so, too. */
  private Reply opened(Request request) {
    return choose
        .open(request.site().tenant(), ticket(request), request.at())
        .map(invitation -> page(request, 200, invitation, UnaryOperator.identity()))
        .orElseGet(() -> over(request));
  }

  private Reply page(
      Request request,
      int status,
      ChooseNewPassword.Invitation invitation,
      UnaryOperator<Frame> saying) {
    var here =
        "/u/password/reset?ticket="
            + URLEncoder.encode(ticket(request).reveal(), StandardCharsets.UTF_8);
    var page =
        new NewPasswordPage(
            saying.apply(frames.plain(request, here)),
            NewPasswordPage.Why.RESET,
            invitation.person().label(),
            invitation.rules().minimum());
    return frames.reply(status, page);
  }

  private Reply over(Request request) {
    return forgot(
        request,
        400,
        frame -> frame.at(FORGOT).saying(Notice.Tone.PROBLEM, "new_password.link_expired"));
  }

  private Reply chosen(Request request) {
    var fresh = Secret.of(request.form().text("new_password"));
    return switch (choose.choose(
        request.site().tenant(), ticket(request), fresh, request.occasion())) {
      case ChooseNewPassword.Outcome.Changed _ ->
          frames.reply(200, new PasswordChangedPage(frames.plain(request, FORGOT), "/account"));
      case ChooseNewPassword.Outcome.Unfit(var why, var invitation) ->
          page(
              request,
              400,
              invitation,
              frame -> SharedPages.unfit(frame, "new_password", fresh, why, invitation.rules()));
      case ChooseNewPassword.Outcome.LinkOver _ -> over(request);
    };
  }
}
