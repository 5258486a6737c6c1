package dev.countersign.oidc;

import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.UserId;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.Optional;

/**
 * {@code /userinfo} (OpenID Connect Core 1.0 section 5.3). Answers for a token only as long as the sign-in behind it
 * stands: the person is there and not blocked, was not signed out, and the grant was not revoked. Thread-safe.
 */
final class UserInfoEndpoint {
  private final Database database;
  private final People people;
  private final Sessions sessions;
  private final RefreshFamilies families;
  private final Tokens tokens;

  UserInfoEndpoint(
      Database database,
      People people,
      Sessions sessions,
      RefreshFamilies families,
      Tokens tokens) {
    this.database = database;
    this.people = people;
    this.sessions = sessions;
    this.families = families;
    this.tokens = tokens;
  }

  Reply handle(Request request) {
    var site = request.site();
    var token =
        Bearer.of(request)
            .flatMap(it -> tokens.access(site, it, Mint.userinfo(site.issuer()), request.at()));
    if (token.isEmpty()) {
      return OAuthError.invalidToken(
              "The access token is missing, expired or not for this endpoint.")
          .reply();
    }
    var it = token.get();
    if (!it.scopes().contains("openid")) {
      return new OAuthError(403, "insufficient_scope", "The access token needs the scope openid.")
          .reply();
    }
    return database
        .read(tx -> person(tx, request, it))
        .map(person -> Reply.json(Claims.of(person, it.scopes())))
        .orElseGet(
            () -> OAuthError.invalidToken("The sign-in behind this access token is over.").reply());
  }

  private Optional<Person> person(Tx tx, Request request, Tokens.Genuine token) {
    var tenant = request.site().tenant();
    if (token.text("sid").isEmpty()
        || sessions.wasEnded(tx, tenant, new SessionId(token.text("sid")))
        || families.isRevoked(tx, tenant, token.grant())) {
      return Optional.empty();
    }
    return people
        .find(tx, tenant, new UserId(token.text("sub")))
        .filter(person -> !person.blocked());
  }
}
