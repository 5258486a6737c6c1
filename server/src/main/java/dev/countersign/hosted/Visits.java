package dev.countersign.hosted;

import dev.countersign.challenge.Picker;
import dev.countersign.challenge.TrustBrowser;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.view.Context;
import dev.countersign.hosted.view.ContinuePage;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Link;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Device;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Finds the sign-in that a request belongs to, and says what there is to say where none can be gone on with. Thread-safe. */
final class Visits {
  private final Database database;
  private final SignIns signIns;
  private final People people;
  private final Picker picker;
  private final Policies policies;
  private final Factors factors;
  private final Destinations destinations;
  private final Frames frames;
  private final Whereabouts whereabouts;

  Visits(
      Database database,
      SignIns signIns,
      People people,
      Picker picker,
      Policies policies,
      Factors factors,
      Destinations destinations,
      Frames frames,
      Whereabouts whereabouts) {
    this.database = database;
    this.signIns = signIns;
    this.people = people;
    this.picker = picker;
    this.policies = policies;
    this.factors = factors;
    this.destinations = destinations;
    this.frames = frames;
    this.whereabouts = whereabouts;
  }

  /** The sign-in that a request names, and the secret by which its browser shows that it is the one. */
  record Named(SignInId id, Optional<Secret> browser) {}

  /**
   * A look at a living sign-in from its own browser.
   *
   * @param browser the secret by which the browser showed that it is the one
   * @param person once the first proof is there
   * @param choices what a challenge can be answered with, the one used last first; empty while there is none
   * @param codes whether backup codes come with a factor
   * @param trustFor for how long the browser may be trusted; zero is not at all
   * @param trustTicked whether the box for it is ticked at first
   */
  record Visit(
      Request request,
      SignIn signIn,
      Optional<Secret> browser,
      Destinations.Place place,
      Reader reader,
      Frame frame,
      Optional<Person> person,
      List<Picker.Choice> choices,
      boolean codes,
      Duration trustFor,
      boolean trustTicked) {

    String at(String path) {
      return Whereabouts.at(path, signIn.id());
    }

    Context context() {
      var transaction = signIn.asked().transaction();
      return new Context(
              frame.application(), country().orElse(null), BrowserName.of(request.userAgent()))
          .approving(transaction == null ? null : TransactionWords.card(transaction, frame.text()));
    }

    /** Where the sign-in comes from, as far as it was found out: whoever is led through a stranger's browser sees it here. */
    private Optional<String> country() {
      var assessed = signIn.notes().assessed();
      return Optional.ofNullable(assessed == null ? null : assessed.country())
          .flatMap(reader::country);
    }
  }

  /** The sign-in that the query names; nothing when that could not be the name of one. */
  static Optional<Named> named(Request request) {
    return request
        .signIn()
        .map(id -> new Named(id, request.cookie(SignIns.cookie(id)).map(Secret::of)));
  }

  /** Shows a page if the state allows it, or sends the browser where the state is. */
  Reply show(Request request, Function<Visit, Optional<Reply>> page) {
    return show(request, (_, visit) -> visit, page);
  }

  /** The same for a page that has more to look at: what that found is what the page is made of. */
  <T> Reply show(
      Request request, BiFunction<Tx, Visit, T> more, Function<T, Optional<Reply>> page) {
    var named = named(request);
    if (named.isEmpty()) {
      return lost(request, new SignIns.Finding.Unknown());
    }
    return switch (database.<Look<T>>read(tx -> look(tx, request, named.get(), more))) {
      case Look.At<T>(var visit, var found) ->
          page.apply(found)
              .map(reply -> dressed(visit, reply))
              .orElseGet(
                  () -> Reply.seeOther(whereabouts.whereTo(visit.signIn(), visit.choices())));
      case Look.Nowhere<T>(var why) -> lost(request, why);
    };
  }

  /** Does something in the sign-in that the request names. */
  Reply act(Request request, Function<Named, Reply> act) {
    return named(request).map(act).orElseGet(() -> lost(request, new SignIns.Finding.Unknown()));
  }

  /** Sends the browser where its sign-in is. */
  Reply whereItStands(Request request) {
    return show(request, _ -> Optional.empty());
  }

  /** What came of looking. */
  private sealed interface Look<T> {
    record At<T>(Visit visit, T more) implements Look<T> {}

    record Nowhere<T>(SignIns.Finding why) implements Look<T> {}
  }

  private SignIns.Finding find(Tx tx, Request request, Named named) {
    return signIns.find(
        tx, request.site().tenant(), named.id(), named.browser(), false, request.at());
  }

  private <T> Look<T> look(Tx tx, Request request, Named named, BiFunction<Tx, Visit, T> more) {
    var found = find(tx, request, named);
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Look.Nowhere<>(found);
    }
    var tenant = request.site().tenant();
    var person = signIn.who().flatMap(who -> people.find(tx, tenant, who));
    List<Picker.Choice> choices =
        signIn.state() instanceof LoginSession.AwaitingMfa(var _, Demand.Challenge challenge, var _)
            ? person
                .map(it ->
                    picker.choices(
                        tx, tenant, it, challenge, Device.of(request.userAgent()).kind()))
                .orElse(List.of())
            : List.of();
    var policy = policies.current(tx, tenant);
    boolean codes = policy.allowed().contains(factors.recovery().profile().id());
    var trustFor =
        choices.isEmpty()
            ? Duration.ZERO
            : person
                .map(it -> TrustBrowser.time(policy, it, signIn.asked(), request.at()))
                .orElse(Duration.ZERO);
    var place = destinations.place(tenant, signIn.destination());
    var reader = frames.reader(request, signIn.asked().locales());
    var visit =
        new Visit(
            request,
            signIn,
            named.browser(),
            place,
            reader,
            frame(request, signIn, place, person),
            person,
            choices,
            codes,
            trustFor,
            policy.remembering().ticked());
    return new Look.At<>(visit, more.apply(tx, visit));
  }

  private Frame frame(
      Request request, SignIn signIn, Destinations.Place place, Optional<Person> person) {
    var here = Whereabouts.at(request.path(), signIn.id());
    var frame = frames.within(request, here, signIn.id().value(), signIn.asked().locales());
    frame =
        frame
            .application(
                signIn.destination().isAccount()
                    ? frame.text().text("account.title")
                    : place.name())
            .leaving("common.cancel_sign_in", Whereabouts.at("/u/cancel", signIn.id()));
    var label =
        person
            .map(Person::label)
            .or(() ->
                signIn.state() instanceof LoginSession.Pending(var claimed)
                    ? claimed
                    : Optional.empty());
    return label.isEmpty()
        ? frame
        : frame.person(
            label.get(), Whereabouts.at("/u/login/identifier", signIn.id()) + "&other=true");
  }

  /** What the answer of a page of a sign-in needs so that the way out at its end is open. */
  static Reply dressed(Visit visit, Reply reply) {
    var open = reply.withFormTargets(visit.place().formTargets());
    return visit.place().popup()
        ? open.withHeader("Cross-Origin-Opener-Policy", "unsafe-none")
        : open;
  }

  /** Says that a sign-in cannot be gone on with, and how to go on instead. */
  Reply lost(Request request, SignIns.Finding why) {
    return lost(request, why, UnaryOperator.identity());
  }

  /** The same, saying something more where the sign-in was completed. */
  Reply lost(Request request, SignIns.Finding why, UnaryOperator<Frame> saying) {
    return switch (why) {
      case SignIns.Finding.Found _ -> whereItStands(request);
      case SignIns.Finding.Unknown _ ->
          error(request, ErrorPage.Kind.EXPIRED, Problem.SIGN_IN_UNKNOWN, Optional.empty());
      // A browser that keeps cookies has at least the one that was set on its first page.
      case SignIns.Finding.OtherBrowser _ ->
          error(
              request,
              request.header("cookie").isPresent()
                  ? ErrorPage.Kind.WRONG_BROWSER
                  : ErrorPage.Kind.NO_COOKIES,
              Problem.SIGN_IN_ELSEWHERE,
              Optional.empty());
      case SignIns.Finding.Expired(var destination) ->
          error(
              request,
              ErrorPage.Kind.EXPIRED,
              Problem.SIGN_IN_EXPIRED,
              begin(request, destination));
      case SignIns.Finding.Over(var destination, var who, var disowned) ->
          who.isPresent()
              ? movedOn(request, destination, saying)
              : error(
                  request,
                  disowned ? ErrorPage.Kind.DISOWNED : ErrorPage.Kind.EXPIRED,
                  Problem.SIGN_IN_ENDED,
                  begin(request, destination));
    };
  }

  /**
   * Whoever finished in another tab is signed in and goes on there. The request that began the sign-in has been answered and
   * is never sent again: the application takes its {@code state} once.
   */
  private Reply movedOn(
      Request request, SignIn.Destination destination, UnaryOperator<Frame> saying) {
    var place = destinations.place(request.site().tenant(), destination);
    var frame = saying.apply(frames.plain(request, request.path()));
    var name = destination.isAccount() ? frame.text().text("account.title") : place.name();
    var kind = place.start().isPresent() ? ContinuePage.Kind.MOVED_ON : ContinuePage.Kind.DONE;
    var page = new ContinuePage(frame, kind, name, place.start().orElse(null), null);
    return frames.reply(Problem.SIGN_IN_ENDED.status(), page);
  }

  private Optional<String> begin(Request request, SignIn.Destination destination) {
    return destinations.place(request.site().tenant(), destination).begin();
  }

  private Reply error(
      Request request, ErrorPage.Kind kind, Problem problem, Optional<String> begin) {
    var frame = frames.plain(request, request.path());
    var again = new Link(frame.text().text("error.start_again"), begin.orElse("/"));
    return frames.reply(
        problem.status(), new ErrorPage(frame, kind, problem.code(), request.id(), again));
  }
}
