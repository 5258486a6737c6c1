package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.web.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tenant as a whole by the Management API: settings, looks, mails, and what there is not. */
class SettingsTest {
  private static final String TENANT = "/tenants/settings";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  // The tenant

  @Test
  void the_tenants_settings_are_changed_and_count() {
    api.call(Method.POST, "/resource-servers", Map.of("identifier", "urn:orders"));
    var changed =
        api.call(
            Method.PATCH,
            TENANT,
            Map.ofEntries(
                Map.entry("friendly_name", "Acme & Sons"),
                Map.entry("support_email", "help@acme.example"),
                Map.entry("support_url", "https://acme.example/help"),
                Map.entry("picture_url", "https://acme.example/logo.png"),
                Map.entry("default_audience", "urn:orders"),
                Map.entry("default_directory", "Username-Password-Authentication"),
                Map.entry("allowed_logout_urls", List.of("https://acme.example/bye")),
                Map.entry("enabled_locales", List.of("de", "en")),
                Map.entry("session_lifetime_in_minutes", 90),
                Map.entry("idle_session_lifetime", 2),
                Map.entry("sandbox_version", "22"),
                Map.entry(
                    "flags", Map.of("enable_apis_section", true, "enable_pipeline2", false))));

    assertThat(changed.status()).isEqualTo(200);
    assertThat(api.call(Method.GET, TENANT).json()).isEqualTo(changed.json());
    assertThat(changed.text("session_lifetime")).isEqualTo("1.5");
    assertThat(changed.text("flags", "enable_apis_section")).isEqualTo("true");
    var tenant = api.wiring.ground.tenants.get(api.acme.id());
    assertThat(tenant.displayName()).isEqualTo("Acme & Sons");
    assertThat(tenant.settings().sessionSeconds()).isEqualTo(5_400);
    assertThat(tenant.settings().idleSeconds()).isEqualTo(7_200);
    assertThat(tenant.settings().locale()).isEqualTo("de");
    assertThat(tenant.settings().audience()).contains("urn:orders");
    assertThat(api.call(Method.PATCH, TENANT, Map.of("friendly_name", "Acme & Sons")).status())
        .isEqualTo(200);
    assertThat(api.told(api.acme)).containsExactly("api.changed", "tenant.changed");
    assertThat(api.call(api.other, Method.GET, TENANT, api.everyScope()).text("friendly_name"))
        .isEqualTo("The other company");
  }

  @Test
  void settings_that_do_not_fit_are_refused() {
    for (Map<String, Object> body :
        List.<Map<String, Object>>of(
            Map.of("session_lifetime_in_minutes", 0),
            Map.of("session_lifetime", 8_760),
            Map.of("picture_url", "http://acme.example/logo.png"),
            Map.of("picture_url", "javascript:alert(1)"),
            Map.of("support_email", "nobody"),
            Map.of("support_url", "ftp://acme.example"),
            Map.of("default_directory", "google"),
            Map.of("default_audience", "urn:none"),
            Map.of("default_audience", "https://acme.example/api/v2/"),
            Map.of("allowed_logout_urls", List.of("https://*.example/")),
            Map.of("flags", Map.of("magic", false)),
            Map.of("tenant_id", "x"))) {
      assertThat(api.call(Method.PATCH, TENANT, body).error()).startsWith("400 ");
    }
    for (Map<String, Object> body :
        List.<Map<String, Object>>of(
            Map.of("flags", Map.of("enable_dynamic_client_registration", true)),
            Map.of("flags", Map.of("disable_clickjack_protection_headers", true)),
            Map.of("flags", Map.of("enable_sso", false)),
            Map.of("enabled_locales", List.of("tlh")),
            Map.of("session_cookie", Map.of("mode", "non-persistent")),
            Map.of("acr_values_supported", List.of("urn:loa3")),
            Map.of("customize_mfa_in_postlogin_action", true),
            Map.of("guardian_mfa_page", Map.of("enabled", true, "html", "<p>")),
            Map.of("mtls", Map.of("enable_endpoint_aliases", true)))) {
      assertThat(api.call(Method.PATCH, TENANT, body).error())
          .startsWith("403 operation_not_supported");
    }
    assertThat(api.told(api.acme)).isEmpty();
  }

  // Looks

  @Test
  void colour_and_picture_are_followed_and_the_rest_is_kept() {
    var changed =
        api.call(
            Method.PATCH,
            "/branding",
            Map.of(
                "colors", Map.of("primary", "#FF8800", "page_background", "#000000"),
                "logo_url", "https://acme.example/logo.png",
                "favicon_url", "https://acme.example/icon.png"));
    assertThat(api.call(Method.GET, "/branding").json()).isEqualTo(changed.json());
    assertThat(changed.text("colors", "page_background")).isEqualTo("#000000");
    assertThat(api.wiring.ground.tenants.get(api.acme.id()).settings().accent())
        .isEqualTo("#FF8800");
    for (Map<String, Object> body :
        List.<Map<String, Object>>of(
            Map.of("colors", Map.of("primary", "red;}")),
            Map.of("logo_url", "data:image/png;base64,AAAA"),
            Map.of("css", "x"))) {
      assertThat(api.call(Method.PATCH, "/branding", body).error()).startsWith("400 invalid_body");
    }
    assertThat(api.call(Method.GET, "/prompts").text("universal_login_experience"))
        .isEqualTo("new");
    assertThat(
            api.call(Method.PATCH, "/prompts", Map.of("universal_login_experience", "classic"))
                .error())
        .startsWith("403 operation_not_supported");
    assertThat(
            api.call(
                    Method.PATCH,
                    "/prompts",
                    Map.of(
                        "universal_login_experience",
                        "new",
                        "identifier_first",
                        false,
                        "webauthn_platform_first_factor",
                        true))
                .text("webauthn_platform_first_factor"))
        .isEqualTo("true");
    assertThat(api.call(Method.GET, "/prompts/login/custom-text/en").json()).isEmpty();
    assertThat(api.call(Method.PUT, "/prompts/login/custom-text/en", Map.of()).status())
        .isEqualTo(200);
    assertThat(
            api.call(
                    Method.PUT,
                    "/prompts/login/custom-text/en",
                    Map.of("login", Map.of("title", "Hi")))
                .error())
        .startsWith("400 invalid_body");
  }

  // Mails

  @Test
  void a_template_holds_only_values_that_there_are() {
    var path = "/email-templates/mfa_oob_code";
    assertThat(api.call(Method.GET, path).error())
        .isEqualTo("404 inexistent_email_template The email template does not exist.");
    assertThat(api.call(Method.PATCH, path, Map.of("subject", "x")).error())
        .startsWith("404 inexistent_email_template");
    for (var body :
        List.of(
            "{% if a %}{{ code }}{% endif %}",
            "{{ code | upcase }}", "{{ user.password }}", "{{ code", "no code at all")) {
      assertThat(
              api.call(
                      Method.POST,
                      "/email-templates",
                      Map.of("template", "mfa_oob_code", "body", body, "enabled", true))
                  .error())
          .startsWith("400 invalid_body");
    }
    Map<String, Object> template =
        Map.of(
            "template", "mfa_oob_code",
            "body", "<p>{{ code }} for {{user.email}} at {{ application.name }}</p>",
            "subject", "{{friendly_name}}: your code",
            "syntax", "liquid",
            "urlLifetimeInSeconds", 432_000,
            "enabled", true);
    assertThat(api.call(Method.POST, "/email-templates", template).status()).isEqualTo(200);
    assertThat(api.call(Method.POST, "/email-templates", template).error())
        .startsWith("409 conflict");
    assertThat(api.call(Method.PATCH, path, Map.of("enabled", false)).text("subject"))
        .isEqualTo("{{friendly_name}}: your code");
    assertThat(api.call(Method.PUT, path, template).json())
        .isEqualTo(api.call(Method.GET, path).json());
    assertThat(api.call(Method.PATCH, path, Map.of("urlLifetimeInSeconds", 60)).error())
        .startsWith("403 operation_not_supported");
    assertThat(api.call(Method.PATCH, path, Map.of("template", "reset_email")).error())
        .startsWith("400 invalid_body");
    assertThat(api.call(Method.GET, "/email-templates/magic").error())
        .startsWith("400 invalid_uri");
    assertThat(api.call(api.other, Method.GET, path, api.everyScope()).error())
        .startsWith("404 inexistent_email_template");
  }

  @Test
  void without_a_mail_host_of_its_own_a_server_takes_none_of_a_tenants() {
    assertThat(api.call(Method.GET, "/emails/provider").error())
        .isEqualTo("404 inexistent_email_provider There is no email provider.");
    assertThat(api.call(Method.DELETE, "/emails/provider").error())
        .startsWith("404 inexistent_email_provider");
    assertThat(api.call(Method.POST, "/emails/provider", Map.of("name", "smtp")).error())
        .startsWith("400 invalid_body");
    assertThat(
            api.call(
                    Method.POST,
                    "/emails/provider",
                    Map.of(
                        "name",
                        "smtp",
                        "default_from_address",
                        "us@acme.example",
                        "credentials",
                        Map.of("smtp_host", "mail.acme.example", "smtp_port", 587)))
                .error())
        .startsWith("403 operation_not_supported");
  }

  // What there is not

  @Test
  void what_there_is_not_reads_as_empty_in_every_style_of_page() {
    for (var list : List.of("/flows", "/forms", "/rules", "/self-service-profiles")) {
      assertThat(api.call(Method.GET, list).json().isArray()).isTrue();
      var totals = api.call(Method.GET, list + "?include_totals=true&page=3").json();
      assertThat(totals.path("total").intValue()).isZero();
      assertThat(api.call(Method.GET, list + "?take=10").json().has("next")).isFalse();
    }
    assertThat(api.call(Method.GET, "/actions/actions?page=0&per_page=100").json().toString())
        .contains("\"actions\":[]", "\"total\":0", "\"page\":0", "\"per_page\":100");
    assertThat(api.call(Method.GET, "/organizations").status()).isEqualTo(404);
    assertThat(api.call(Method.GET, "/connections-directory-provisionings").error())
        .startsWith("404 ");
  }

  @Test
  void what_stands_fixed_is_written_back_and_not_changed() {
    var path = "/attack-protection/brute-force-protection";
    var read = api.call(Method.GET, path).json();
    assertThat(read.path("enabled").booleanValue()).isTrue();
    assertThat(api.call(Method.PATCH, path, read).json()).isEqualTo(read);
    assertThat(api.call(Method.PATCH, path, Map.of("enabled", false)).error())
        .startsWith("403 operation_not_supported enabled: ");
    assertThat(api.call(Method.PATCH, path, Map.of("magic", 1)).error())
        .startsWith("400 invalid_body");
    assertThat(api.told(api.acme)).isEmpty();
  }
}
