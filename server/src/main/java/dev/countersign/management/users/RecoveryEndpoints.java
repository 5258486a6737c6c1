package dev.countersign.management.users;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.recovery.Recoveries;
import dev.countersign.recovery.Recovery;
import dev.countersign.storage.Database;
import dev.countersign.tenant.TenantSettings;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Recoveries by waiting: whether and how long a tenant's people wait, and how it stands with one. Ours. */
public final class RecoveryEndpoints {
  private static final String SETTINGS = "/guardian/recovery";
  private static final String ONE = Paths.USER + "/recovery";

  private static final Shape.Fields SET =
      Shape.fields()
          .withRequired("enabled", Shape.flag())
          .with(
              "wait_hours",
              new Shape.Whole(
                  Recoveries.SHORTEST_WAIT.toHours(), Recoveries.LONGEST_WAIT.toHours()));
  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 40))
          .withRequired("user_id", Shape.text(1, 128))
          .withRequired("state", Shape.word("waiting", "due", "cancelled", "completed", "expired"))
          .withRequired("started_at", Shape.moment())
          .withRequired("due_at", Shape.moment())
          .withRequired("expires_at", Shape.moment())
          .withRequired("told", new Shape.Whole(0, 100))
          .with("reason", Shape.text(1, 32));

  private final Database database;
  private final Tenants tenants;
  private final People people;
  private final Recoveries recoveries;
  private final Audit audit;

  public RecoveryEndpoints(
      Database database, Tenants tenants, People people, Recoveries recoveries, Audit audit) {
    this.database = database;
    this.tenants = tenants;
    this.people = people;
    this.recoveries = recoveries;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(SETTINGS, "read:mfa_policies", this::settings)
            .does("Shows whether people who lost every factor can recover by waiting")
            .answers(200, SET),
        Endpoint.put(SETTINGS, "update:mfa_policies", SET, this::set)
            .does("Switches the recovery by waiting on or off, and says how long people wait")
            .answers(200, SET),
        Endpoint.get(ONE, "read:users", this::show)
            .does("Shows the newest recovery by waiting of a person")
            .answers(200, SHOWN),
        Endpoint.delete(ONE, "update:users", this::cancel)
            .does("Stops the recovery by waiting of a person")
            .answersNothing());
  }

  private Reply settings(Call call) {
    return Reply.json(shown(database.read(tx -> tenants.newest(tx, call.tenant())).settings()));
  }

  private static ObjectNode shown(TenantSettings settings) {
    var out = Json.object().put("enabled", settings.recoverySeconds() > 0);
    if (settings.recoverySeconds() > 0) {
      out.put("wait_hours", Duration.ofSeconds(settings.recoverySeconds()).toHours());
    }
    return out;
  }

  private Reply set(Call call) {
    boolean enabled = call.flag("enabled", false);
    var hours = call.field("wait_hours");
    var wait = hours == null ? Recoveries.USUAL_WAIT : Duration.ofHours(hours.longValue());
    database.run(tx -> {
      var before = tenants.newest(tx, call.tenant()).settings();
      var after = before.with(it -> it.recoverySeconds = enabled ? wait.toSeconds() : 0);
      if (!after.equals(before)) {
        tenants.change(tx, call.tenant(), _ -> after);
        audit.record(
            tx,
            call.tenant(),
            AuditEvent.success(AuditType.SETTINGS_CHANGED, call.occasion())
                .by(call.actor(), null)
                .with("changed", "recovery")
                .with("wait_hours", enabled ? String.valueOf(wait.toHours()) : "off"));
      }
    });
    tenants.read(call.tenant());
    return settings(call);
  }

  private Reply show(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx ->
        people.find(tx, call.tenant(), user).isEmpty()
            ? ApiError.NO_SUCH_USER.reply()
            : recoveries
                .of(tx, call.tenant(), user)
                .map(it -> Reply.json(shown(it, call.occasion().at())))
                .orElseGet(RecoveryEndpoints::none));
  }

  private Reply cancel(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      return recoveries.cancel(
              tx, call.tenant(), user, call.actor(), "cancelled_by_admin", call.occasion())
          ? Reply.empty(204)
          : none();
    });
  }

  private static Reply none() {
    return new ApiError(404, "inexistent_recovery", "There is no recovery of this user.").reply();
  }

  private static ObjectNode shown(Recovery it, Moment now) {
    ObjectNode out =
        Json.object()
            .put("id", it.id())
            .put("user_id", it.user().value())
            .put("state", it.word(now))
            .put("started_at", it.startedAt().toString())
            .put("due_at", it.dueAt().toString())
            .put("expires_at", it.endsAt().toString())
            .put("told", it.told());
    if (!it.reason().isEmpty()) {
      out.put("reason", it.reason());
    }
    return out;
  }
}
