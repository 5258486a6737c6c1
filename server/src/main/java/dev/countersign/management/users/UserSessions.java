package dev.countersign.management.users;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.session.EndAccess;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Where a person is signed in, and signing them out everywhere. */
public final class UserSessions {
  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("user_id", Shape.text(1, 128))
          .withRequired("created_at", Shape.moment())
          .withRequired("authenticated_at", Shape.moment())
          .withRequired("last_interacted_at", Shape.moment())
          .withRequired("acr", Shape.text(1, 200))
          .withRequired("device", UserBrowsers.DEVICE)
          .withRequired(
              "clients",
              new Shape.ListOf(Shape.fields().withRequired("client_id", Shape.text(1, 64)), 1_000));

  private final Database database;
  private final People people;
  private final Sessions sessions;
  private final EndAccess endAccess;
  private final Audit audit;

  public UserSessions(
      Database database, People people, Sessions sessions, EndAccess endAccess, Audit audit) {
    this.database = database;
    this.people = people;
    this.sessions = sessions;
    this.endAccess = endAccess;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Paths.USER + "/sessions", "read:sessions", this::list)
            .does("Lists where a person is signed in")
            .answers(200, Shape.fields().withRequired("sessions", new Shape.ListOf(SHOWN, 10_000))),
        Endpoint.delete(Paths.USER + "/sessions", "delete:sessions", this::endAll)
            .does("Signs a person out everywhere")
            .answersNothing());
  }

  private Reply list(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var all =
          sessions.of(tx, call.tenant(), user, call.occasion().at()).stream()
              .map(UserSessions::shown)
              .toList();
      return Reply.json(Json.object().set("sessions", Paging.array(all)));
    });
  }

  /** Ends sessions, sign-ins under way, and the refresh tokens that applications hold. */
  private Reply endAll(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var ended = endAccess.everywhere(tx, call.tenant(), user, call.occasion().at());
      audit.record(
          tx,
          call.tenant(),
          AuditEvent.success(AuditType.SESSION_ENDED, call.occasion())
              .by(call.actor(), user)
              .with("sessions", String.valueOf(ended.sessions()))
              .with("refresh_tokens", String.valueOf(ended.refreshFamilies())));
      return Reply.empty(204);
    });
  }

  private static ObjectNode shown(Session it) {
    ObjectNode out =
        Json.object()
            .put("id", it.id().value())
            .put("user_id", it.user().value())
            .put("created_at", it.createdAt().toString())
            .put("authenticated_at", it.authenticatedAt().toString())
            .put("last_interacted_at", it.seenAt().toString())
            .put("acr", it.level().acr());
    out.set(
        "device",
        Json.object().put("last_ip", it.address()).put("last_user_agent", it.userAgent()));
    var clients = Json.array();
    it.applications().forEach(id -> clients.add(Json.object().put("client_id", id)));
    out.set("clients", clients);
    return out;
  }
}
