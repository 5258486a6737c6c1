package dev.countersign.oidc;

import dev.countersign.kernel.Secret;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;

/**
 * {@code /oauth/revoke} (RFC 7009): ends a family of refresh tokens. That a token is not known is no error (section 2.2).
 * An access token cannot be taken back, since APIs judge it by its signature alone: whoever tries is told so (section
 * 2.2.1). Thread-safe.
 */
final class Revocation {
  private final Database database;
  private final TokenEndpoint clients;
  private final RefreshFamilies families;
  private final Tokens tokens;

  Revocation(Database database, TokenEndpoint clients, RefreshFamilies families, Tokens tokens) {
    this.database = database;
    this.clients = clients;
    this.families = families;
    this.tokens = tokens;
  }

  Reply handle(Request request) {
    return switch (TokenRequest.of(request)) {
      case TokenRequest.Reading.Unreadable(var error) -> error.reply();
      case TokenRequest.Reading.Read(var asked) -> {
        var client = clients.authenticated(request, asked);
        var token = asked.present("token");
        if (client.isEmpty()) {
          yield OAuthError.CLIENT_UNAUTHORIZED.reply();
        }
        if (token.isEmpty()) {
          yield OAuthError.invalidRequest("token is missing.").reply();
        }
        if (tokens.livingAccess(request.site(), Secret.of(token.get()), request.at()).isPresent()) {
          yield OAuthError.of(
                  "unsupported_token_type",
                  "Access tokens end by themselves. Revoke the refresh token.")
              .reply();
        }
        database.run(tx -> revoke(tx, request, client.get().id().value(), Secret.of(token.get())));
        yield Reply.empty(200);
      }
    };
  }

  private void revoke(Tx tx, Request request, String client, Secret token) {
    var tenant = request.site().tenant();
    families
        .peek(tx, tenant, token)
        .flatMap(it -> families.locked(tx, tenant, it.owner()))
        .filter(it -> it.grant().client().equals(client))
        .ifPresent(family -> families.revoke(tx, tenant, family.grant().id(), request.at()));
  }
}
