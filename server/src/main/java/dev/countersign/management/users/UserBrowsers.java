package dev.countersign.management.users;

import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** In which browsers a person is not challenged for a while, and taking that back. */
public final class UserBrowsers {
  private final Database database;
  private final People people;
  private final TrustedBrowsers trustedBrowsers;

  public UserBrowsers(Database database, People people, TrustedBrowsers trustedBrowsers) {
    this.database = database;
    this.people = people;
    this.trustedBrowsers = trustedBrowsers;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/users/{id}/trusted-browsers", "read:users", this::list),
        Endpoint.delete("/users/{id}/trusted-browsers", "update:users", this::forgetAll),
        Endpoint.delete("/users/{id}/trusted-browsers/{browser}", "update:users", this::forget),
        Endpoint.of(
            Method.POST,
            "/users/{id}/multifactor/actions/invalidate-remember-browser",
            List.of("update:users"),
            this::forgetAll));
  }

  private Reply list(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var all =
          trustedBrowsers.of(tx, call.tenant(), user, call.occasion().at()).stream()
              .map(UserBrowsers::shown)
              .toList();
      return Reply.json(Json.object().set("trusted_browsers", Paging.array(all)));
    });
  }

  private Reply forget(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      return trustedBrowsers.forget(
              tx,
              call.tenant(),
              user,
              call.parameter("browser"),
              TrustedBrowsers.Why.FORGOTTEN_BY_ADMIN,
              call.actor(),
              call.occasion())
          ? Reply.empty(204)
          : new ApiError(404, "inexistent_trusted_browser", "The browser is not trusted.").reply();
    });
  }

  private Reply forgetAll(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx -> {
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      trustedBrowsers.forgetAll(
          tx,
          call.tenant(),
          user,
          TrustedBrowsers.Why.FORGOTTEN_BY_ADMIN,
          call.actor(),
          call.occasion());
      return Reply.empty(204);
    });
  }

  private static ObjectNode shown(TrustedBrowser it) {
    ObjectNode out =
        Json.object()
            .put("id", it.id())
            .put("user_id", it.user().value())
            .put("factor", it.factor().value())
            .put("created_at", it.createdAt().toString())
            .put("last_used_at", it.usedAt().toString())
            .put("expires_at", it.expiresAt().toString());
    out.set(
        "device",
        Json.object().put("last_ip", it.address()).put("last_user_agent", it.userAgent()));
    return out;
  }
}
