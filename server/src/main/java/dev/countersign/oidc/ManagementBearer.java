package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.storage.Database;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Caller;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.List;

/** Lets in who holds an access token for the Management API with one of the scopes that the route names. Thread-safe. */
public final class ManagementBearer implements BearerCheck {
  private final Tokens tokens;
  private final Applications applications;
  private final Database database;
  private final Audit audit;

  public ManagementBearer(
      SigningKeys keys, Applications applications, Database database, Audit audit) {
    this.tokens = new Tokens(keys);
    this.applications = applications;
    this.database = database;
    this.audit = audit;
  }

  @Override
  public Outcome check(Request request, List<String> anyOf) {
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
    if (applications.find(site.tenant(), it.text("azp")).isEmpty()) {
      return unauthorized("Invalid token");
    }
    var caller = new Caller(it.text("sub"), it.text("azp"), it.scopes());
    if (anyOf.stream().noneMatch(caller.scopes()::contains)) {
      record(request, caller, anyOf);
      return insufficientScope(anyOf);
    }
    return new Outcome.Granted(caller);
  }

  private void record(Request request, Caller caller, List<String> anyOf) {
    var event =
        AuditEvent.of(AuditType.API_DENIED, AuditEvent.Outcome.DENIED, request.occasion())
            .by(caller.subject(), null)
            .in(null, new ClientId(caller.clientId()))
            .with("reason", "insufficient_scope")
            .with("wanted", String.join(" ", anyOf))
            .with("method", request.method().name())
            .with("path", request.path());
    database.run(tx -> audit.record(tx, request.site().tenant(), event));
  }

  private static Outcome unauthorized(String message) {
    var body =
        Json.object().put("statusCode", 401).put("error", "Unauthorized").put("message", message);
    body.putObject("attributes").put("error", "Invalid token");
    return new Outcome.Denied(Reply.json(401, body));
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
