package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.web.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GuardianTest {
  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String policies() {
    return api.call(Method.GET, "/guardian/policies").reply().bodyText();
  }

  private String mode() {
    return api.call(Method.GET, "/enforcement").text("mode");
  }

  private ManagementApi.Answer turn(String factor, boolean on) {
    return api.call(Method.PUT, "/guardian/factors/" + factor, Map.of("enabled", on));
  }

  @Test
  void the_eight_factors_are_listed_in_their_order_and_only_those_there_are_can_be_on() {
    var listed = api.call(Method.GET, "/guardian/factors?include_settings=false").json();

    assertThat(listed)
        .extracting(it -> it.get("name").stringValue())
        .containsExactly(
            "sms",
            "push-notification",
            "otp",
            "email",
            "duo",
            "webauthn-roaming",
            "webauthn-platform",
            "recovery-code");
    assertThat(listed)
        .filteredOn(it -> it.get("enabled").booleanValue())
        .extracting(it -> it.get("name").stringValue())
        .containsExactly("sms", "otp", "webauthn-platform", "recovery-code");
    assertThat(listed)
        .extracting((JsonNode it) -> it.get("trial_expired").booleanValue())
        .containsOnly(false);
    assertThat(turn("duo", true).error())
        .isEqualTo(
            "403 operation_not_supported This server has no factor \"duo\", so it cannot be turned on.");
    assertThat(turn("duo", false).reply().bodyText()).isEqualTo("{\"enabled\":false}");
    assertThat(turn("telepathy", true).error())
        .startsWith("400 invalid_uri Path validation error: 'Not one of the possible values: ")
        .endsWith("on property name.");
    assertThat(api.told(api.acme)).isEmpty();
  }

  @Test
  void a_factor_is_turned_off_and_on_and_the_log_tells_who_did_it() {
    assertThat(turn("recovery-code", false).reply().bodyText()).isEqualTo("{\"enabled\":false}");
    assertThat(turn("recovery-code", false).status()).isEqualTo(200);
    assertThat(turn("recovery-code", true).reply().bodyText()).isEqualTo("{\"enabled\":true}");

    assertThat(api.told(api.acme)).containsExactly("mfa.settings_changed", "mfa.settings_changed");
    var newest = api.call(Method.GET, "/logs").json().get(0);
    assertThat(newest.get("type").stringValue()).isEqualTo("gd_tenant_update");
    assertThat(newest.at("/details/actor").stringValue()).isEqualTo("robot@clients");
    assertThat(newest.at("/details/data").toString())
        .isEqualTo("{\"after\":\"on\",\"before\":\"off\",\"factor\":\"recovery-code\"}");
  }

  @Test
  void policies_are_two_words_for_the_mode() {
    assertThat(policies()).isEqualTo("[]");
    assertThat(
            api.call(Method.PUT, "/guardian/policies", List.of("all-applications"))
                .reply()
                .bodyText())
        .isEqualTo("[\"all-applications\"]");
    assertThat(mode()).isEqualTo("required");
    assertThat(api.call(Method.PUT, "/guardian/policies", List.of()).reply().bodyText())
        .isEqualTo("[]");
    assertThat(mode()).isEqualTo("optional");
    api.call(Method.PUT, "/enforcement", Map.of("mode", "off"));
    assertThat(api.call(Method.PUT, "/guardian/policies", List.of()).reply().bodyText())
        .isEqualTo("[]");
    assertThat(mode()).isEqualTo("off");
    assertThat(api.told(api.acme)).containsOnly("mfa.policy_changed").hasSize(3);
  }

  @Test
  void adaptive_is_what_auth0_calls_confidence_score() {
    api.call(Method.PUT, "/guardian/policies", List.of("confidence-score"));
    assertThat(policies()).isEqualTo("[\"confidence-score\"]");
    api.call(Method.PUT, "/guardian/policies", List.of());
    assertThat(policies()).isEqualTo("[]");
    assertThat(api.call(Method.PUT, "/guardian/policies", Map.of()).error())
        .isEqualTo(
            "400 invalid_body Payload validation error: 'Expected type array but found type object'.");
    assertThat(api.call(Method.PUT, "/guardian/policies", List.of("sometimes")).error())
        .endsWith("on property [0].");
  }

  @Test
  void PICK_06_what_would_lock_people_out_is_refused_with_their_number() {
    api.app(api.acme, api.person(api.acme, "ana"));
    api.app(api.acme, api.person(api.acme, "bea"));

    assertThat(turn("otp", false).error())
        .startsWith("409 operation_not_supported This would leave 2 people (")
        .contains("bea", "ana", ") without any factor");
    assertThat(
            api.call(
                    Method.PUT, "/enforcement", Map.of("mode", "off", "allowed_factors", List.of()))
                .error())
        .startsWith("409 operation_not_supported");
    assertThat(api.call(Method.GET, "/enforcement").text("version")).isEqualTo("0");
  }

  @Test
  void PICK_06_nothing_is_required_that_no_factor_could_satisfy() {
    api.person(api.acme, "ana");
    assertThat(turn("otp", false).status()).isEqualTo(200);
    assertThat(turn("webauthn-platform", false).status()).isEqualTo(200);

    assertThat(api.call(Method.PUT, "/guardian/policies", List.of("all-applications")).error())
        .startsWith("409 operation_not_supported Multi-factor authentication would be required");
    var rule = Map.of("name", "staff", "mode", "required", "allowed_factors", List.of("otp"));
    assertThat(
            api.call(Method.PUT, "/enforcement", Map.of("mode", "optional", "rules", List.of(rule)))
                .status())
        .isEqualTo(409);
  }

  @Test
  void settings_of_passkeys_are_changed_field_by_field_and_cannot_be_nonsense() {
    var path = "/guardian/factors/webauthn-platform/settings";
    assertThat(api.call(Method.GET, path).json().get("overrideRelyingParty").booleanValue())
        .isFalse();
    assertThat(api.call(Method.PUT, path, Map.of("passkeyIsMultiFactor", false)).status())
        .isEqualTo(200);

    assertThat(
            api.call(
                    Method.PUT,
                    path,
                    Map.of(
                        "overrideRelyingParty",
                        true,
                        "relyingPartyIdentifier",
                        "somebody-else.example"))
                .error())
        .startsWith("400 invalid_body Payload validation error: 'Has to be a host of the tenant");
    assertThat(api.call(Method.PUT, path, Map.of("attestation", "required")).status())
        .isEqualTo(400);
    assertThat(api.call(Method.PUT, path, Map.of("allowedModels", List.of("any"))).status())
        .isEqualTo(400);
    assertThat(api.call(Method.PUT, path, Map.of("userVerification", "discouraged")).status())
        .as("of built-in ones it is always required")
        .isEqualTo(400);
    var kept = api.call(Method.GET, path).json();
    assertThat(kept.get("passkeyIsMultiFactor").booleanValue()).isFalse();
    assertThat(kept.get("overrideRelyingParty").booleanValue()).isFalse();
  }

  @Test
  void rules_are_kept_as_they_were_sent_and_get_ids() {
    var rule =
        Map.of(
            "name",
            "staff",
            "groups",
            List.of("staff", "admins"),
            "mode",
            "required",
            "allowed_factors",
            List.of("otp"));

    var saved =
        api.call(Method.PUT, "/enforcement", Map.of("mode", "optional", "rules", List.of(rule)));

    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.json()).isEqualTo(api.call(Method.GET, "/enforcement").json());
    var kept = saved.json().at("/rules/0");
    assertThat(kept.get("id").stringValue()).startsWith("rule_");
    assertThat(kept.get("groups").toString()).isEqualTo("[\"admins\",\"staff\"]");
    assertThat(kept.get("allowed_factors").toString()).isEqualTo("[\"otp\"]");
    assertThat(saved.json().get("allowed_factors").toString())
        .isEqualTo("[\"sms\",\"otp\",\"webauthn-platform\",\"recovery-code\"]");
    assertThat(
            api.call(
                    Method.PUT,
                    "/enforcement",
                    Map.of(
                        "mode",
                        "optional",
                        "rules",
                        List.of(Map.of("name", "x", "mode", "sometimes"))))
                .error())
        .isEqualTo(
            "400 invalid_body Payload validation error: 'Not one of the possible values: off, optional, required' on property rules[0].mode.");
    assertThat(
            api.call(
                    Method.PUT,
                    "/enforcement",
                    Map.of("mode", "optional", "allowed_factors", List.of("otp", "duo")))
                .error())
        .startsWith("403 operation_not_supported");
  }

  @Test
  void the_length_and_life_of_codes_by_mail_are_set_and_shown_with_the_factors() {
    var path = "/guardian/factors/email/settings";
    assertThat(api.call(Method.GET, path).reply().bodyText())
        .isEqualTo("{\"otp_length\":6,\"otp_expiration_time\":600}");
    var wanted = Map.of("otp_length", 8, "otp_expiration_time", 300);
    assertThat(api.call(Method.PUT, path, wanted).json())
        .isEqualTo(api.call(Method.GET, path).json());
    assertThat(api.call(Method.GET, path).text("otp_length")).isEqualTo("8");
    assertThat(
            api.call(Method.GET, "/guardian/factors?include_settings=true")
                .json()
                .at("/3/settings/otp_expiration_time")
                .longValue())
        .isEqualTo(300);
    assertThat(
            api.call(Method.PUT, path, Map.of("otp_length", 3, "otp_expiration_time", 300)).error())
        .endsWith("on property otp_length.");
    assertThat(
            api.call(Method.PUT, path, Map.of("otp_length", 6, "otp_expiration_time", 3601))
                .error())
        .endsWith("on property otp_expiration_time.");
    assertThat(api.told(api.acme)).containsExactly("mfa.settings_changed");
  }
}
