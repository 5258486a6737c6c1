package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enrolment.SetUp;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticationMethodsTest {
  private final ManagementApi api = new ManagementApi();
  private final UserId ana = api.person(api.acme, "ana");
  private final String methods = "/users/" + ManagementApi.encoded(ana) + "/authentication-methods";

  @AfterEach
  void close() {
    api.close();
  }

  private void giveBackupCodes() {
    var drawn = api.wiring.codeSets.draw();
    api.wiring.database.run(tx -> {
      var set =
          api.wiring.codeSets.issue(
              tx,
              new SetUp.Whose(api.acme.id(), ana, null, null),
              drawn,
              Occasion.ofServer(api.now()));
      api.wiring.codeSets.acknowledge(tx, api.acme.id(), ana, set, api.now());
    });
  }

  @Test
  void an_authenticator_app_is_brought_along_shown_and_taken_off() {
    var id = api.app(api.acme, ana);

    assertThat(id).matches("totp\\|dev_[0-9a-z]{16}");
    assertThat(api.call(Method.GET, methods).json()).hasSize(1);
    var listed = api.call(Method.GET, methods + "?include_totals=true").json();
    assertThat(listed.propertyNames()).containsExactly("start", "limit", "total", "authenticators");
    var one = api.call(Method.GET, methods + "/" + ManagementApi.encoded(id));
    assertThat(one.json())
        .isEqualTo(listed.at("/authenticators/0"))
        .isEqualTo(api.call(Method.GET, methods + "/" + id).json());
    assertThat(one.text("confirmed")).isEqualTo("true");
    assertThat(
            api.call(Method.GET, "/users/" + ana + "/enrollments")
                .json()
                .at("/0/auth_method")
                .stringValue())
        .isEqualTo("authenticator");
    assertThat(api.call(Method.DELETE, methods + "/" + ManagementApi.encoded(id)).status())
        .isEqualTo(204);
    assertThat(api.call(Method.DELETE, methods + "/" + ManagementApi.encoded(id)).error())
        .startsWith("404");
    assertThat(api.call(Method.GET, methods).json()).isEmpty();
    assertThat(api.call(Method.GET, "/users/" + ana + "/enrollments").reply().bodyText())
        .isEqualTo("[]");
    assertThat(api.told(api.acme)).containsExactly("mfa.factor_enrolled", "mfa.factor_removed");
  }

  @Test
  void what_cannot_be_brought_along_is_refused_in_words() {
    assertThat(api.call(Method.POST, methods, Map.of("type", "totp")).error())
        .endsWith("on property totp_secret.");
    assertThat(
            api.call(Method.POST, methods, Map.of("type", "totp", "totp_secret", "JBSWY3DP"))
                .error())
        .endsWith("on property totp_secret.");
    assertThat(
            api.call(Method.POST, methods, Map.of("type", "totp", "totp_secret", "not base 32!"))
                .error())
        .endsWith("on property totp_secret.");
    assertThat(
            api.call(Method.POST, methods, Map.of("type", "email", "email", "ana@acme.example"))
                .error())
        .startsWith("403 operation_not_supported");
    for (int i = 0; i < 5; i++) {
      api.app(api.acme, ana);
    }
    assertThat(
            api.call(
                    Method.POST, methods, Map.of("type", "totp", "totp_secret", "JBSWY3DPEHPK3PXP"))
                .error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(Method.DELETE, methods).status()).isEqualTo(204);
    api.call(Method.PUT, "/guardian/factors/otp", Map.of("enabled", false));
    assertThat(
            api.call(
                    Method.POST, methods, Map.of("type", "totp", "totp_secret", "JBSWY3DPEHPK3PXP"))
                .error())
        .startsWith("403 operation_not_supported This factor is off.");
  }

  @Test
  void API_04_a_reset_takes_everything_off_and_is_recorded_once() {
    api.app(api.acme, ana);
    giveBackupCodes();
    assertThat(api.call(Method.GET, methods).json()).hasSize(2);

    assertThat(api.call(Method.DELETE, methods).status()).isEqualTo(204);

    assertThat(api.call(Method.GET, methods).json()).isEmpty();
    assertThat(api.told(api.acme))
        .containsExactly("mfa.factor_enrolled", "mfa.factor_enrolled", "mfa.factor_admin_reset");
    var told = api.call(Method.GET, "/users/" + ana + "/logs").json().get(0);
    assertThat(told.get("type").stringValue()).isEqualTo("gd_unenroll");
    assertThat(told.at("/details/data/removed").stringValue()).isEqualTo("2");
    assertThat(told.at("/details/actor").stringValue()).isEqualTo("robot@clients");
    assertThat(api.call(Method.DELETE, "/users/" + ana + "/authenticators").status())
        .isEqualTo(204);
  }

  @Test
  void with_the_last_factor_the_backup_codes_go_too() {
    var id = api.app(api.acme, ana);
    giveBackupCodes();

    assertThat(api.call(Method.DELETE, methods + "/" + ManagementApi.encoded(id)).status())
        .isEqualTo(204);

    assertThat(api.call(Method.GET, methods).json()).isEmpty();
  }

  @Test
  void an_address_is_brought_along_where_mail_is_on_and_shown_masked() {
    var body = Map.of("type", "email", "email", "anastasia@acme.example");
    assertThat(api.call(Method.POST, methods, body).status()).isEqualTo(403);
    assertThat(api.call(Method.PUT, "/guardian/factors/email", Map.of("enabled", true)).status())
        .isEqualTo(200);

    var added = api.call(Method.POST, methods, body);

    assertThat(added.status()).isEqualTo(201);
    assertThat(added.text("id")).matches("email\\|dev_[0-9a-z]{16}");
    assertThat(added.text("email")).isEqualTo("anas****@acme********");
    assertThat(api.call(Method.POST, methods, body).error())
        .endsWith("One person may have 1 methods of this type at most.");
    assertThat(api.call(Method.POST, methods, Map.of("type", "email")).error())
        .startsWith("400 invalid_body")
        .endsWith("on property email.");
  }
}
