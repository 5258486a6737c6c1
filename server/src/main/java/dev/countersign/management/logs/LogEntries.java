package dev.countersign.management.logs;

import dev.countersign.application.Applications;
import dev.countersign.audit.AuditEvent;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** How one thing that happened looks to Auth0's clients, and to those who follow a stream. Thread-safe. */
public final class LogEntries {
  private static final Shape WORD = Shape.text(0, 1_000);
  static final Shape.Fields SHAPE =
      Shape.fields()
          .with("log_id", WORD)
          .with("_id", WORD)
          .with("date", Shape.moment())
          .with("type", WORD)
          .with("description", WORD)
          .with("client_id", WORD)
          .with("client_name", WORD)
          .with("hostname", WORD)
          .with("user_id", WORD)
          .with("user_name", WORD)
          .with("connection", WORD)
          .with("strategy", WORD)
          .with("strategy_type", WORD)
          .with("ip", WORD)
          .with("client_ip", WORD)
          .with("user_agent", WORD)
          .with("isMobile", Shape.flag())
          .with(
              "details",
              Shape.fields()
                  .withRequired("event", WORD)
                  .withRequired("outcome", Shape.word("success", "failure", "denied", "partial"))
                  .withRequired("actor", WORD)
                  .with("sign_in", WORD)
                  .with("request_id", WORD)
                  .withRequired("data", new Shape.Open(100_000))
                  .with(
                      "failure_details",
                      Shape.fields()
                          .withRequired("errorCode", WORD)
                          .withRequired("errorMessage", WORD)));

  private final People people;
  private final Applications applications;
  private final Tenants tenants;

  public LogEntries(People people, Applications applications, Tenants tenants) {
    this.people = people;
    this.applications = applications;
    this.tenants = tenants;
  }

  boolean knows(Tx tx, TenantId tenant, UserId user) {
    return people.find(tx, tenant, user).isPresent();
  }

  /** As Auth0 sends it to a stream. */
  public ObjectNode streamed(Tx tx, TenantId tenant, AuditEvent it) {
    ObjectNode out = Json.object().put("log_id", it.id());
    out.set("data", shown(tx, tenant, it));
    return out;
  }

  ObjectNode shown(Tx tx, TenantId tenant, AuditEvent it) {
    ObjectNode out =
        Json.object()
            .put("log_id", it.id())
            .put("_id", it.id())
            .put("date", it.occurredAt().toString())
            .put("type", it.auth0())
            .put("description", it.type().description());
    var client = it.client();
    if (client != null) {
      out.put("client_id", client.value());
      applications
          .find(tx, tenant, client)
          .ifPresent(application -> out.put("client_name", application.name()));
    }
    var user = it.user();
    if (user != null) {
      out.put("user_id", user.value());
      people
          .find(tx, tenant, user)
          .ifPresent(person ->
              out.put("user_name", person.label())
                  .put("connection", person.connection())
                  .put("strategy", "auth0")
                  .put("strategy_type", "database"));
    }
    out.put("hostname", URI.create(tenants.origin(tenant)).getAuthority())
        .put("ip", it.address())
        .put("client_ip", it.address())
        .put("user_agent", it.userAgent())
        .put("isMobile", it.userAgent().contains("Mobile"));
    out.set("details", details(it));
    return out;
  }

  private static ObjectNode details(AuditEvent it) {
    ObjectNode out =
        Json.object()
            .put("event", it.type().code())
            .put("outcome", it.outcome().name().toLowerCase(Locale.ROOT))
            .put("actor", it.actor());
    var signIn = it.signIn();
    if (signIn != null) {
      out.put("sign_in", signIn.value());
    }
    if (!it.requestId().isEmpty()) {
      out.put("request_id", it.requestId());
    }
    var more = Json.object();
    it.details().forEach(more::put);
    out.set("data", more);
    var reason = it.details().get("reason");
    if (reason != null && it.outcome() != AuditEvent.Outcome.SUCCESS) {
      out.set(
          "failure_details",
          Json.object().put("errorCode", reason).put("errorMessage", it.type().description()));
    }
    return out;
  }
}
