package dev.countersign.management.clients;

import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Shape;
import dev.countersign.tenant.SigningAlgorithm;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client field by field: what is taken, what it means for an {@link Application}, and what is shown. Fields that mean
 * nothing here are kept as given where that promises nothing, and refused where it would.
 */
final class ClientFields {
  /** How long an ID token may be shown (oidc.Mint). */
  private static final long ID_TOKEN_SECONDS = 36_000;

  private static final long LONGEST_SECONDS = 315_360_000;
  private static final int MOST_NOTES = 16_384;

  private static final Shape URLS = new Shape.ListOf(Shape.text(0, 2_000, Format.ANY), 100);
  private static final Shape LIFE = new Shape.Whole(1, LONGEST_SECONDS);

  /** Grant types that Auth0 knows; what the token endpoint does not know it refuses when it is asked. */
  private static final Shape GRANTS =
      new Shape.ListOf(
          Shape.word(
              "authorization_code",
              "implicit",
              "refresh_token",
              "client_credentials",
              "password",
              "http://auth0.com/oauth/grant-type/password-realm",
              "http://auth0.com/oauth/grant-type/mfa-oob",
              "http://auth0.com/oauth/grant-type/mfa-otp",
              "http://auth0.com/oauth/grant-type/mfa-recovery-code",
              "http://auth0.com/oauth/grant-type/passwordless/otp",
              "urn:ietf:params:oauth:grant-type:device_code",
              "urn:ietf:params:oauth:grant-type:token-exchange",
              "urn:okta:params:oauth:grant-type:webauthn",
              "urn:openid:params:grant-type:ciba"),
          50);

  /** Of a client that is an API: which. */
  static final String API = "resource_server_identifier";

  /** What describes a client and changes nothing. */
  private static final Map<String, Shape> NOTED =
      Map.of(
          "description", Shape.text(0, 140).orNull(),
          "logo_uri", Shape.text(0, 2_000).orNull(),
          "client_aliases", new Shape.ListOf(Shape.text(1, 500), 50),
          "custom_login_page_on", Shape.flag(),
          "sso", Shape.flag(),
          "skip_non_verifiable_callback_uri_confirmation_prompt", Shape.flag().orNull());

  /** What there is not here. */
  private static final List<String> ABSENT =
      List.of(
          "addons",
          "allowed_clients",
          "async_approval_notification_channels",
          "compliance_level",
          "cross_origin_auth",
          "cross_origin_authentication",
          "cross_origin_loc",
          "custom_login_page",
          "custom_login_page_preview",
          "default_organization",
          "encryption_key",
          "express_configuration",
          "form_template",
          "is_token_endpoint_ip_header_trusted",
          "mobile",
          "my_organization_configuration",
          "native_social_login",
          "oidc_backchannel_logout",
          "oidc_logout",
          "organization_discovery_methods",
          "organization_require_behavior",
          "organization_usage",
          "par_request_expiry",
          "require_proof_of_possession",
          "session_transfer",
          "signed_request_object",
          "sso_disabled",
          "token_exchange",
          "token_quota");

  private static final Shape.Fields SIGNING =
      Shape.fields()
          .with("alg", Shape.word("RS256", "ES256", "HS256", "RS512", "PS256"))
          .with("lifetime_in_seconds", LIFE)
          .with("secret_encoded", Shape.flag())
          .with("scopes", new Shape.Open(1_000));

  private static final Shape.Fields REFRESH =
      Shape.fields()
          .with("rotation_type", Shape.word("rotating", "non-rotating"))
          .with("expiration_type", Shape.word("expiring", "non-expiring"))
          .with("leeway", new Shape.Whole(0, LONGEST_SECONDS).orNull())
          .with("token_lifetime", LIFE)
          .with("infinite_token_lifetime", Shape.flag())
          .with("idle_token_lifetime", LIFE)
          .with("infinite_idle_token_lifetime", Shape.flag())
          .with("policies", new Shape.Anything());

  static final Shape.Fields CHANGE =
      change().with(ClientCredentials.METHODS, ClientCredentials.METHODS_CHANGE);

  static final Shape NEW =
      change()
          .withRequired("name", Shape.text(1, 200))
          .with("global", new Shape.Anything())
          .with(ClientCredentials.METHODS, ClientCredentials.METHODS_NEW);

  static final Shape ANSWER = answer();

  private ClientFields() {}

  private static Shape.Fields change() {
    var fields =
        Shape.fields()
            .with("name", Shape.text(1, 200))
            .with(
                "app_type",
                Shape.word("spa", "regular_web", "native", "non_interactive", "resource_server"))
            .with(API, Shape.text(1, 600).orNull())
            .with("callbacks", URLS)
            .with("allowed_logout_urls", URLS)
            .with("web_origins", URLS)
            .with("allowed_origins", URLS)
            .with(
                "token_endpoint_auth_method",
                Shape.word("none", "client_secret_post", "client_secret_basic").orNull())
            .with("grant_types", GRANTS)
            .with("is_first_party", Shape.flag())
            .with("oidc_conformant", Shape.flag())
            .with("require_pushed_authorization_requests", Shape.flag())
            .with("initiate_login_uri", Shape.text(0, 2_000).orNull())
            .with("client_metadata", new Shape.Open(MOST_NOTES))
            .with("jwt_configuration", SIGNING)
            .with("refresh_token", REFRESH.orNull());
    for (var noted : new TreeMap<>(NOTED).entrySet()) {
      fields = fields.with(noted.getKey(), noted.getValue());
    }
    for (var absent : ABSENT) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields;
  }

  private static Shape answer() {
    return CHANGE
        .with("client_id", Shape.text(1, 128))
        .with("client_secret", Shape.text(1, 200))
        .with("global", Shape.flag());
  }

  // What is taken

  /** What keeps the body from being done, beyond its shape. */
  static Optional<ApiError> refused(JsonNode sent) {
    return Stream.<Optional<ApiError>>of(
            unsigned(sent.path("jwt_configuration")),
            unrefreshed(sent.path("refresh_token")),
            sent.path("is_first_party").asBoolean(true)
                ? Optional.empty()
                : no("is_first_party", "there is no page that asks people for consent; send true."),
            metadata(sent.path("client_metadata")),
            Stream.concat(ABSENT.stream(), Stream.of("global"))
                .flatMap(name -> Absent.refused(name, sent.path(name)).stream())
                .findFirst(),
            noted(sent).toString().length() > MOST_NOTES
                ? Optional.of(
                    ApiError.body("Object is larger than " + MOST_NOTES + " characters", ""))
                : Optional.empty())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<ApiError> unsigned(JsonNode sent) {
    var alg = sent.path("alg").stringValue("RS256");
    if (!alg.equals("RS256") && !alg.equals("ES256")) {
      return no("jwt_configuration.alg", "ID tokens are signed by RS256 or ES256.");
    }
    if (sent.path("lifetime_in_seconds").asLong(ID_TOKEN_SECONDS) != ID_TOKEN_SECONDS) {
      return no(
          "jwt_configuration.lifetime_in_seconds",
          "ID tokens live for " + ID_TOKEN_SECONDS + " seconds.");
    }
    return Absent.refused("jwt_configuration.scopes", sent.path("scopes"));
  }

  private static Optional<ApiError> unrefreshed(JsonNode sent) {
    if (sent.path("rotation_type").stringValue("rotating").equals("non-rotating")) {
      return no("refresh_token.rotation_type", "a refresh token is good once; send rotating.");
    }
    if (sent.path("expiration_type").stringValue("expiring").equals("non-expiring")
        || sent.path("infinite_token_lifetime").asBoolean(false)
        || sent.path("infinite_idle_token_lifetime").asBoolean(false)) {
      return no("refresh_token", "every refresh token expires; send lifetimes in seconds.");
    }
    if (sent.path("leeway").asLong(0) != 0) {
      return no("refresh_token.leeway", "a refresh token that was used is worthless at once.");
    }
    return Absent.refused("refresh_token.policies", sent.path("policies"));
  }

  private static Optional<ApiError> metadata(JsonNode sent) {
    for (var each : sent.properties()) {
      if (each.getKey().length() > 255
          || !(each.getValue().isNull()
              || (each.getValue().isString() && each.getValue().stringValue().length() <= 4_000))) {
        return Optional.of(
            ApiError.body("Values are strings of at most 4000 characters", "client_metadata"));
      }
    }
    return Optional.empty();
  }

  private static Optional<ApiError> no(String field, String why) {
    return Optional.of(ApiError.unsupported(field, why));
  }

  /** A new client before anything but its name and type was said. */
  static Application fresh(Call call) {
    var type =
        Optional.ofNullable(call.text("app_type"))
            .flatMap(Application.Type::of)
            .orElse(Application.Type.REGULAR_WEB);
    return Application.of(String.valueOf(call.text("name")), type, List.of());
  }

  /** The application with what was sent in place of what was. */
  static Application changed(Application before, Call call) {
    return before.with(it -> {
      var name = call.text("name");
      it.name = name == null ? it.name : name;
      Optional.ofNullable(call.text("app_type"))
          .flatMap(Application.Type::of)
          .ifPresent(type -> it.type = type);
      it.callbacks = urls(call, "callbacks", it.callbacks);
      it.logoutUrls = urls(call, "allowed_logout_urls", it.logoutUrls);
      it.webOrigins = urls(call, "web_origins", it.webOrigins);
      it.allowedOrigins = urls(call, "allowed_origins", it.allowedOrigins);
      Optional.ofNullable(call.text("token_endpoint_auth_method"))
          .flatMap(Application.TokenAuth::of)
          .ifPresent(auth -> it.tokenAuth = auth);
      if (call.field("grant_types") != null) {
        it.grantTypes = new HashSet<>(call.texts("grant_types"));
      }
      if (call.field("initiate_login_uri") != null) {
        var uri = call.text("initiate_login_uri");
        it.startUrl = uri == null || uri.isEmpty() ? null : uri;
      }
      it.api = call.field(API) == null ? it.api : call.text(API);
      it.pushed = call.flag("require_pushed_authorization_requests", it.pushed);
      it.metadata = merged(it.metadata, call.body().path("client_metadata"));
      var alg = call.body().path("jwt_configuration").path("alg");
      if (alg.isString()) {
        it.idTokenAlgorithm = SigningAlgorithm.valueOf(alg.stringValue());
      }
      var refresh = call.body().path("refresh_token");
      it.refresh =
          new Application.Refresh(
              refresh.path("token_lifetime").asLong(it.refresh.lifetimeSeconds()),
              refresh.path("idle_token_lifetime").asLong(it.refresh.idleSeconds()));
      var notes = new TreeMap<>(it.notes);
      notes.putAll(Json.map(noted(call.body())));
      it.notes = notes;
    });
  }

  private static List<String> urls(Call call, String name, List<String> before) {
    return call.field(name) == null
        ? before
        : call.texts(name).stream().filter(url -> !url.isEmpty()).toList();
  }

  /** Merged; null and an empty text take a field out. */
  private static Map<String, String> merged(Map<String, String> before, JsonNode sent) {
    var after = new HashMap<>(before);
    for (var each : sent.properties()) {
      if (each.getValue().isNull() || each.getValue().stringValue().isEmpty()) {
        after.remove(each.getKey());
      } else {
        after.put(each.getKey(), each.getValue().stringValue());
      }
    }
    return after;
  }

  private static ObjectNode noted(JsonNode sent) {
    var out = Json.object();
    Stream.concat(NOTED.keySet().stream(), ABSENT.stream())
        .filter(sent::has)
        .forEach(name -> out.set(name, sent.get(name)));
    return out;
  }

  // What is shown

  /** Never the secret, of which only a digest is kept. */
  static ObjectNode shown(Application it) {
    var out =
        Json.object()
            .put("client_id", it.id().value())
            .put("name", it.name())
            .put("app_type", it.type().word())
            .put("is_first_party", it.firstParty())
            .put("oidc_conformant", true)
            .put("global", false);
    out.set("callbacks", Json.texts(it.callbacks()));
    out.set("allowed_logout_urls", Json.texts(it.logoutUrls()));
    out.set("web_origins", Json.texts(it.webOrigins()));
    out.set("allowed_origins", Json.texts(it.allowedOrigins()));
    out.set("grant_types", Json.texts(it.grantTypes().stream().sorted().toList()));
    out.set(
        "jwt_configuration",
        Json.object()
            .put("alg", it.idTokenAlgorithm().name())
            .put("lifetime_in_seconds", ID_TOKEN_SECONDS)
            .put("secret_encoded", false));
    out.set(
        "refresh_token",
        Json.object()
            .put("rotation_type", "rotating")
            .put("expiration_type", "expiring")
            .put("leeway", 0)
            .put("token_lifetime", it.refresh().lifetimeSeconds())
            .put("infinite_token_lifetime", false)
            .put("idle_token_lifetime", it.refresh().idleSeconds())
            .put("infinite_idle_token_lifetime", false));
    if (it.startUrl() != null) {
      out.put("initiate_login_uri", it.startUrl());
    }
    if (!it.metadata().isEmpty()) {
      var metadata = Json.object();
      new TreeMap<>(it.metadata()).forEach(metadata::put);
      out.set("client_metadata", metadata);
    }
    out.setAll((ObjectNode) Json.tree(Json.write(it.notes())));
    out.put(
        "require_pushed_authorization_requests",
        it.pushed()); // Kept as a note before it meant anything.
    out.remove(API); // So was this.
    if (it.api() != null) {
      out.put(API, it.api());
    }
    out.remove(ClientCredentials.METHODS); // Kept as a note before there were keys.
    ClientCredentials.methods(it)
        .ifPresentOrElse(
            methods -> out.set(ClientCredentials.METHODS, methods),
            () -> out.put("token_endpoint_auth_method", it.tokenAuth().word()));
    return out;
  }
}
