package dev.countersign.management.settings;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Urls;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Level;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.KeptSettings;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.TenantSettings;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Messages;
import dev.countersign.web.Reply;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows and changes a tenant's own settings. */
public final class TenantEndpoints {
  private static final String PATH = "/tenants/settings";
  private static final String KEPT = "tenant";

  /** Sessions end after thirty days at the latest (SP 800-63B-4 section 2.1.3). */
  private static final long LONGEST_HOURS = 720;

  private static final Shape HOURS = new Shape.Whole(1, LONGEST_HOURS);
  private static final Shape MINUTES = new Shape.Whole(1, LONGEST_HOURS * 60);
  private static final Shape URL = Shape.text(0, 1_000);

  /** Flags that say what holds here anyway, or nothing that matters here. */
  private static final Set<String> MAY_BE_ON =
      Set.of(
          "dashboard_insights_view",
          "dashboard_log_streams_next",
          "disable_fields_map_fix",
          "enable_apis_section",
          "enable_client_connections",
          "enable_sso",
          "mfa_show_factor_list_on_enrollment",
          "no_disclose_enterprise_connections",
          "revoke_refresh_token_grant",
          "use_scope_descriptions_for_consent");

  /** Flags for what cannot be turned off. */
  private static final Set<String> MAY_NOT_BE_OFF =
      Set.of("enable_client_connections", "enable_sso");

  private static final List<String> FLAGS =
      List.of(
          "allow_changing_enable_sso",
          "allow_legacy_delegation_grant_types",
          "allow_legacy_ro_grant_types",
          "allow_legacy_tokeninfo_endpoint",
          "cannot_change_enforce_client_authentication_on_passwordless_start",
          "change_pwd_flow_v1",
          "custom_domains_provisioning",
          "dashboard_insights_view",
          "dashboard_log_streams_next",
          "disable_clickjack_protection_headers",
          "disable_fields_map_fix",
          "disable_impersonation",
          "disable_management_api_sms_obfuscation",
          "enable_adfs_waad_email_verification",
          "enable_apis_section",
          "enable_client_connections",
          "enable_custom_domain_in_emails",
          "enable_dynamic_client_registration",
          "enable_idtoken_api2",
          "enable_legacy_profile",
          "enable_pipeline2",
          "enable_public_signup_user_exists_error",
          "enable_sso",
          "enforce_client_authentication_on_passwordless_start",
          "improved_signup_bot_detection_in_classic",
          "mfa_show_factor_list_on_enrollment",
          "no_disclose_enterprise_connections",
          "remove_alg_from_jwks",
          "require_pushed_authorization_requests",
          "revoke_refresh_token_grant",
          "trust_azure_adfs_email_verified_connection_property",
          "universal_login",
          "use_scope_descriptions_for_consent");

  private static final Map<String, Shape> NOTED =
      Map.of(
          "sandbox_version", Shape.text(1, 8),
          "legacy_sandbox_version", Shape.text(0, 8),
          "skip_non_verifiable_callback_uri_confirmation_prompt", Shape.flag().orNull());

  private static final List<String> ABSENT =
      List.of(
          "allow_organization_name_in_authentication_api",
          "change_password",
          "client_id_metadata_document_supported",
          "country_codes",
          "customize_mfa_in_postlogin_action",
          "default_redirection_uri",
          "default_token_quota",
          "device_flow",
          "enable_ai_guide",
          "error_page",
          "guardian_mfa_page",
          "mtls",
          "phone_consolidated_experience",
          "pushed_authorization_requests_supported");

  private static final List<String> ACRS =
      List.of(Level.AAL1.acr(), Level.AAL2.acr(), Level.AAL3.acr(), Level.MULTI_FACTOR);

  private static final Shape.Fields SHAPE = shape();

  private static final Shape.Fields CHANGE =
      SHAPE
          .with("session_lifetime", HOURS)
          .with("idle_session_lifetime", HOURS)
          .with("session_lifetime_in_minutes", MINUTES)
          .with("idle_session_lifetime_in_minutes", MINUTES);

  private static final Shape ANSWER =
      SHAPE
          .with("session_lifetime", new Shape.Decimal())
          .with("idle_session_lifetime", new Shape.Decimal())
          .with("sandbox", Shape.flag());

  private final Database database;
  private final Tenants tenants;
  private final Apis apis;
  private final KeptSettings kept;
  private final Audit audit;

  public TenantEndpoints(
      Database database, Tenants tenants, Apis apis, KeptSettings kept, Audit audit) {
    this.database = database;
    this.tenants = tenants;
    this.apis = apis;
    this.kept = kept;
    this.audit = audit;
  }

  private static Shape.Fields shape() {
    var flags = Shape.fields();
    for (var flag : FLAGS) {
      flags = flags.with(flag, Shape.flag());
    }
    var fields =
        Shape.fields()
            .with("friendly_name", Shape.text(0, 200))
            .with("picture_url", URL)
            .with("support_email", Shape.text(0, 320))
            .with("support_url", URL)
            .with("default_directory", Shape.text(0, 128))
            .with("default_audience", Shape.text(0, 600))
            .with("allowed_logout_urls", new Shape.ListOf(Shape.text(0, 2_000, Format.ANY), 100))
            .with("enabled_locales", new Shape.ListOf(Shape.text(2, 35), 100))
            .with("acr_values_supported", new Shape.ListOf(Shape.text(1, 200), 20).orNull())
            .with(
                "session_cookie",
                Shape.fields().with("mode", Shape.word("persistent", "non-persistent")).orNull())
            .with("oidc_logout", new Shape.Open(200))
            .with("flags", flags);
    for (var noted : new TreeMap<>(NOTED).entrySet()) {
      fields = fields.with(noted.getKey(), noted.getValue());
    }
    for (var absent : ABSENT) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, "read:tenant_settings", this::show)
            .does("Shows the tenant's settings")
            .query(Listing.NARROWING)
            .answers(200, ANSWER),
        Endpoint.patch(PATH, "update:tenant_settings", CHANGE, this::change)
            .does("Changes what is sent of the tenant's settings")
            .answers(200, ANSWER));
  }

  private Reply show(Call call) {
    return Reply.json(
        call.narrowed(
            database.read(
                tx -> shown(tenants.newest(tx, call.tenant()), kept.of(tx, call.tenant(), KEPT)))));
  }

  private static ObjectNode shown(Tenant it, ObjectNode kept) {
    var settings = it.settings();
    var out = Json.object().put("friendly_name", it.displayName());
    out.setAll(kept);
    out.put("picture_url", settings.logoUrl())
        .put("support_email", settings.supportEmail())
        .put("support_url", settings.supportUrl())
        .put("default_directory", settings.defaultDirectory())
        .put("default_audience", settings.defaultAudience())
        .put("customize_mfa_in_postlogin_action", false);
    out.set("allowed_logout_urls", Json.texts(settings.logoutUrls()));
    hours(out, "session_lifetime", settings.sessionSeconds());
    hours(out, "idle_session_lifetime", settings.idleSeconds());
    var locales = kept.path("enabled_locales");
    if (!locales.path(0).stringValue("").equals(settings.locale())) {
      out.set("enabled_locales", Json.texts(List.of(settings.locale())));
    }
    out.set("session_cookie", Json.object().put("mode", "persistent"));
    out.set("acr_values_supported", Json.texts(ACRS));
    var flags = Json.object().put("enable_client_connections", true).put("enable_sso", true);
    flags.setAll((ObjectNode) kept.path("flags").asOptional().orElseGet(Json::object));
    out.set("flags", flags);
    if (it.sandbox()) {
      out.put("sandbox", true);
    }
    return out;
  }

  private static void hours(ObjectNode out, String name, long seconds) {
    if (seconds % 3_600 == 0) {
      out.put(name, seconds / 3_600);
    } else {
      out.put(name, seconds / 3_600.0);
    }
  }

  private Reply change(Call call) {
    var refused = refused(call);
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var reply =
        database.write(tx -> {
          var before = tenants.newest(tx, call.tenant());
          var settings = changed(before.settings(), call.body());
          var name = call.text("friendly_name");
          var after =
              before
                  .called(name == null || name.isBlank() ? before.displayName() : name)
                  .withSettings(settings);
          boolean noted =
              kept.change(
                  tx,
                  call.tenant(),
                  KEPT,
                  document -> noted(document, call.body()),
                  call.occasion().at());
          if (noted || !after.equals(before)) {
            tenants.changeWhole(tx, call.tenant(), _ -> after);
            audit.record(
                tx,
                call.tenant(),
                AuditEvent.success(AuditType.TENANT_CHANGED, call.occasion())
                    .by(call.actor(), null)
                    .with("changed", String.join(", ", call.body().propertyNames())));
          }
          return Reply.json(shown(after, kept.of(tx, call.tenant(), KEPT)));
        });
    tenants.read(call.tenant());
    return reply;
  }

  private static ObjectNode noted(ObjectNode document, JsonNode sent) {
    Stream.of(NOTED.keySet().stream(), ABSENT.stream(), Stream.of("enabled_locales", "oidc_logout"))
        .flatMap(it -> it)
        .filter(sent::has)
        .forEach(it -> document.set(it, sent.get(it)));
    if (sent.path("flags").isObject()) {
      var flags = (ObjectNode) document.path("flags").asOptional().orElseGet(Json::object);
      flags.setAll((ObjectNode) sent.get("flags"));
      document.set("flags", flags);
    }
    return document;
  }

  private static TenantSettings changed(TenantSettings before, JsonNode sent) {
    return before.with(it -> {
      it.logoUrl = sent.path("picture_url").stringValue(it.logoUrl);
      it.supportEmail = sent.path("support_email").stringValue(it.supportEmail);
      it.supportUrl = sent.path("support_url").stringValue(it.supportUrl);
      it.defaultDirectory = sent.path("default_directory").stringValue(it.defaultDirectory);
      it.defaultAudience = sent.path("default_audience").stringValue(it.defaultAudience);
      if (sent.has("allowed_logout_urls")) {
        it.logoutUrls =
            Call.texts(sent.get("allowed_logout_urls")).stream()
                .filter(url -> !url.isEmpty())
                .toList();
      }
      it.locale = sent.path("enabled_locales").path(0).stringValue(it.locale);
      it.sessionSeconds = seconds(sent, "session_lifetime", it.sessionSeconds);
      it.idleSeconds = seconds(sent, "idle_session_lifetime", it.idleSeconds);
    });
  }

  private static long seconds(JsonNode sent, String name, long before) {
    var minutes = sent.path(name + "_in_minutes");
    if (minutes.isNumber()) {
      return minutes.longValue() * 60;
    }
    var hours = sent.path(name);
    return hours.isNumber() ? hours.longValue() * 3_600 : before;
  }

  // What is not taken

  private Optional<ApiError> refused(Call call) {
    var sent = call.body();
    return Stream.<Optional<ApiError>>of(
            url(sent, "picture_url", true),
            url(sent, "support_url", false),
            must(
                sent.path("support_email").stringValue("").isEmpty()
                    || Shape.text(3, 320, Format.EMAIL).check(sent.path("support_email")).isEmpty(),
                ApiError.body("Object didn't pass validation for format email", "support_email")),
            must(
                Set.of("", Person.PASSWORD_CONNECTION)
                    .contains(sent.path("default_directory").stringValue("")),
                new ApiError(400, "inexistent_connection", "The connection does not exist.")),
            audience(call, sent.path("default_audience").stringValue("")),
            must(
                Call.texts(sent.get("allowed_logout_urls")).stream()
                    .allMatch(it -> it.isEmpty() || Urls.isCallback(it)),
                ApiError.body(
                    "Object didn't pass validation for format absolute-uri",
                    "allowed_logout_urls")),
            must(
                !sent.has("enabled_locales") || speaks(sent.path("enabled_locales").path(0)),
                ApiError.unsupported(
                    "enabled_locales",
                    "the first is the tenant's language, and pages speak "
                        + String.join(
                            ", ", Messages.LANGUAGES.stream().map(Locale::getLanguage).toList())
                        + ".")),
            must(
                sent.path("acr_values_supported").isNull()
                    || ACRS.containsAll(Call.texts(sent.get("acr_values_supported"))),
                ApiError.unsupported(
                    "acr_values_supported", "there are " + String.join(", ", ACRS) + ".")),
            must(
                sent.path("session_cookie")
                    .path("mode")
                    .stringValue("persistent")
                    .equals("persistent"),
                ApiError.unsupported(
                    "session_cookie.mode", "sessions outlive the browser; send persistent.")),
            flags(sent.path("flags")),
            ABSENT.stream().flatMap(it -> Absent.refused(it, sent.path(it)).stream()).findFirst())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean speaks(JsonNode tag) {
    return Messages.LANGUAGES.stream()
        .anyMatch(it ->
            it.getLanguage().equals(Locale.forLanguageTag(tag.stringValue("")).getLanguage()));
  }

  private static Optional<ApiError> must(boolean holds, ApiError otherwise) {
    return holds ? Optional.empty() : Optional.of(otherwise);
  }

  static Optional<ApiError> url(JsonNode sent, String name, boolean onlyHttps) {
    var url = sent.path(name).stringValue("");
    return must(
        url.isEmpty() || isWeb(url, onlyHttps),
        ApiError.body(
            "Object didn't pass validation for format " + (onlyHttps ? "https-url" : "url"), name));
  }

  private static boolean isWeb(String url, boolean onlyHttps) {
    try {
      var uri = URI.create(url);
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && ("https".equals(uri.getScheme()) || (!onlyHttps && "http".equals(uri.getScheme())));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private Optional<ApiError> audience(Call call, String audience) {
    boolean known =
        audience.isEmpty()
            || database
                .read(tx -> known(tx, call, audience))
                .filter(it -> !it.system())
                .isPresent();
    return must(known, ApiError.body("No resource server has this identifier", "default_audience"));
  }

  private Optional<Api> known(Tx tx, Call call, String audience) {
    return apis
        .all(tx, call.tenant(), call.request().site().issuer(), call.occasion().at())
        .stream()
        .filter(it -> it.identifier().equals(audience))
        .findFirst();
  }

  private static Optional<ApiError> flags(JsonNode sent) {
    return sent.propertyStream()
        .filter(it ->
            it.getValue().booleanValue()
                ? !MAY_BE_ON.contains(it.getKey())
                : MAY_NOT_BE_OFF.contains(it.getKey()))
        .findFirst()
        .map(it ->
            ApiError.unsupported(
                "flags." + it.getKey(),
                "this server always behaves as if it were " + !it.getValue().booleanValue() + "."));
  }
}
