package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.Audit;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Factors of a tenant's own, by the Management API. */
class CustomFactorsTest {
  private static final String PATH = "/guardian/custom-factors";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private static Map<String, Object> webhook(String url) {
    return new HashMap<>(
        Map.of(
            "slug", "pager",
            "kind", "webhook",
            "display_name", "Pager",
            "description", "A code on your pager.",
            "webhook", Map.of("url", url)));
  }

  private ManagementApi.Answer define() {
    return api.call(Method.POST, PATH, webhook("https://pager.example/hook"));
  }

  @Test
  void a_definition_reads_as_it_was_written_completed_by_what_is_usual() {
    var made = define();

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("id")).isEqualTo("custom:pager");
    assertThat(made.text("signing_secret")).startsWith("whsec_");
    assertThat(made.text("webhook"))
        .isEqualTo(
            "{\"url\":\"https://pager.example/hook\",\"answer\":\"code\",\"code_length\":6,\"timeout_seconds\":5,\"lasts_seconds\":300}");
    assertThat(List.of(made.text("appearance"), made.text("satisfies"), made.text("enrolment")))
        .containsExactly("picker", "something-you-have", "required");
    assertThat(made.text("enabled")).isEqualTo("false");
    var read = api.call(Method.GET, PATH + "/pager");
    assertThat(read.text("display_name")).isEqualTo("Pager");
    assertThat(api.call(Method.GET, PATH).json()).hasSize(1);
  }

  @Test
  void CUST_09_the_secret_is_told_once_and_never_read_back() {
    var secret = define().text("signing_secret");
    api.call(Method.PATCH, PATH + "/pager", Map.of("display_name", "Beeper"));
    var rotated =
        api.call(Method.POST, PATH + "/pager/rotate-secret", Map.of("overlap_seconds", 60));
    var fresh = rotated.text("signing_secret");

    assertThat(fresh).startsWith("whsec_").isNotEqualTo(secret);
    assertThat(rotated.json().has("previous_secret_until")).isTrue();
    for (var path : List.of(PATH, PATH + "/pager", "/logs", "/guardian/factors", "/enforcement")) {
      assertThat(api.call(Method.GET, path).reply().bodyText())
          .doesNotContain("whsec_", secret, fresh);
    }
    assertThat(api.call(Method.GET, PATH + "/pager").json().has("previous_secret_until")).isTrue();
    api.later(Duration.ofSeconds(60));
    assertThat(api.call(Method.GET, PATH + "/pager").json().has("previous_secret_until")).isFalse();
  }

  @Test
  void CUST_09_a_reader_reads_and_changes_nothing() {
    define();
    var reader = Optional.of("read:guardian_factors");

    assertThat(api.call(api.acme, Method.GET, PATH + "/pager", reader).status()).isEqualTo(200);
    for (var call : List.of(Method.PATCH, Method.DELETE)) {
      assertThat(api.call(api.acme, call, PATH + "/pager", reader, Map.of()).status())
          .isEqualTo(403);
    }
    assertThat(
            api.call(api.acme, Method.POST, PATH + "/pager/rotate-secret", reader, Map.of())
                .status())
        .isEqualTo(403);
    assertThat(api.call(api.acme, Method.POST, PATH, reader, webhook("https://x.example")).status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://0/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.0.1/",
        "https://[fc00::1]/",
        "https://[fe80::1]/",
        "https://localhost/",
        "https://localhost./",
        "https://user@pager.example/",
        "https://user:pw@pager.example/",
        "http://pager.example/",
        "file:///etc/passwd",
        "gopher://pager.example/",
        "https://pager.example:22/",
        "https://pager.example:25/",
        "https://pager.example/#x",
        "https://",
        "https:///x/y/z",
        "pager.example/hook",
        "//pager.example/hook",
        "https://pager.example/ x"
      })
  void CUST_01_a_service_at_an_address_that_is_not_the_worlds_is_refused(String url) {
    var refused = api.call(Method.POST, PATH, webhook(url));

    assertThat(refused.error()).startsWith("400 invalid_body").contains("webhook.url");
    assertThat(api.call(Method.GET, PATH).json()).isEmpty();
    define();
    assertThat(
            api.call(Method.PATCH, PATH + "/pager", Map.of("webhook", Map.of("url", url))).status())
        .isEqualTo(400);
    assertThat(api.call(Method.GET, PATH + "/pager").text("webhook", "url"))
        .isEqualTo("https://pager.example/hook");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Pager", "a b", "-a", "a-", "ä", "a/b", "..", "custom:a", "a.b", "a_b"})
  void a_name_is_letters_digits_and_hyphens(String slug) {
    var definition = webhook("https://pager.example");
    definition.put("slug", slug);

    assertThat(api.call(Method.POST, PATH, definition).status()).isEqualTo(400);
  }

  @Test
  void what_does_not_go_together_is_refused_in_words() {
    var definition = webhook("https://pager.example");
    definition.put("totp", Map.of("digits", 8));
    assertThat(api.call(Method.POST, PATH, definition).error()).contains("another kind");

    var totp =
        new HashMap<String, Object>(
            Map.of(
                "slug", "vault", "kind", "totp", "display_name", "Vault", "description", "Codes"));
    totp.put("satisfies", "something-you-know");
    assertThat(api.call(Method.POST, PATH, totp).error()).contains("satisfies");
    totp.remove("satisfies");
    totp.put("enrolment", "none");
    assertThat(api.call(Method.POST, PATH, totp).error()).contains("enrolment");

    var missing = webhook("https://pager.example");
    missing.remove("webhook");
    assertThat(api.call(Method.POST, PATH, missing).error()).contains("webhook.url");

    var hidden = webhook("https://pager.example");
    hidden.put("enrolment", "none");
    hidden.put("appearance", "admin-only");
    assertThat(api.call(Method.POST, PATH, hidden).error()).contains("enrolment");

    var key =
        Map.of(
            "slug", "token",
            "kind", "webauthn",
            "display_name", "Token",
            "description", "A token",
            "webauthn", Map.of("allowedModels", List.of("no-model")));
    assertThat(api.call(Method.POST, PATH, key).error()).contains("AAGUID");
    assertThat(api.call(Method.GET, PATH).json()).isEmpty();
  }

  @Test
  void kind_name_and_worth_stay_as_they_were_defined() {
    define();

    for (var field : List.of("slug", "kind", "satisfies", "enrolment", "signing_secret", "id")) {
      assertThat(api.call(Method.PATCH, PATH + "/pager", Map.of(field, "code")).error())
          .contains("Additional properties not allowed: " + field);
    }
    assertThat(
            api.call(Method.PATCH, PATH + "/pager", Map.of("totp", Map.of("digits", 8))).status())
        .isEqualTo(400);
  }

  @Test
  void changes_are_recorded_and_leave_the_rest() {
    define();
    var changed =
        api.call(
            Method.PATCH,
            PATH + "/pager",
            Map.of(
                "display_names",
                Map.of("de", "Piepser"),
                "icon",
                "mail",
                "webhook",
                Map.of("answer", "confirmation", "timeout_seconds", 3)));

    assertThat(changed.text("display_name")).isEqualTo("Pager");
    assertThat(changed.text("display_names", "de")).isEqualTo("Piepser");
    assertThat(changed.text("webhook", "url")).isEqualTo("https://pager.example/hook");
    assertThat(changed.text("webhook", "answer")).isEqualTo("confirmation");
    assertThat(changed.text("webhook", "timeout_seconds")).isEqualTo("3");
    var events =
        api
            .wiring
            .ground
            .database
            .read(tx ->
                api.wiring.ground.audit.newestFirst(tx, api.acme.id(), Audit.Filter.ALL, 0, 10))
            .stream()
            .map(event -> event.details().getOrDefault("changed", ""))
            .toList();
    assertThat(events).contains("defined").anyMatch(it -> it.contains("display_names"));
  }

  @Test
  void it_can_be_allowed_and_named_by_rules_like_any_other() {
    define();
    assertThat(api.call(Method.PATCH, PATH + "/pager", Map.of("enabled", true)).text("enabled"))
        .isEqualTo("true");
    var rule =
        Map.of("name", "Pagers", "mode", "required", "allowed_factors", List.of("custom:pager"));
    var policy =
        api.call(
            Method.PUT,
            "/enforcement",
            Map.of(
                "mode",
                "optional",
                "allowed_factors",
                List.of("otp", "custom:pager"),
                "rules",
                List.of(rule)));

    assertThat(policy.text("allowed_factors")).isEqualTo("[\"otp\",\"custom:pager\"]");
    assertThat(policy.text("rules")).contains("custom:pager");
    assertThat(
            api.call(
                    Method.PUT,
                    "/enforcement",
                    Map.of("mode", "optional", "allowed_factors", List.of("custom:nosuch")))
                .error())
        .contains("custom:nosuch");
    assertThat(api.call(Method.DELETE, PATH + "/pager").error())
        .startsWith("409")
        .contains("Pagers");
    assertThat(api.call(api.other, Method.GET, PATH + "/pager", api.everyScope()).status())
        .isEqualTo(404);
  }

  @Test
  void whoever_has_nothing_else_keeps_it_from_being_deleted_and_the_number_is_told() {
    define();
    api.call(Method.PATCH, PATH + "/pager", Map.of("enabled", true));
    var user = ManagementApi.encoded(api.person(api.acme, "ana"));
    var given =
        api.call(
            Method.POST,
            "/users/" + user + "/authentication-methods",
            Map.of("type", "custom:pager"));
    assertThat(given.status()).isEqualTo(201);
    assertThat(given.text("type")).isEqualTo("custom:pager");

    assertThat(api.call(Method.DELETE, PATH + "/pager").error())
        .startsWith("409")
        .contains("1 person");
    assertThat(api.call(Method.PATCH, PATH + "/pager", Map.of("enabled", false)).error())
        .startsWith("409")
        .contains("1 person");

    api.call(Method.DELETE, "/users/" + user + "/authentication-methods");
    assertThat(api.call(Method.DELETE, PATH + "/pager").status()).isEqualTo(204);
    assertThat(api.call(Method.GET, PATH + "/pager").status()).isEqualTo(404);
    assertThat(api.call(Method.GET, "/enforcement").text("allowed_factors"))
        .doesNotContain("custom:pager");
    assertThat(define().error()).startsWith("409").contains("never given again");
    assertThat(
            api.call(
                    Method.POST,
                    "/users/" + user + "/authentication-methods",
                    Map.of("type", "custom:pager"))
                .status())
        .isEqualTo(403);
  }

  @Test
  void what_nobody_knows_raises_no_level_so_nothing_can_require_it() {
    var riddle = webhook("https://riddle.example");
    riddle.put("satisfies", "something-you-know");
    api.call(Method.POST, PATH, riddle);

    assertThat(
            api.call(
                    Method.PUT,
                    "/enforcement",
                    Map.of("mode", "required", "allowed_factors", List.of("custom:pager")))
                .error())
        .startsWith("409");
  }

  @Test
  void a_tenant_has_twenty_at_most() {
    var outcomes = new ArrayList<Integer>();
    for (int i = 0; i <= 20; i++) {
      var one = webhook("https://pager.example");
      one.put("slug", "pager-" + i);
      outcomes.add(api.call(Method.POST, PATH, one).status());
    }

    assertThat(outcomes.subList(0, 20)).containsOnly(201);
    assertThat(outcomes.getLast()).isEqualTo(403);
  }
}
