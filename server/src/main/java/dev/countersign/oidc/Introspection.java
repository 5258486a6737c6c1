package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.enforcement.Act;
import dev.countersign.identity.People;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /oauth/introspect} (RFC 7662): tells an API whether an access token for it still stands, and, where the API says
 * what is about to be done, whether it was raised enough for that. An API learns of tokens for itself alone; all others, and
 * whatever is no living access token, look the same to it. Thread-safe.
 */
final class Introspection {
  private static final String ACT = "act";

  private final Database database;
  private final Applications applications;
  private final People people;
  private final Sessions sessions;
  private final RefreshFamilies families;
  private final TokenEndpoint clients;
  private final Tokens tokens;
  private final StepUpRules rules;

  Introspection(
      Database database,
      Applications applications,
      People people,
      Sessions sessions,
      RefreshFamilies families,
      TokenEndpoint clients,
      Tokens tokens,
      StepUpRules rules) {
    this.database = database;
    this.applications = applications;
    this.people = people;
    this.sessions = sessions;
    this.families = families;
    this.clients = clients;
    this.tokens = tokens;
    this.rules = rules;
  }

  Reply handle(Request request) {
    return switch (TokenRequest.of(request, Set.of(ACT))) {
      case TokenRequest.Reading.Unreadable(var error) -> error.reply();
      case TokenRequest.Reading.Read(var asked) ->
          clients
              .authenticated(request, asked)
              .filter(it -> !it.isPublic()) // Section 2.1.
              .map(caller -> answer(request, asked, caller))
              .orElseGet(OAuthError.CLIENT_UNAUTHORIZED::reply);
    };
  }

  private Reply answer(Request request, TokenRequest asked, Application caller) {
    var api = caller.api();
    if (api == null) {
      return new OAuthError(
              403,
              "unauthorized_client",
              "Only an API asks here: a client with a resource_server_identifier.")
          .reply();
    }
    var token = asked.present("token");
    if (token.isEmpty()) {
      return OAuthError.invalidRequest("token is missing.").reply();
    }
    var sent = asked.params().all(ACT);
    var acts = sent.stream().map(Act::of).flatMap(Optional::stream).distinct().toList();
    if (sent.size() > StepUpChallenge.MOST
        || !sent.stream().map(Act::of).allMatch(Optional::isPresent)) {
      return OAuthError.invalidRequest(
              "act: send at most "
                  + StepUpChallenge.MOST
                  + ", such as endpoint:POST /payments/{id}, resource:NAME or operation:NAME.")
          .reply();
    }
    var body =
        tokens
            .livingAccess(request.site(), Secret.of(token.get()), request.at())
            .filter(it -> it.audience().contains(api))
            .flatMap(it -> database.read(tx -> living(tx, request, it, acts)))
            .orElseGet(() -> Json.object().put("active", false));
    return Reply.json(body).withHeader("Pragma", "no-cache");
  }

  private Optional<ObjectNode> living(
      Tx tx, Request request, Tokens.Genuine token, List<String> acts) {
    var tenant = request.site().tenant();
    if (applications.find(tx, tenant, new ClientId(token.text("client_id"))).isEmpty()) {
      return Optional.empty();
    }
    // A client that acts for itself has no session.
    boolean persons = !token.text("sid").isEmpty();
    if (persons && !stands(tx, tenant, token)) {
      return Optional.empty();
    }
    var out = Json.object().put("active", true).put("token_type", "Bearer");
    out.setAll((ObjectNode) token.claims());
    if (!acts.isEmpty()) {
      var owed =
          persons
              ? rules.owed(tx, tenant, token, acts, request.at())
              : Optional.<StepUpChallenge>empty();
      var shown = Json.object().put("enough", owed.isEmpty());
      owed.ifPresent(it ->
          shown
              .put("acr_values", it.acrValues())
              .put("max_age", it.maxAge())
              .put("www_authenticate", it.header()));
      out.set("step_up", shown);
    }
    return Optional.of(out);
  }

  private boolean stands(Tx tx, TenantId tenant, Tokens.Genuine token) {
    return !sessions.wasEnded(tx, tenant, new SessionId(token.text("sid")))
        && !families.isRevoked(tx, tenant, token.grant())
        && people
            .find(tx, tenant, new UserId(token.text("sub")))
            .filter(person -> !person.blocked())
            .isPresent();
  }
}
