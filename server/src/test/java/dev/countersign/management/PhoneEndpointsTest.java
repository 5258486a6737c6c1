package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.web.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sends texts, what they say, and who has a phone, by the Management API. */
class PhoneEndpointsTest {
  private static final String PHONE = "/guardian/factors/phone";
  private static final String SMS = "/guardian/factors/sms";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private String get(String path) {
    return api.call(Method.GET, path).reply().bodyText();
  }

  @Test
  void the_provider_is_auth0s_own_until_another_is_selected_under_either_name() {
    assertThat(get(PHONE + "/selected-provider")).isEqualTo("{\"provider\":\"auth0\"}");

    api.call(Method.PUT, SMS + "/selected-provider", Map.of("provider", "twilio"));

    assertThat(get(PHONE + "/selected-provider")).isEqualTo("{\"provider\":\"twilio\"}");
    api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "auth0"));
    assertThat(get(SMS + "/selected-provider")).isEqualTo("{\"provider\":\"auth0\"}");
    assertThat(
            api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "pigeon"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void a_key_is_never_read_back_and_its_mask_leaves_it_as_it_is() {
    assertThat(get(SMS + "/providers/twilio")).isEqualTo("{}");
    var put =
        api.call(
            Method.PUT,
            SMS + "/providers/twilio",
            Map.of("sid", "AC1", "auth_token", "very-secret-key", "from", "+15005550006"));
    var read = get(PHONE + "/providers/twilio");

    assertThat(put.reply().bodyText()).isEqualTo(read).doesNotContain("very-secret-key");
    assertThat(read)
        .isEqualTo(
            "{\"from\":\"+15005550006\",\"messaging_service_sid\":null,\"auth_token\":\"********\",\"sid\":\"AC1\"}");
    api.call(
        Method.PUT,
        PHONE + "/providers/twilio",
        Map.of("sid", "AC2", "auth_token", "********", "from", "+15005550006"));
    var kept =
        api.wiring
            .ground
            .database
            .read(tx -> api.wiring.delivery.textSettings.of(tx, api.acme.id()))
            .document()
            .at("/twilio/auth_token")
            .stringValue();
    assertThat(kept).isEqualTo("very-secret-key");
    assertThat(get(PHONE + "/providers/twilio")).contains("AC2");
  }

  @Test
  void what_could_not_stand_in_a_request_or_leads_to_no_server_is_refused() {
    assertThat(api.call(Method.PUT, PHONE + "/providers/twilio", Map.of("sid", "AC1/../x")).error())
        .startsWith("400 invalid_body");
    for (var url :
        List.of("http://acme.example/", "https://u@acme.example/", "file:///etc/passwd", "x")) {
      assertThat(
              api.call(
                      Method.PUT,
                      PHONE + "/providers/phone-message-hook",
                      Map.of("url", url, "secret", "key"))
                  .error())
          .startsWith("400 invalid_body");
    }
  }

  @Test
  void templates_must_have_a_place_for_the_code() {
    assertThat(
            api.call(
                    Method.PUT,
                    SMS + "/templates",
                    Map.of("enrollment_message", "Hello", "verification_message", "{{code}}"))
                .error())
        .startsWith("400 invalid_body");
    assertThat(
            api.call(
                    Method.PUT,
                    SMS + "/templates",
                    Map.of("enrollment_message", "{{ code }}", "verification_message", "{{code}}"))
                .status())
        .isEqualTo(200);
    assertThat(get(PHONE + "/templates")).contains("{{ code }}");
  }

  @Test
  void two_providers_have_a_second_name_and_the_choice_is_told_by_the_one_it_was_made_by() {
    var account =
        Map.of(
            "url", "https://texts.example.com/hook", "secret", "a-key-of-thirty-two-characters-1");
    assertThat(api.call(Method.PUT, PHONE + "/providers/phone_message_hook", account).status())
        .isEqualTo(200);
    assertThat(get(PHONE + "/providers/phone-message-hook")).contains("texts.example.com");
    for (var name : List.of("phone_message_hook", "phone-message-hook", "aws_sns", "sns")) {
      assertThat(
              api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", name))
                  .text("provider"))
          .isEqualTo(name);
      assertThat(get(SMS + "/selected-provider")).isEqualTo("{\"provider\":\"" + name + "\"}");
    }
    api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "auth0"));
    assertThat(get(PHONE + "/selected-provider")).isEqualTo("{\"provider\":\"auth0\"}");
  }

  @Test
  void how_codes_are_is_told_and_set() {
    assertThat(get(PHONE + "/settings"))
        .isEqualTo("{\"otp_length\":6,\"otp_expiration_time\":600}");
    var wanted = Map.of("otp_length", 8, "otp_expiration_time", 120);
    assertThat(api.call(Method.PUT, PHONE + "/settings", wanted).status()).isEqualTo(200);
    assertThat(get(PHONE + "/settings"))
        .isEqualTo("{\"otp_length\":8,\"otp_expiration_time\":120}");
  }

  @Test
  void calls_are_promised_only_where_the_provider_makes_them_and_countries_must_exist() {
    assertThat(get(PHONE + "/message-types")).isEqualTo("{\"message_types\":[]}");
    var both = Map.of("message_types", List.of("sms", "voice"));
    api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "sns"));
    assertThat(api.call(Method.PUT, PHONE + "/message-types", both).error())
        .startsWith("403 operation_not_supported");
    api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "twilio"));
    api.call(
        Method.PUT,
        PHONE + "/providers/twilio",
        Map.of("sid", "AC1", "auth_token", "key", "messaging_service_sid", "MG1"));
    assertThat(api.call(Method.PUT, PHONE + "/message-types", both).error())
        .as("a messaging service has no number that could call")
        .startsWith("403 operation_not_supported");
    api.call(
        Method.PUT,
        PHONE + "/providers/twilio",
        Map.of("sid", "AC1", "auth_token", "key", "from", "+15005550006"));
    assertThat(api.call(Method.PUT, PHONE + "/message-types", both).status()).isEqualTo(200);
    assertThat(get(PHONE + "/message-types")).isEqualTo("{\"message_types\":[\"sms\",\"voice\"]}");
    var countries = new HashMap<String, Object>();
    countries.put("fallback_provider", null);
    countries.put("allowed_countries", List.of("DE", "XX"));
    assertThat(api.call(Method.PUT, PHONE + "/sending", countries).error())
        .startsWith("400 invalid_body");
  }

  @Test
  void the_last_account_is_not_taken_from_people_who_have_nothing_but_texts() {
    var account = Map.of("sid", "AC1", "auth_token", "key", "from", "+15005550006");
    api.call(Method.PUT, PHONE + "/providers/twilio", account);
    var user = api.person(api.acme, "ana");
    assertThat(
            api.call(
                    Method.POST,
                    "/users/" + ManagementApi.encoded(user) + "/authentication-methods",
                    Map.of("type", "phone", "phone_number", "+4915112345678"))
                .status())
        .isEqualTo(201);

    assertThat(api.call(Method.PUT, PHONE + "/providers/twilio", Map.of()).error())
        .startsWith("409 operation_not_supported")
        .contains("1 person has no other factor");
    assertThat(
            api.call(Method.PUT, PHONE + "/selected-provider", Map.of("provider", "sns")).error())
        .startsWith("409 operation_not_supported");
    assertThat(
            api.call(Method.PUT, PHONE + "/message-types", Map.of("message_types", List.of()))
                .status())
        .isEqualTo(409);
    assertThat(get(PHONE + "/providers/twilio")).contains("AC1");
    assertThat(get(PHONE + "/selected-provider")).contains("auth0");

    api.app(api.acme, user);
    assertThat(api.call(Method.PUT, PHONE + "/providers/twilio", Map.of()).status()).isEqualTo(200);
  }

  @Test
  void limits_are_as_usual_until_a_tenant_sets_its_own() {
    assertThat(api.call(Method.GET, PHONE + "/sending").text("limits", "tenant_per_day"))
        .isEqualTo("10000");
    var sending = new HashMap<String, Object>();
    sending.put("fallback_provider", null);
    sending.put("allowed_countries", List.of());
    sending.put("limits", Map.of("tenant_per_day", 50_000, "sign_in_per_hour", 5));

    var set = api.call(Method.PUT, PHONE + "/sending", sending);

    assertThat(set.text("limits", "tenant_per_day")).isEqualTo("50000");
    assertThat(set.text("limits", "sign_in_per_hour")).isEqualTo("5");
    assertThat(set.text("limits", "number_per_hour")).isEqualTo("10");
    for (var bad : List.of(Map.of("tenant_per_day", 0), Map.of("per_year", 1))) {
      sending.put("limits", bad);
      assertThat(api.call(Method.PUT, PHONE + "/sending", sending).error())
          .startsWith("400 invalid_body");
    }
    sending.remove("limits");
    assertThat(api.call(Method.PUT, PHONE + "/sending", sending).text("limits", "tenant_per_day"))
        .isEqualTo("10000");
  }

  @Test
  void a_schema_is_read_replaced_in_versions_and_holds_for_new_users() {
    var usual = api.call(Method.GET, "/identity-schema").json();
    assertThat(usual.get("version").longValue()).isZero();
    var schema =
        Map.of(
            "type",
            "object",
            "required",
            List.of("phone"),
            "properties",
            Map.of(
                "username",
                Map.of("type", "string", "countersign", List.of("identifier")),
                "phone",
                Map.of("type", "string", "countersign", List.of("phone"))));

    var saved = api.call(Method.PUT, "/identity-schema", Map.of("schema", schema));

    assertThat(saved.json().get("version").longValue()).isEqualTo(1);
    assertThat(
            api.call(
                    Method.POST,
                    "/users",
                    Map.of("connection", "Username-Password-Authentication", "username", "nophone"))
                .error())
        .startsWith("400 invalid_body Payload validation error: 'The identity schema says:");
    api.person(api.acme, "ana");
    assertThat(
            api.call(
                    Method.PUT,
                    "/identity-schema",
                    Map.of("schema", Map.of("type", "object", "properties", Map.of())))
                .error())
        .startsWith("400 invalid_body");
  }
}
