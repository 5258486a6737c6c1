package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.kernel.Json;
import dev.countersign.web.Method;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By which services a tenant's own app is woken, by the Management API. */
class PushEndpointsTest {
  private static final String PUSH = "/guardian/factors/push-notification";
  private static final String APNS = PUSH + "/providers/apns";
  private static final String SNS = PUSH + "/providers/sns";
  private static final String FCM_V1 = PUSH + "/providers/fcmv1";
  private static final String APP = "arn:aws:sns:eu-west-1:123456789012:app/";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String get(String path) {
    return api.call(Method.GET, path).reply().bodyText();
  }

  private static String pem(String algorithm, int size) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private String stored() {
    return api.wiring.ground.database.read(tx ->
        api.wiring.methods.factorSettings.of(
            tx,
            api.acme.id(),
            api.wiring
                .methods
                .factors
                .byGuardianName("push-notification")
                .orElseThrow()
                .profile()
                .id()));
  }

  @Test
  void the_sender_is_guardian_until_another_is_selected() {
    assertThat(get(PUSH + "/selected-provider")).isEqualTo("{\"provider\":\"guardian\"}");

    var put = api.call(Method.PUT, PUSH + "/selected-provider", Map.of("provider", "sns"));

    assertThat(put.reply().bodyText()).isEqualTo("{\"provider\":\"sns\"}");
    assertThat(get(PUSH + "/selected-provider")).isEqualTo("{\"provider\":\"sns\"}");
    assertThat(
            api.call(Method.PUT, PUSH + "/selected-provider", Map.of("provider", "pigeon")).error())
        .startsWith("400 invalid_body");
    assertThat(api.told(api.acme)).contains("mfa.settings_changed");
  }

  @Test
  void amazons_key_is_kept_and_never_read_back_and_what_is_not_sent_stays() {
    assertThat(get(SNS)).isEqualTo("{}");
    var put =
        api.call(
            Method.PUT,
            SNS,
            Map.of(
                "aws_access_key_id", "AKIA1",
                "aws_secret_access_key", "very-secret-key",
                "aws_region", "eu-west-1",
                "sns_gcm_platform_application_arn", APP + "GCM/acme"));

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.reply().bodyText()).contains("AKIA1").doesNotContain("very-secret-key");
    api.call(Method.PATCH, SNS, Map.of("sns_apns_platform_application_arn", APP + "APNS/acme"));
    assertThat(get(SNS))
        .contains("AKIA1", "GCM/acme", "APNS/acme")
        .doesNotContain("very-secret-key")
        .doesNotContain("aws_secret_access_key");
    assertThat(stored()).contains("very-secret-key");
  }

  @Test
  void apple_is_enabled_once_its_key_is_whole() throws Exception {
    assertThat(get(APNS)).contains("\"enabled\":false").contains("\"sandbox\":false");
    var account = new HashMap<String, Object>();
    account.put("sandbox", true);
    account.put("bundle_id", "com.example.acme");

    assertThat(api.call(Method.PUT, APNS, account).reply().bodyText())
        .isEqualTo("{\"sandbox\":true,\"bundle_id\":\"com.example.acme\"}");
    assertThat(get(APNS)).contains("\"enabled\":false");
    var key = pem("EC", 256);
    api.call(Method.PATCH, APNS, Map.of("auth_key", key, "key_id", "ABC123DEFG", "team_id", "T"));

    assertThat(get(APNS)).contains("\"enabled\":true").doesNotContain("PRIVATE");
    assertThat(stored()).contains("PRIVATE");
    assertThat(api.call(Method.PATCH, APNS, Map.of("auth_key", pem("EC", 384))).error())
        .startsWith("400 invalid_body");
  }

  @Test
  void google_wants_the_file_of_a_service_account() throws Exception {
    var file =
        Json.write(
            Map.of(
                "type", "service_account",
                "project_id", "acme-1",
                "private_key_id", "k",
                "private_key", pem("RSA", 2048),
                "client_email", "push@acme-1.iam.gserviceaccount.com"));

    var put = api.call(Method.PUT, FCM_V1, Map.of("server_credentials", file));

    assertThat(put.reply().bodyText()).isEqualTo("{}");
    assertThat(stored()).contains("gserviceaccount");
    for (var bad : List.of("{}", "x", file.replace("service_account", "authorized_user"))) {
      assertThat(api.call(Method.PUT, FCM_V1, Map.of("server_credentials", bad)).error())
          .startsWith("400 invalid_body");
    }
  }

  @Test
  void a_key_of_googles_older_interface_is_kept_and_never_read_back_and_nothing_can_be_sent_by_it()
      throws Exception {
    var put = api.call(Method.PUT, PUSH + "/providers/fcm", Map.of("server_key", "AAAA-legacy"));
    assertThat(put.reply().bodyText()).isEqualTo("{}");
    assertThat(stored()).contains("AAAA-legacy");
    var direct = Map.of("provider", "direct");

    assertThat(api.call(Method.PUT, PUSH + "/selected-provider", direct).error())
        .startsWith("403 operation_not_supported")
        .contains("2024", "fcmv1");
    assertThat(get(PUSH + "/selected-provider")).isEqualTo("{\"provider\":\"guardian\"}");
    List<AuditEvent> newest =
        api.wiring.ground.database.read(
            tx -> api.wiring.ground.audit.newestFirst(tx, api.acme.id(), Audit.Filter.ALL, 0, 1));
    assertThat(newest)
        .singleElement()
        .satisfies(event -> assertThat(event.details()).containsEntry("reason", "legacy_key_only"));

    api.call(
        Method.PUT,
        APNS,
        Map.of(
            "bundle_id", "com.example.acme",
            "auth_key", pem("EC", 256),
            "key_id", "ABC123DEFG",
            "team_id", "T"));
    assertThat(api.call(Method.PUT, PUSH + "/selected-provider", direct).status()).isEqualTo(200);
  }

  @Test
  void what_people_are_told_of_the_app_is_read_as_it_was_changed() {
    assertThat(get("/prompts/mfa-push"))
        .isEqualTo("{\"app_name\":\"\",\"apple_app_link\":\"\",\"google_app_link\":\"\"}");
    var link = "https://apps.apple.com/app/id1";
    api.call(Method.PATCH, "/prompts/mfa-push", Map.of("app_name", "Acme Approve"));
    var patched = api.call(Method.PATCH, "/prompts/mfa-push", Map.of("apple_app_link", link));

    assertThat(patched.text("app_name")).isEqualTo("Acme Approve");
    assertThat(get("/prompts/mfa-push")).contains("Acme Approve", link);
    for (var bad : List.of("javascript:alert(1)", "http://apps.apple.com/", "https:///x", "x")) {
      assertThat(
              api.call(Method.PATCH, "/prompts/mfa-push", Map.of("google_app_link", bad)).error())
          .startsWith("400 invalid_body");
    }
  }

  @Test
  void what_could_wake_nobody_is_refused_by_name_and_unsetting_it_is_not() {
    for (var bad : List.of("MIIK", "not base 64!", "")) {
      assertThat(api.call(Method.PUT, APNS, Map.of("p12", bad)).error())
          .startsWith("400 invalid_body");
    }
    var nothing = new HashMap<String, Object>();
    nothing.put("server_key", null);
    assertThat(api.call(Method.PUT, PUSH + "/providers/fcm", nothing).reply().bodyText())
        .isEqualTo("{}");
    for (var bad :
        List.of(
            Map.of("aws_region", "moon"),
            Map.of("sns_apns_platform_application_arn", "arn:aws:sns:eu-west-1:1:topic"))) {
      assertThat(api.call(Method.PUT, SNS, bad).error()).startsWith("400 invalid_body");
    }
  }
}
