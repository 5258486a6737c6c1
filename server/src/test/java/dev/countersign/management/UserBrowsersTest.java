package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import dev.countersign.tenant.Tenant;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trusted browsers and how long they may be trusted, by the Management API. */
class UserBrowsersTest {
  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String trusts(Tenant tenant, UserId user) {
    return api.wiring.ground.database.write(tx ->
        api.wiring
            .course
            .trustedBrowsers
            .trust(
                tx,
                tenant.id(),
                user,
                new SignInId("sin_1"),
                new FactorId("otp"),
                "",
                Duration.ofDays(30),
                new Occasion(api.now(), "192.0.2.9", "Firefox/140.0 Linux", "req_1"))
            .browser()
            .id());
  }

  private static String path(UserId user) {
    return "/users/" + ManagementApi.encoded(user) + "/trusted-browsers";
  }

  @Test
  void they_are_listed_while_their_time_runs_without_anything_that_would_be_worth_stealing() {
    var ana = api.person(api.acme, "ana");
    var id = trusts(api.acme, ana);

    var listed = api.call(Method.GET, path(ana));
    assertThat(listed.status()).isEqualTo(200);
    var one = listed.json().path("trusted_browsers").get(0);
    assertThat(one.propertyNames())
        .containsExactlyInAnyOrder(
            "id", "user_id", "factor", "created_at", "last_used_at", "expires_at", "device");
    assertThat(one.path("id").stringValue("")).isEqualTo(id);
    assertThat(one.path("device").path("last_ip").stringValue("")).isEqualTo("192.0.2.9");
    api.later(Duration.ofDays(30));
    assertThat(api.call(Method.GET, path(ana)).json().path("trusted_browsers")).isEmpty();
  }

  @Test
  void one_or_all_are_forgotten_and_nobody_elses() {
    var ana = api.person(api.acme, "ana");
    var ben = api.person(api.acme, "ben");
    var twin = api.person(api.other, "ana");
    var one = trusts(api.acme, ana);
    trusts(api.acme, ana);
    trusts(api.acme, ben);
    trusts(api.other, twin);

    assertThat(api.call(Method.DELETE, path(ben) + "/" + one).error())
        .isEqualTo("404 inexistent_trusted_browser The browser is not trusted.");
    assertThat(api.call(Method.DELETE, path(ana) + "/" + one).status()).isEqualTo(204);
    assertThat(left(ana)).isEqualTo(1);
    assertThat(api.call(Method.DELETE, path(ana)).status()).isEqualTo(204);
    assertThat(left(ana)).isZero();
    assertThat(left(ben)).isEqualTo(1);
    assertThat(api.call(Method.DELETE, path(twin)).status()).isEqualTo(404);
    assertThat(
            api.call(
                    Method.POST,
                    "/users/"
                        + ManagementApi.encoded(ben)
                        + "/multifactor/actions/invalidate-remember-browser",
                    Map.of())
                .status())
        .isEqualTo(204);
    assertThat(left(ben)).isZero();
    assertThat(
            api.call(
                    Method.POST,
                    "/users/auth0%7Cnobody/multifactor/actions/invalidate-remember-browser")
                .status())
        .isEqualTo(404);
  }

  private int left(UserId user) {
    return api.call(Method.GET, path(user)).json().path("trusted_browsers").size();
  }

  @Test
  void a_policy_says_for_how_many_days_and_keeps_saying_it_when_other_things_change() {
    assertThat(api.call(Method.GET, "/enforcement").text("trusted_browser_days")).isEqualTo("0");
    var put =
        api.call(
            Method.PUT,
            "/enforcement",
            Map.of(
                "mode",
                "optional",
                "trusted_browser_days",
                30,
                "rules",
                List.of(Map.of("name", "Admins", "mode", "required", "trusted_browser_days", 0))));
    assertThat(put.text("trusted_browser_days")).isEqualTo("30");
    assertThat(put.json().path("rules").get(0).path("trusted_browser_days").intValue())
        .isEqualTo(0);
    api.call(Method.PUT, "/guardian/policies", List.of("all-applications"));
    api.call(Method.PUT, "/enforcement", Map.of("mode", "optional"));
    var read = api.call(Method.GET, "/enforcement");
    assertThat(read.text("trusted_browser_days")).isEqualTo("30");
    assertThat(read.json().path("rules").get(0).path("trusted_browser_days").intValue())
        .isEqualTo(0);
    for (var unfit : List.of(-1, 366)) {
      assertThat(
              api.call(
                      Method.PUT,
                      "/enforcement",
                      Map.of("mode", "optional", "trusted_browser_days", unfit))
                  .status())
          .isEqualTo(400);
    }
  }
}
