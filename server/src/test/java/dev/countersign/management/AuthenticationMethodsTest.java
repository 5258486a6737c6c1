package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enrolment.SetUp;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
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
    var drawn = api.wiring.enrolling.codeSets.draw();
    api.wiring.ground.database.run(tx -> {
      var set =
          api.wiring.enrolling.codeSets.issue(
              tx,
              new SetUp.Whose(api.acme.id(), ana, null, null),
              drawn,
              Occasion.ofServer(api.now()));
      api.wiring.enrolling.codeSets.acknowledge(tx, api.acme.id(), ana, set, api.now());
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
      var secret = "JBSWY3DPEHPK3PX" + "ABCDE".charAt(i);
      assertThat(
              api.call(Method.POST, methods, Map.of("type", "totp", "totp_secret", secret))
                  .status())
          .isEqualTo(201);
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
    assertThat(api.call(Method.POST, methods, body).error()).startsWith("409 conflict");
    assertThat(
            api.call(Method.POST, methods, Map.of("type", "email", "email", "ana@other.example"))
                .error())
        .endsWith("One person may have 1 methods of this type at most.");
    assertThat(api.call(Method.POST, methods, Map.of("type", "email")).error())
        .startsWith("400 invalid_body")
        .endsWith("on property email.");
  }

  private static final Map<String, String> APP =
      Map.of("type", "totp", "name", "Pixel 9", "totp_secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

  private void switchOn(String... factors) {
    for (var factor : factors) {
      assertThat(
              api.call(Method.PUT, "/guardian/factors/" + factor, Map.of("enabled", true)).status())
          .isEqualTo(200);
    }
  }

  @Test
  void API_05_a_phone_is_brought_along_and_shown_masked_with_what_is_sent_to_it() {
    switchOn("sms");
    var body = Map.of("type", "phone", "phone_number", "+12025550144", "name", "Work");

    var added = api.call(Method.POST, methods, body);

    assertThat(added.status()).as(added.error()).isEqualTo(201);
    assertThat(added.text("phone_number")).isEqualTo("XXXXXXXX0144");
    assertThat(added.text("preferred_authentication_method")).isEqualTo("sms");
    var id = added.text("id");
    assertThat(id).matches("phone\\|dev_[0-9a-z]{16}");
    var sub = id.replace("phone|", "sms|");
    assertThat(added.json().at("/authentication_methods/0/id").stringValue()).isEqualTo(sub);
    assertThat(api.call(Method.GET, methods + "/" + ManagementApi.encoded(sub)).json())
        .as("named by what is sent to it")
        .isEqualTo(api.call(Method.GET, methods + "/" + ManagementApi.encoded(id)).json());
    assertThat(api.call(Method.GET, methods).reply().bodyText()).doesNotContain("2025550");
    assertThat(api.call(Method.POST, methods, body).error()).startsWith("409 conflict");
    assertThat(
            api.call(
                    Method.POST,
                    methods,
                    Map.of(
                        "type",
                        "phone",
                        "phone_number",
                        "+12025550145",
                        "preferred_authentication_method",
                        "voice"))
                .error())
        .isEqualTo(
            "403 operation_not_supported There is no factor here that calls; codes come as texts.");
    assertThat(
            api.call(Method.POST, methods, Map.of("type", "phone", "phone_number", "0800")).error())
        .startsWith("400 invalid_body")
        .endsWith("on property phone_number.");
  }

  /** The COSE form of the public key of RFC 9052's first example, as ES256. */
  private static Map<String, Object> passkey() {
    var key = new byte[77];
    var head = HexFormat.of().parseHex("a5010203262001215820");
    var x =
        HexFormat.of().parseHex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d");
    var middle = HexFormat.of().parseHex("225820");
    var y =
        HexFormat.of().parseHex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
    var out = ByteBuffer.wrap(key).put(head).put(x).put(middle).put(y);
    return Map.of(
        "type",
        "passkey",
        "name",
        "MacBook",
        "key_id",
        "AAECAwQFBgcICQoLDA0ODw",
        "public_key",
        Base64.getEncoder().encodeToString(out.array()),
        "relying_party_identifier",
        "acme.example",
        "credential_device_type",
        "multi_device",
        "credential_backed_up",
        true,
        "transports",
        List.of("internal", "hybrid"));
  }

  @Test
  void a_passkey_is_brought_along_with_its_public_key_and_forbids_to_take_all_off_at_once() {
    var added = api.call(Method.POST, methods, passkey());

    assertThat(added.status()).as(added.error()).isEqualTo(201);
    assertThat(added.text("id")).matches("passkey\\|dev_[0-9a-z]{16}");
    assertThat(added.text("public_key")).isEqualTo(passkey().get("public_key"));
    assertThat(added.text("credential_backed_up")).isEqualTo("true");
    assertThat(added.text("relying_party_identifier")).isEqualTo("acme.example");
    assertThat(added.json().get("transports")).hasSize(2);
    assertThat(api.call(Method.POST, methods, passkey()).error()).startsWith("409 conflict");
    assertThat(api.call(Method.DELETE, methods).error())
        .startsWith("403 operation_not_supported The user has a passkey.");
    assertThat(api.call(Method.PUT, methods, List.of(APP)).error())
        .startsWith("403 operation_not_supported The user has a passkey.");
    assertThat(api.call(Method.DELETE, "/users/" + ana + "/authenticators").status())
        .isEqualTo(204);
    assertThat(api.call(Method.GET, methods).json()).isEmpty();
  }

  @Test
  void all_methods_are_replaced_at_once_or_none() {
    switchOn("sms", "email");
    var before = api.app(api.acme, ana);
    var phone = Map.of("type", "phone", "phone_number", "+12025550144");

    var refused = api.call(Method.PUT, methods, List.of(phone, Map.of("type", "totp")));

    assertThat(refused.error())
        .startsWith("400 invalid_body")
        .endsWith("on property [1].totp_secret.");
    assertThat(
            api.call(
                    Method.PUT,
                    methods,
                    List.of(phone, Map.of("type", "phone", "phone_number", "+12025550199")))
                .error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(Method.PUT, methods, List.of(APP, APP)).error()).startsWith("409 conflict");
    assertThat(
            api.call(Method.PUT, methods, List.of(Map.of("type", "passkey", "key_id", "x")))
                .error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.GET, methods).json().at("/0/id").stringValue())
        .as("nothing was changed")
        .isEqualTo(before);

    var replaced =
        api.call(
            Method.PUT,
            methods,
            List.of(phone, APP, Map.of("type", "email", "email", "anastasia@acme.example")));

    assertThat(replaced.status()).as(replaced.error()).isEqualTo(200);
    assertThat(replaced.json()).hasSize(3);
    assertThat(replaced.json().at("/0/phone_number").stringValue()).isEqualTo("+12025550144");
    assertThat(replaced.json().at("/2/email").stringValue()).isEqualTo("anastasia@acme.example");
    assertThat(replaced.reply().bodyText()).doesNotContain("JBSWY3DPEHPK3PXP");
    var now = api.call(Method.GET, methods);
    assertThat(now.json()).hasSize(3);
    assertThat(now.reply().bodyText())
        .doesNotContain("2025550")
        .doesNotContain("anastasia")
        .doesNotContain(before.substring(before.indexOf('|')));
    assertThat(api.told(api.acme)).contains("mfa.factor_admin_reset");
    assertThat(api.call(Method.PUT, methods, List.of()).json()).isEmpty();
    assertThat(api.call(Method.GET, methods).json()).isEmpty();
  }

  @Test
  void a_method_gets_another_name_and_nothing_else() {
    switchOn("sms");
    var id = api.app(api.acme, ana);
    var one = methods + "/" + ManagementApi.encoded(id);

    var changed = api.call(Method.PATCH, one, Map.of("name", "Old phone"));

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text("name")).isEqualTo("Old phone");
    assertThat(changed.json().has("confirmed")).isFalse();
    assertThat(api.call(Method.GET, one).text("name")).isEqualTo("Old phone");
    assertThat(api.call(Method.PATCH, one, Map.of("name", "x".repeat(21))).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.PATCH, one, Map.of("totp_secret", "JBSWY3DPEHPK3PXP")).error())
        .startsWith("400 invalid_body");
    assertThat(
            api.call(Method.PATCH, one, Map.of("preferred_authentication_method", "sms")).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.PATCH, methods + "/totp%7Cdev_0", Map.of("name", "x")).error())
        .startsWith("404 inexistent_authentication_method");
    var phone =
        api.call(Method.POST, methods, Map.of("type", "phone", "phone_number", "+12025550144"));
    var two = methods + "/" + ManagementApi.encoded(phone.text("id"));
    assertThat(
            api.call(Method.PATCH, two, Map.of("preferred_authentication_method", "sms")).status())
        .isEqualTo(200);
    assertThat(
            api.call(Method.PATCH, two, Map.of("preferred_authentication_method", "voice")).error())
        .startsWith("403 operation_not_supported");
  }

  @Test
  void a_recovery_code_is_made_for_whoever_has_no_factor_and_replaces_the_one_before() {
    var path = "/users/" + ManagementApi.encoded(ana) + "/recovery-code-regeneration";

    var first = api.call(Method.POST, path);

    assertThat(first.status()).as(first.error()).isEqualTo(200);
    assertThat(first.json().propertyNames()).containsExactly("recovery_code");
    assertThat(first.text("recovery_code")).matches("[A-Z0-9]{24}");
    assertThat(api.call(Method.POST, path, Map.of()).text("recovery_code"))
        .isNotEqualTo(first.text("recovery_code"));
    assertThat(api.call(Method.GET, methods).json()).hasSize(1);
    assertThat(api.told(api.acme))
        .containsExactly("mfa.backup_codes_regenerated", "mfa.backup_codes_regenerated");
    assertThat(api.call(Method.POST, "/users/nobody%7Cx/recovery-code-regeneration").error())
        .startsWith("404 inexistent_user");
    api.call(Method.PUT, "/guardian/factors/recovery-code", Map.of("enabled", false));
    assertThat(api.call(Method.POST, path).error())
        .startsWith("403 operation_not_supported This factor is off.");
  }

  @Test
  void authenticator_apps_are_taken_off_by_the_name_of_their_provider() {
    switchOn("sms");
    api.app(api.acme, ana);
    api.call(Method.POST, methods, Map.of("type", "phone", "phone_number", "+12025550144"));
    var path = "/users/" + ManagementApi.encoded(ana) + "/multifactor/";

    assertThat(api.call(Method.DELETE, path + "duo").status()).isEqualTo(204);
    assertThat(api.call(Method.GET, methods).json()).hasSize(2);
    assertThat(api.call(Method.DELETE, path + "google-authenticator").status()).isEqualTo(204);
    assertThat(api.call(Method.GET, methods).json()).hasSize(1);
    assertThat(api.call(Method.DELETE, path + "okta").error()).startsWith("400 invalid_uri");
  }

  @Test
  void API_02_an_enrolment_is_shown_and_taken_off_by_its_id_and_another_tenants_is_not_there() {
    switchOn("sms");
    var id =
        api.call(Method.POST, methods, Map.of("type", "phone", "phone_number", "+12025550144"))
            .text("id")
            .replace("phone|", "");

    var shown = api.call(Method.GET, "/guardian/enrollments/" + id);

    assertThat(shown.text("id")).isEqualTo(id);
    assertThat(shown.text("status")).isEqualTo("confirmed");
    assertThat(shown.text("phone_number")).isEqualTo("XXXXXXXX0144");
    assertThat(
            api.call(api.other, Method.GET, "/guardian/enrollments/" + id, api.everyScope())
                .error())
        .isEqualTo(api.call(Method.GET, "/guardian/enrollments/dev_0000000000000000").error())
        .startsWith("404 enrollment_not_found");
    assertThat(
            api.call(api.other, Method.DELETE, "/guardian/enrollments/" + id, api.everyScope())
                .error())
        .startsWith("404 enrollment_not_found");
    assertThat(api.call(Method.DELETE, "/guardian/enrollments/" + id).status()).isEqualTo(204);
    assertThat(api.call(Method.DELETE, "/guardian/enrollments/" + id).error())
        .startsWith("404 enrollment_not_found");
    assertThat(api.call(Method.GET, methods).json()).isEmpty();
  }

  @Test
  void the_risk_of_sign_ins_is_recorded_when_that_is_wanted_and_what_is_set_for_it_is_kept() {
    var settings = "/risk-assessments/settings";
    assertThat(api.call(Method.GET, settings).reply().bodyText()).isEqualTo("{\"enabled\":false}");
    for (boolean on : List.of(false, true, true, false)) {
      assertThat(api.call(Method.PATCH, settings, Map.of("enabled", on)).text("enabled"))
          .isEqualTo(String.valueOf(on));
      assertThat(api.call(Method.GET, settings).text("enabled")).isEqualTo(String.valueOf(on));
    }
    var device = settings + "/new-device";
    assertThat(api.call(Method.GET, device).text("remember_for")).isEqualTo("30");
    for (int days : List.of(7, 365)) {
      assertThat(api.call(Method.PATCH, device, Map.of("remember_for", days)).text("remember_for"))
          .isEqualTo(String.valueOf(days));
      assertThat(api.call(Method.GET, device).text("remember_for")).isEqualTo(String.valueOf(days));
    }
    assertThat(api.call(Method.PATCH, device, Map.of("remember_for", 366)).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(api.other, Method.GET, device, api.everyScope()).text("remember_for"))
        .isEqualTo("30");
    var clear = "/users/" + ManagementApi.encoded(ana) + "/risk-assessments/clear";
    var body =
        Map.of(
            "connection", "Username-Password-Authentication", "assessors", List.of("new-device"));
    assertThat(api.call(Method.POST, clear, body).status()).isEqualTo(204);
    assertThat(
            api.call(
                    Method.POST,
                    clear,
                    Map.of("connection", "ldap", "assessors", List.of("new-device")))
                .error())
        .startsWith("400 inexistent_connection");
    assertThat(
            api.call(Method.POST, clear, Map.of("connection", "x", "assessors", List.of()))
                .status())
        .isEqualTo(400);
  }
}
