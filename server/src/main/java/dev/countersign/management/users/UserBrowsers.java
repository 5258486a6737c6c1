package dev.countersign.management.users;

import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** In which browsers a person is not challenged for a while, and taking that back. */
public final class UserBrowsers {
  /** Where something was last used. */
  static final Shape DEVICE =
      Shape.fields()
          .withRequired("last_ip", Shape.text(0, 64))
          .withRequired("last_user_agent", Shape.text(0, 1_000));

  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 32))
          .withRequired("user_id", Shape.text(1, 128))
          .withRequired("factor", Shape.text(1, 64))
          .withRequired("created_at", Shape.moment())
          .withRequired("last_used_at", Shape.moment())
          .withRequired("expires_at", Shape.moment())
          .withRequired("device", DEVICE);

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
        Endpoint.get(Paths.USER + "/trusted-browsers", "read:users", this::list)
            .does("Lists the browsers in which a person is not challenged for a while")
            .answers(
                200,
                Shape.fields().withRequired("trusted_browsers", new Shape.ListOf(SHOWN, 1_000))),
        Endpoint.delete(Paths.USER + "/trusted-browsers", "update:users", this::forgetAll)
            .does("Trusts no browser of a person any more")
            .answersNothing(),
        Endpoint.delete(Paths.USER + "/trusted-browsers/{browser}", "update:users", this::forget)
            .does("Trusts one browser of a person no more")
            .answersNothing(),
        Endpoint.of(
                Method.POST,
                Paths.USER + "/multifactor/actions/invalidate-remember-browser",
                List.of("update:users"),
                this::forgetAll)
            .does("Trusts no browser of a person any more")
            .answersNothing());
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
