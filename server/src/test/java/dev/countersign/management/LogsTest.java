package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LogsTest {
  private final ManagementApi api = new ManagementApi();
  private final UserId ana = api.person(api.acme, "ana");

  @AfterEach
  void close() {
    api.close();
  }

  private void record(AuditEvent event) {
    api.wiring.ground.database.run(tx -> api.wiring.ground.audit.record(tx, api.acme.id(), event));
  }

  private Occasion occasion() {
    return new Occasion(api.now(), "192.0.2.9", "Mozilla/5.0 (Mobile)", "req_x");
  }

  private static String id(JsonNode entry) {
    return entry.get("log_id").stringValue();
  }

  @Test
  void entries_have_the_shape_that_clients_know_with_our_names_beside() {
    record(
        AuditEvent.failure(AuditType.MFA_FAILED, occasion(), "code_invalid")
            .by(ana)
            .with("factor", "otp"));

    var entry = api.call(Method.GET, "/logs").json().get(0);

    assertThat(entry.get("type").stringValue()).isEqualTo("gd_auth_failed");
    assertThat(entry.get("date").stringValue()).isEqualTo("2027-01-15T08:00:00.000Z");
    assertThat(entry.get("user_id").stringValue()).isEqualTo(ana.value());
    assertThat(entry.get("user_name").stringValue()).isEqualTo("ana");
    assertThat(entry.get("ip").stringValue()).isEqualTo("192.0.2.9");
    assertThat(entry.get("isMobile").booleanValue()).isTrue();
    assertThat(entry.at("/details/event").stringValue()).isEqualTo("user.mfa_failed");
    assertThat(entry.at("/details/outcome").stringValue()).isEqualTo("failure");
    assertThat(entry.at("/details/failure_details/errorCode").stringValue())
        .isEqualTo("code_invalid");
    assertThat(api.call(Method.GET, "/logs/" + id(entry)).json()).isEqualTo(entry);
    assertThat(api.call(api.other, Method.GET, "/logs/" + id(entry), api.everyScope()).status())
        .isEqualTo(404);
    assertThat(api.call(api.other, Method.GET, "/logs", api.everyScope()).json()).isEmpty();
  }

  @Test
  void a_checkpoint_leads_through_everything_oldest_first() {
    for (int i = 0; i < 25; i++) {
      record(
          AuditEvent.success(AuditType.SIGNED_IN, occasion()).by(ana).with("n", String.valueOf(i)));
    }
    List<String> seen = new ArrayList<>();
    var page = api.call(Method.GET, "/logs?take=10&include_totals=true").json();
    while (!page.isEmpty()) {
      page.forEach(entry -> seen.add(entry.at("/details/data/n").stringValue()));
      page = api.call(Method.GET, "/logs?take=10&from=" + id(page.get(page.size() - 1))).json();
    }

    assertThat(seen).hasSize(25).startsWith("0", "1", "2").endsWith("24");
    assertThat(api.call(Method.GET, "/logs?per_page=3&page=1&include_totals=true").text("total"))
        .isEqualTo("25");
    assertThat(
            api.call(Method.GET, "/logs?per_page=1").json().at("/0/details/data/n").stringValue())
        .isEqualTo("24");
    assertThat(
            api.call(Method.GET, "/logs?per_page=1&sort=date:1")
                .json()
                .at("/0/details/data/n")
                .stringValue())
        .isEqualTo("0");
  }

  @Test
  void entries_are_found_by_either_name_of_their_type_and_by_user() {
    record(AuditEvent.success(AuditType.SIGNED_IN, occasion()).by(ana));
    record(AuditEvent.failure(AuditType.SIGN_IN_FAILED, occasion(), "password_invalid"));
    record(AuditEvent.failure(AuditType.SIGN_IN_FAILED, occasion(), "password_invalid").by(ana));
    record(
        AuditEvent.failure(AuditType.MFA_FAILED, occasion(), "code_invalid")
            .by(ana)
            .with("recovery", "yes"));

    assertThat(found("type:%22fu%22")).containsExactly("fu");
    assertThat(found("type:fp")).containsExactly("fp");
    assertThat(found("type:%22user.sign_in_failed%22")).containsExactly("fp", "fu");
    assertThat(found("user_id:%22" + ManagementApi.encoded(ana) + "%22%20AND%20type:s"))
        .containsExactly("s");
    assertThat(found("type:gd_recovery_failed")).hasSize(1);
    assertThat(api.call(Method.GET, "/logs?q=type:s%20OR%20type:f").error())
        .startsWith("400 invalid_query_string");
  }

  private List<String> found(String q) {
    List<String> types = new ArrayList<>();
    api.call(Method.GET, "/logs?q=" + q)
        .json()
        .forEach(entry -> types.add(entry.get("type").stringValue()));
    assertThat(api.call(Method.GET, "/logs?search=" + q).json()).hasSize(types.size());
    return types;
  }

  @Test
  void AUD_01_every_change_by_the_api_is_told_once_with_who_and_from_where() {
    var user = "/users/" + ana;
    var app = api.app(api.acme, ana);
    api.call(Method.PATCH, user, Map.of("name", "Ana"));
    api.call(Method.PATCH, user, Map.of("name", "Ana"));
    api.call(Method.PATCH, user, Map.of("password", "violet harbour 42 lantern"));
    api.call(Method.DELETE, user + "/authentication-methods/" + app);
    api.call(Method.DELETE, user + "/authentication-methods");
    api.call(Method.DELETE, user + "/sessions");
    api.call(Method.PUT, "/guardian/factors/recovery-code", Map.of("enabled", false));
    api.call(Method.PUT, "/guardian/policies", List.of("all-applications"));
    api.call(Method.PUT, "/enforcement", Map.of("mode", "optional"));
    api.call(Method.DELETE, user);

    var all = api.call(Method.GET, "/logs?sort=date:1").json();

    assertThat(all)
        .extracting(it -> it.at("/details/event").stringValue())
        .containsExactly(
            "mfa.factor_enrolled",
            "user.changed",
            "user.password_changed",
            "mfa.factor_removed",
            "mfa.factor_admin_reset",
            "user.session_ended",
            "mfa.settings_changed",
            "mfa.policy_changed",
            "mfa.policy_changed",
            "user.deleted");
    assertThat(all)
        .allSatisfy(it -> {
          assertThat(it.at("/details/actor").stringValue()).isEqualTo("robot@clients");
          assertThat(it.get("ip").stringValue()).isEqualTo("192.0.2.7");
          assertThat(it.get("date").stringValue()).endsWith("Z");
          assertThat(it.at("/details/request_id").stringValue()).startsWith("req_");
        });
    assertThat(all.get(0).get("user_id").stringValue()).isEqualTo(ana.value());
    assertThat(all.get(7).at("/details/data").toString())
        .isEqualTo("{\"after\":\"required\",\"before\":\"optional\"}");
  }

  @Test
  void AUD_02_nothing_that_is_sent_breaks_out_of_its_entry() {
    for (var evil :
        List.of(
            "a\r\nb",
            "\u001b[31m",
            "${jndi:ldap://x}",
            "a\u2028b",
            "a\u202Eb",
            "\u0000",
            "x".repeat(1 << 20))) {
      record(
          AuditEvent.failure(
                  AuditType.SIGN_IN_FAILED, new Occasion(api.now(), evil, evil, "req_1"), evil)
              .by(evil, ana)
              .with("name", evil));
    }

    var all = api.call(Method.GET, "/logs").json();

    assertThat(all).hasSize(7);
    for (var entry : all) {
      for (var said :
          List.of(
              entry.get("ip"),
              entry.get("user_agent"),
              entry.at("/details/actor"),
              entry.at("/details/data/name"))) {
        assertThat(said.stringValue())
            .hasSizeLessThanOrEqualTo(500)
            .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029\\u202E]");
      }
    }
    assertThat(api.call(Method.GET, "/users/" + ana + "/logs").json()).hasSize(7);
  }

  @Test
  void a_sign_in_that_nobody_made_has_no_decision() {
    assertThat(api.call(Method.GET, "/decisions/si_0").error())
        .startsWith("404 inexistent_decision");
  }
}
