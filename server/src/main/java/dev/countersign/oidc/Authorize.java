package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.enforcement.Because;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.Arrivals.Onward;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.storage.Database;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Params;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * {@code /authorize}. What is wrong before it is certain whom to tell is told to the person, on a page; everything else
 * goes back to the application (RFC 6749 section 4.1.2.1). Thread-safe.
 */
final class Authorize {
  private final Database database;
  private final Applications applications;
  private final Sessions sessions;
  private final StartSignIn startSignIn;
  private final Progress progress;
  private final SigningKeys keys;
  private final Tokens tokens;
  private final AuthorizationRules rules;
  private final OidcPages pages;
  private final Tenants tenants;
  private final PushedRequests pushedRequests;

  Authorize(
      Database database,
      Applications applications,
      Sessions sessions,
      StartSignIn startSignIn,
      Progress progress,
      SigningKeys keys,
      Tokens tokens,
      AuthorizationRules rules,
      OidcPages pages,
      Tenants tenants,
      PushedRequests pushedRequests) {
    this.database = database;
    this.applications = applications;
    this.sessions = sessions;
    this.startSignIn = startSignIn;
    this.progress = progress;
    this.keys = keys;
    this.tokens = tokens;
    this.rules = rules;
    this.pages = pages;
    this.tenants = tenants;
    this.pushedRequests = pushedRequests;
  }

  /** Goes on as GET, so that the cookies that only a navigation brings are there. */
  Reply post(Request request) {
    var all = new LinkedHashMap<String, String>();
    for (var params : new Params[] {request.query(), request.form()}) {
      requireSingle(params);
      params
          .asMap()
          .forEach((name, values) -> {
            if (all.put(name, values.getFirst()) != null) {
              throw duplicate(name);
            }
          });
    }
    return Reply.seeOther(
        request.site().issuer()
            + AuthorizationRequest.PATH
            + "?"
            + AuthorizationRequest.encoded(Params.of(all)));
  }

  Reply get(Request request) {
    requireSingle(request.query());
    var sent = new AuthorizationRequest(request.site().issuer(), request.query());
    var application =
        applications
            .find(request.site().tenant(), sent.clientId())
            .orElseThrow(() ->
                new Refused(
                    Problem.APPLICATION_UNKNOWN,
                    "client_id",
                    "No application of this tenant has this client_id."));
    var asked =
        (sent.isPushed() ? pushed(request, sent, application) : sent)
            .orFor(tenants.get(request.site().tenant()).settings().audience());
    if (application.pushed() && !asked.isPushed()) {
      throw new Refused(
          Problem.AUTHORIZATION_REQUEST,
          PushedRequests.PARAMETER,
          "The application has to push its requests before it sends a browser.");
    }
    if (!application.callbacks().contains(asked.redirectUri())) {
      throw new Refused(
          Problem.REDIRECT_UNKNOWN,
          "redirect_uri",
          "Register this redirect_uri letter by letter with the application.");
    }
    AuthorizationRules.unanswerable(asked)
        .ifPresent(it -> {
          throw new Refused(Problem.AUTHORIZATION_REQUEST, it.field(), it.message());
        });
    return switch (rules.judge(request.site().tenant(), asked, application, request.at())) {
      case AuthorizationRules.Ruling.Unsound(var error) ->
          pages.follow(request, AuthorizationAnswer.error(asked, error));
      case AuthorizationRules.Ruling.Sound(var what) -> begin(request, asked, application, what);
    };
  }

  /** Of a request that was pushed nothing counts but what was pushed (RFC 9126 section 4, RFC 9101 section 5). */
  private AuthorizationRequest pushed(
      Request request, AuthorizationRequest sent, Application application) {
    var name = sent.params().text(PushedRequests.PARAMETER);
    return database
        .write(tx ->
            pushedRequests.take(tx, request.site().tenant(), application.id(), name, request.at()))
        .map(params -> new AuthorizationRequest(sent.issuer(), params).pushedAs(name))
        .orElseThrow(() ->
            new Refused(
                Problem.AUTHORIZATION_REQUEST,
                PushedRequests.PARAMETER,
                "Push the request again: what is pushed is good once, and for a short time."));
  }

  private Reply begin(
      Request request, AuthorizationRequest asked, Application application, SignIn.Asked what) {
    var session = request.cookie(Sessions.COOKIE).map(Secret::of);
    if (!what.interactive() && (session.isEmpty() || isSomebodyElse(request, asked, session))) {
      return pages.follow(request, AuthorizationAnswer.error(asked, loginRequired()));
    }
    if (asked.wantsIdToken()) {
      // The arrival signs within its transaction, where no key could be made.
      keys.current(request.site().tenant(), application.idTokenAlgorithm(), request.at());
    } else {
      keys.prepare(request.site().tenant(), application.idTokenAlgorithm());
    }
    var destination = new SignIn.Destination(application.id(), asked.url());
    var started =
        startSignIn.start(request.site().tenant(), destination, what, session, request.occasion());
    return failure(request, asked, what, started.moved())
        .map(error -> pages.follow(request, error))
        .orElseGet(() -> pages.began(request, started));
  }

  private Optional<Onward> failure(
      Request request, AuthorizationRequest asked, SignIn.Asked what, Progress.Moved moved) {
    return switch (moved.signIn().state()) {
      case Completed _ -> Optional.empty();
      case LoginSession.Ended _ -> ended(request, asked, what, moved);
      case LoginSession.Pending _ ->
          what.interactive()
              ? Optional.empty()
              : Optional.of(AuthorizationAnswer.error(asked, loginRequired()));
      case LoginSession.AwaitingMfa _, LoginSession.Authenticated _ ->
          what.interactive()
              ? Optional.empty()
              : Optional.of(
                  AuthorizationAnswer.error(
                      asked,
                      OAuthError.of(
                          "interaction_required", "The person has to be asked for something.")));
    };
  }

  /** A level out of reach is the application's to know (RFC 9470 section 5); other reasons are told to the person, if one is there. */
  private Optional<Onward> ended(
      Request request, AuthorizationRequest asked, SignIn.Asked what, Progress.Moved moved) {
    var decision =
        database.read(
            tx -> progress.newestDecision(tx, request.site().tenant(), moved.signIn().id()));
    var unmet = decision.map(Progress.DecisionRecord::reason).filter(Because.Reason::isUnmet);
    if (unmet.isPresent()) {
      return Optional.of(
          AuthorizationAnswer.error(asked, Unmet.by(what, unmet.get(), asked.issuer())));
    }
    return what.interactive()
        ? Optional.empty()
        : Optional.of(
            AuthorizationAnswer.error(
                asked, OAuthError.accessDenied("The person may not sign in.")));
  }

  private static OAuthError loginRequired() {
    return OAuthError.of("login_required", "The person has to sign in.");
  }

  /** {@code id_token_hint} names another person than the one signed in here (OpenID Connect Core 1.0 section 3.1.2.2). */
  private boolean isSomebodyElse(
      Request request, AuthorizationRequest asked, Optional<Secret> session) {
    var hint = asked.present("id_token_hint");
    if (hint.isEmpty()) {
      return false;
    }
    var meant =
        tokens.hint(request.site(), Secret.of(hint.get()), request.at()).map(it -> it.text("sub"));
    var here =
        database
            .read(tx -> sessions.find(tx, request.site().tenant(), session, request.at()))
            .map(it -> it.user().value());
    return meant.isEmpty() || !meant.equals(here);
  }

  /** No parameter may come twice (RFC 6749 section 3.1). */
  static void requireSingle(Params params) {
    for (var entry : params.asMap().entrySet()) {
      if (entry.getValue().size() > 1) {
        throw duplicate(entry.getKey());
      }
    }
  }

  private static Refused duplicate(String name) {
    return new Refused(
        Problem.AUTHORIZATION_REQUEST, OAuthError.plain(name), "Send this parameter once.");
  }
}
