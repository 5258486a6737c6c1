package dev.countersign.management.connections;

import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Shape;
import dev.countersign.signin.password.PasswordRules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The database connection field by field. What Auth0 lets a tenant choose stands fixed here; it is shown, and taken only as it is. */
final class ConnectionFields {
  static final String ID = Person.PASSWORD_CONNECTION_ID;

  /** Shorter is no password, whatever the policy says. */
  private static final int SHORTEST = PasswordRules.WITH_SECOND_FACTOR.minimum();

  /** What there is not here. */
  private static final List<String> ABSENT_OPTIONS =
      List.of(
          "attributes",
          "basic_profile",
          "bareConfiguration",
          "configuration",
          "customScripts",
          "custom_password_hash",
          "disable_self_service_change_password",
          "enabledDatabaseCustomization",
          "enable_script_context",
          "ext_profile",
          "gateway_authentication",
          "identifierFirst",
          "import_mode",
          "non_persistent_attrs",
          "passkey_options",
          "password_history",
          "password_options",
          "precedence",
          "requires_username",
          "upstream_params",
          "validation");

  private static final Shape.Fields ENABLED = Shape.fields().with("enable", Shape.flag());

  private static final Shape OPTIONS = options();

  private static final Shape METADATA = new Shape.Open(4_000);

  static final Shape.Fields CHANGE =
      Shape.fields()
          .with("options", OPTIONS)
          .with("enabled_clients", new Shape.ListOf(Shape.text(1, 128), 1_000))
          .with("realms", new Shape.ListOf(Shape.text(1, 128), 10))
          .with("is_domain_connection", Shape.flag())
          .with("show_as_button", Shape.flag())
          .with("display_name", Shape.text(0, 128))
          .with("metadata", METADATA)
          .with("authentication", new Shape.Anything())
          .with("connected_accounts", new Shape.Anything());

  static final Shape NEW =
      CHANGE.withRequired("name", Shape.text(1, 128)).withRequired("strategy", Shape.text(1, 64));

  static final Shape ANSWER =
      Shape.fields()
          .with("id", Shape.text(1, 64))
          .with("name", Shape.text(1, 128))
          .with("strategy", Shape.text(1, 64))
          .with("options", OPTIONS)
          .with("realms", new Shape.ListOf(Shape.text(1, 128), 10))
          .with("enabled_clients", new Shape.ListOf(Shape.text(1, 128), Integer.MAX_VALUE))
          .with("is_domain_connection", Shape.flag())
          .with("display_name", Shape.text(0, 128))
          .with("metadata", METADATA);

  private ConnectionFields() {}

  private static Shape options() {
    var fields =
        Shape.fields()
            .with("brute_force_protection", Shape.flag())
            .with("disable_signup", Shape.flag())
            .with("passwordPolicy", Shape.word("none", "low", "fair", "good", "excellent").orNull())
            .with(
                "password_complexity_options",
                Shape.fields().with("min_length", new Shape.Whole(1, 128)).orNull())
            .with("password_no_personal_info", ENABLED.orNull())
            .with(
                "password_dictionary",
                ENABLED
                    .with("dictionary", new Shape.ListOf(Shape.text(0, 100, Format.ANY), 1_000))
                    .orNull())
            .with(
                "mfa",
                Shape.fields()
                    .with("active", Shape.flag())
                    .with("return_enroll_settings", Shape.flag()))
            .with(
                "authentication_methods",
                Shape.fields()
                    .with("password", Shape.fields().with("enabled", Shape.flag()))
                    .with("passkey", Shape.fields().with("enabled", Shape.flag())))
            .with("strategy_version", new Shape.Whole(0, 100));
    for (var absent : ABSENT_OPTIONS) {
      fields = fields.with(absent, new Shape.Anything());
    }
    return fields;
  }

  /**
   * What keeps the body from being done, beyond its shape.
   *
   * @param passkeys whether people may sign in with a passkey alone
   */
  static Optional<ApiError> refused(JsonNode sent, boolean passkeys) {
    var options = sent.path("options");
    var methods = options.path("authentication_methods");
    return Stream.<Optional<ApiError>>of(
            must(
                options.path("brute_force_protection").asBoolean(true),
                "options.brute_force_protection",
                "guessing is always stopped; send true."),
            must(
                options.path("disable_signup").asBoolean(true),
                "options.disable_signup",
                "there is no page for signing up; send true."),
            must(
                Set.of("none", "low").contains(options.path("passwordPolicy").stringValue("none")),
                "options.passwordPolicy",
                "passwords are judged by length and by lists of bad ones (SP 800-63B-4 section 3.1.1.2), not by kinds of "
                    + "characters; send none or low."),
            must(
                options.path("password_complexity_options").path("min_length").asInt(1) <= SHORTEST,
                "options.password_complexity_options.min_length",
                "passwords have at least "
                    + SHORTEST
                    + " characters, and more only where the tenant's policy asks for no second factor."),
            must(
                options.path("password_dictionary").path("dictionary").isEmpty(),
                "options.password_dictionary.dictionary",
                "there is no list of a tenant's own."),
            must(
                options.path("mfa").path("active").asBoolean(true),
                "options.mfa.active",
                "the tenant's policy says who is asked for a second factor (PUT /api/v2/guardian/policies)."),
            must(
                methods.path("password").path("enabled").asBoolean(true),
                "options.authentication_methods.password.enabled",
                "passwords are always taken; send true."),
            must(
                methods.path("passkey").path("enabled").asBoolean(passkeys) == passkeys,
                "options.authentication_methods.passkey.enabled",
                "passkeys are turned on and off by PUT /api/v2/guardian/factors/webauthn-platform; send "
                    + passkeys
                    + "."),
            ABSENT_OPTIONS.stream()
                .flatMap(it -> Absent.refused("options." + it, options.path(it)).stream())
                .findFirst(),
            must(
                !sent.has("realms")
                    || sent.path("realms").equals(Json.texts(List.of(Person.PASSWORD_CONNECTION))),
                "realms",
                "its realm is its name."),
            Stream.of("is_domain_connection", "show_as_button", "connected_accounts")
                .flatMap(it -> Absent.refused(it, sent.path(it)).stream())
                .findFirst(),
            must(
                sent.path("authentication").path("active").asBoolean(true),
                "authentication.active",
                "turn it off for single applications (PATCH /api/v2/connections/"
                    + ID
                    + "/clients)."))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<ApiError> must(boolean holds, String field, String why) {
    return holds ? Optional.empty() : Optional.of(ApiError.unsupported(field, why));
  }

  static ObjectNode shown(List<String> clients, ObjectNode kept) {
    var out =
        Json.object()
            .put("id", ID)
            .put("name", Person.PASSWORD_CONNECTION)
            .put("strategy", "auth0")
            .put("is_domain_connection", false);
    out.setAll(kept);
    out.set("realms", Json.texts(List.of(Person.PASSWORD_CONNECTION)));
    out.set("enabled_clients", Json.texts(clients));
    var options =
        Json.object()
            .put("brute_force_protection", true)
            .put("disable_signup", true)
            .put("passwordPolicy", "low")
            .put("enabledDatabaseCustomization", false)
            .put("import_mode", false);
    options.set("password_complexity_options", Json.object().put("min_length", SHORTEST));
    options.set("password_no_personal_info", Json.object().put("enable", true));
    options.set("password_dictionary", Json.object().put("enable", true));
    options.set("mfa", Json.object().put("active", true).put("return_enroll_settings", true));
    out.set("options", options);
    return out;
  }
}
