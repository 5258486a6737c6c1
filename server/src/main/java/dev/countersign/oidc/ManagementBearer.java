package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.UserId;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Caller;
import dev.countersign.web.Guard;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Lets in who holds an access token for the Management API with one of the scopes that the route names. Of a person the
 * sign-in behind it has to stand, and their roles still to permit it; before the acts of admins they have proven what the
 * policy's step-up rules want. A client that acts for itself is not asked: nobody is there to prove anything. Thread-safe.
 */
public final class ManagementBearer implements BearerCheck {
  private final Tokens tokens;
  private final OidcRoutes.Clients clients;
  private final Database database;
  private final Audit audit;
  private final People people;
  private final Sessions sessions;
  private final RefreshFamilies families;
  private final PersonalScopes personal;
  private final StepUpRules rules;

  public ManagementBearer(
      Database database,
      Entropy entropy,
      Audit audit,
      OidcRoutes.Clients clients,
      OidcRoutes.Subjects subjects,
      OidcRoutes.Course course,
      OidcRoutes.Shown shown) {
    this.tokens = new Tokens(clients.keys());
    this.clients = clients;
    this.database = database;
    this.audit = audit;
    this.people = subjects.people();
    this.sessions = subjects.sessions();
    this.families = new RefreshFamilies(shown.spendables(), entropy);
    this.personal = new PersonalScopes(clients.apis(), people);
    this.rules = OidcRoutes.stepUpRules(subjects, course, shown);
  }

  @Override
  public Outcome check(Request request, Guard.Bearer wanted) {
    var token = Bearer.of(request);
    if (token.isEmpty()) {
      return unauthorized("Missing authentication");
    }
    var site = request.site();
    var genuine =
        tokens.access(site, token.get(), Api.managementAudience(site.issuer()), request.at());
    if (genuine.isEmpty()) {
      return unauthorized("Invalid token");
    }
    var it = genuine.get();
    if (clients.applications().find(site.tenant(), it.text("azp")).isEmpty()) {
      return unauthorized("Invalid token");
    }
    // A client that acts for itself has no session.
    return it.text("sid").isEmpty()
        ? client(request, it, wanted)
        : database
            .read(tx -> person(tx, request, it))
            .map(person -> person(request, it, person, wanted))
            .orElseGet(() -> unauthorized("Invalid token"));
  }

  private Outcome client(Request request, Tokens.Genuine token, Guard.Bearer wanted) {
    var caller = new Caller(token.text("sub"), token.text("azp"), token.scopes(), false);
    return admitted(request, caller, wanted).orElseGet(() -> new Outcome.Granted(caller));
  }

  /** Whose token it is, as long as the sign-in behind it stands. */
  private Optional<Person> person(Tx tx, Request request, Tokens.Genuine token) {
    var tenant = request.site().tenant();
    var user = new UserId(token.text("sub"));
    boolean stands =
        sessions
                .find(tx, tenant, new SessionId(token.text("sid")), request.at())
                .filter(session -> session.user().equals(user))
                .isPresent()
            && !families.isRevoked(tx, tenant, token.grant());
    return stands
        ? people.find(tx, tenant, user).filter(person -> !person.blocked())
        : Optional.empty();
  }

  private Outcome person(
      Request request, Tokens.Genuine token, Person person, Guard.Bearer wanted) {
    var site = request.site();
    var application = new ClientId(token.text("azp"));
    var scopes = new TreeSet<>(token.scopes());
    scopes.retainAll(
        database.read(tx -> personal.of(tx, site.tenant(), site.issuer(), person, application)));
    var caller = new Caller(person.id().value(), application.value(), scopes, true);
    return admitted(request, caller, wanted)
        .or(() -> raised(request, token, caller, wanted.act()))
        .orElseGet(() -> new Outcome.Granted(caller));
  }

  /** Why not, by what the caller may do at all. */
  private Optional<Outcome> admitted(Request request, Caller caller, Guard.Bearer wanted) {
    if (wanted.anyOf().stream().anyMatch(caller.scopes()::contains)) {
      return Optional.empty();
    }
    record(
        request,
        caller,
        event ->
            event
                .with("reason", "insufficient_scope")
                .with("wanted", String.join(" ", wanted.anyOf())));
    return Optional.of(insufficientScope(wanted.anyOf()));
  }

  /** Why not, by what a person has proven (RFC 9470 section 3). */
  private Optional<Outcome> raised(
      Request request, Tokens.Genuine token, Caller caller, String act) {
    if (act.isEmpty()) {
      return Optional.empty();
    }
    var owed =
        database.read(
            tx -> rules.owed(tx, request.site().tenant(), token, List.of(act), request.at()));
    return owed.map(challenge -> {
      record(
          request,
          caller,
          event -> event.with("reason", "insufficient_user_authentication").with("act", act));
      return new Outcome.Denied(
          unauthorized(
                  "This needs a proof that is stronger or more recent. Sign in again as WWW-Authenticate says.",
                  "insufficient_user_authentication")
              .withHeader("WWW-Authenticate", challenge.header()));
    });
  }

  private void record(Request request, Caller caller, UnaryOperator<AuditEvent> why) {
    var event =
        AuditEvent.of(AuditType.API_DENIED, AuditEvent.Outcome.DENIED, request.occasion())
            .by(caller.subject(), null)
            .in(null, new ClientId(caller.clientId()))
            .with("method", request.method().name())
            .with("path", request.path());
    database.run(tx -> audit.record(tx, request.site().tenant(), why.apply(event)));
  }

  private static Outcome unauthorized(String message) {
    return new Outcome.Denied(unauthorized(message, "Invalid token"));
  }

  private static Reply unauthorized(String message, String error) {
    var body =
        Json.object().put("statusCode", 401).put("error", "Unauthorized").put("message", message);
    body.putObject("attributes").put("error", error);
    return Reply.json(401, body);
  }

  private static Outcome insufficientScope(List<String> anyOf) {
    return new Outcome.Denied(
        Reply.json(
            403,
            Json.object()
                .put("statusCode", 403)
                .put("error", "Forbidden")
                .put("message", "Insufficient scope, expected any of: " + String.join(",", anyOf))
                .put("errorCode", "insufficient_scope")));
  }
}
