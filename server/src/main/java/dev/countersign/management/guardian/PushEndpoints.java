package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.push.PushPlan;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * By which services a tenant's own app is woken, as Auth0's Guardian API has it, with fields of our own for the key that Apple
 * gives out today. Keys are never read back.
 */
public final class PushEndpoints {
  private static final String BASE = "/guardian/factors/push-notification";
  private static final String READ = "read:guardian_factors";
  private static final String UPDATE = "update:guardian_factors";
  private static final Pattern REGION = Pattern.compile("[a-z]{2}-[a-z]{4,10}-[0-9]");
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:app/[A-Z_]+/[A-Za-z0-9_.-]+");
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]*");

  private static final String PROMPT = "/prompts/mfa-push";
  private static final List<String> APP_FIELDS =
      List.of("app_name", "apple_app_link", "google_app_link");
  private static final Shape APP =
      Shape.fields()
          .with("app_name", Shape.text(0, 60))
          .with("apple_app_link", Shape.text(0, 1000))
          .with("google_app_link", Shape.text(0, 1000));

  private static final Shape PROVIDER =
      Shape.fields().withRequired("provider", Shape.word("guardian", "sns", "direct"));

  /** An account: its fields, and which of them are keys. */
  private record Account(String name, List<String> fields, Set<String> keys) {}

  private static final Account SNS =
      new Account(
          "sns",
          List.of(
              "aws_access_key_id",
              "aws_secret_access_key",
              "aws_region",
              "sns_apns_platform_application_arn",
              "sns_gcm_platform_application_arn"),
          Set.of("aws_secret_access_key"));
  private static final Account APNS =
      new Account(
          "apns",
          List.of("sandbox", "bundle_id", "p12", "auth_key", "key_id", "team_id"),
          Set.of("p12", "auth_key"));
  private static final Account FCM =
      new Account("fcm", List.of("server_key"), Set.of("server_key"));
  private static final Account FCM_V1 =
      new Account("fcmv1", List.of("server_credentials"), Set.of("server_credentials"));

  private final Database database;
  private final PushSettings settings;
  private final Audit audit;

  public PushEndpoints(Database database, PushSettings settings, Audit audit) {
    this.database = database;
    this.settings = settings;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    var text = Shape.text(1, 1000).orNull();
    var sns = Shape.fields();
    for (var field : SNS.fields()) {
      sns = sns.with(field, text);
    }
    var apns =
        Shape.fields()
            .with("sandbox", Shape.flag())
            .with("bundle_id", text)
            .with("p12", Shape.text(1, 10_000, Format.ANY).orNull())
            .with("auth_key", Shape.text(1, 1000, Format.ANY).orNull())
            .with("key_id", text)
            .with("team_id", text);
    var fcm = Shape.fields().with("server_key", Shape.text(1, 152).orNull());
    var fcmV1 =
        Shape.fields().with("server_credentials", Shape.text(1, 10_000, Format.ANY).orNull());
    List<Endpoint> out = new ArrayList<>();
    out.add(
        Endpoint.get(BASE + "/selected-provider", READ, call -> selected(document(call)))
            .does("Shows who wakes the app")
            .answers(200, PROVIDER));
    out.add(
        Endpoint.put(BASE + "/selected-provider", UPDATE, PROVIDER, this::select)
            .does("Chooses who wakes the app")
            .answers(200, PROVIDER));
    out.add(
        Endpoint.get(path(SNS), READ, call -> sns(document(call)))
            .does("Shows the account at Amazon without its key")
            .answers(200, sns));
    var certificate = Shape.fields().with("sandbox", Shape.flag()).with("bundle_id", text);
    out.add(
        Endpoint.get(path(APNS), READ, call -> apns(document(call)))
            .does("Shows the account at Apple without its key")
            .answers(200, certificate.withRequired("enabled", Shape.flag())));
    out.addAll(account(SNS, sns, sns, call -> echo(call, SNS)));
    out.addAll(account(APNS, apns, certificate, call -> apnsEcho(document(call))));
    out.addAll(account(FCM, fcm, Shape.fields(), _ -> Json.object()));
    out.addAll(account(FCM_V1, fcmV1, Shape.fields(), _ -> Json.object()));
    out.add(
        Endpoint.get(PROMPT, "read:prompts", call -> Reply.json(app(document(call))))
            .does("Shows what people are told of the tenant's own app")
            .answers(200, APP));
    out.add(
        Endpoint.patch(PROMPT, "update:prompts", APP, this::setApp)
            .does("Changes what people are told of the tenant's own app")
            .answers(200, APP));
    return out;
  }

  // What people are told

  private static ObjectNode app(ObjectNode document) {
    var known = document.path("app");
    var out = Json.object();
    for (var field : APP_FIELDS) {
      out.put(field, known.path(field).asString(""));
    }
    return out;
  }

  private Reply setApp(Call call) {
    for (var field : List.of("apple_app_link", "google_app_link")) {
      var sent = call.text(field);
      if (sent != null && !sent.isEmpty() && !isLink(sent)) {
        return wrong("An https URL is needed", field).reply();
      }
    }
    change(
        call,
        "app",
        document -> {
          for (var field : call.body().properties()) {
            document.withObject("/app").set(field.getKey(), field.getValue());
          }
          return document;
        });
    return Reply.json(app(document(call)));
  }

  private static boolean isLink(String sent) {
    try {
      var uri = URI.create(sent);
      return "https".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String path(Account account) {
    return BASE + "/providers/" + account.name();
  }

  /** {@code PUT} sets all of it; {@code PATCH} what is sent. */
  private List<Endpoint> account(
      Account account, Shape.Fields shape, Shape told, Function<Call, ObjectNode> answer) {
    return List.of(
        Endpoint.put(path(account), UPDATE, shape, call -> set(call, account, false, answer))
            .does("Sets the account at this service, all fields of it")
            .answers(200, told),
        Endpoint.patch(path(account), UPDATE, shape, call -> set(call, account, true, answer))
            .does("Changes the account at this service; what is not sent stays")
            .answers(200, told));
  }

  private ObjectNode document(Call call) {
    return database.read(tx -> settings.document(tx, call.tenant()));
  }

  private void change(Call call, String what, UnaryOperator<ObjectNode> edit) {
    database.run(tx -> {
      if (settings.change(tx, call.tenant(), edit, call.occasion().at())) {
        audit.record(
            tx,
            call.tenant(),
            PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                .with("setting", "push")
                .with("changed", what));
      }
    });
  }

  // Which

  private static Reply selected(ObjectNode document) {
    return Reply.json(
        Json.object().put("provider", document.path("provider").asString("guardian")));
  }

  /** What has nothing to wake anybody by but a key that opens nothing any more is refused, and that is recorded. */
  private Reply select(Call call) {
    var wanted = String.valueOf(call.text("provider"));
    if (wanted.equals("direct") && new PushPlan(document(call)).hasOnlyLegacyKey()) {
      database.run(tx ->
          audit.record(
              tx,
              call.tenant(),
              AuditEvent.failure(AuditType.SETTINGS_CHANGED, call.occasion(), "legacy_key_only")
                  .by(call.actor(), null)
                  .with("setting", "push")
                  .with("changed", "provider direct")));
      return ApiError.unsupported(
              "The server key that is set wakes nobody: Google turned off what it was for in 2024. Set the file of a "
                  + "service account (fcmv1) or an account at Apple (apns) first.")
          .reply();
    }
    change(call, "provider " + wanted, document -> document.put("provider", wanted));
    return selected(document(call));
  }

  // Accounts

  private static Reply sns(ObjectNode document) {
    var known = document.get(SNS.name());
    var out = Json.object();
    if (known != null) {
      for (var field : SNS.fields()) {
        if (!SNS.keys().contains(field)) {
          out.set(field, known.path(field).isString() ? known.get(field) : null);
        }
      }
    }
    return Reply.json(out);
  }

  private static ObjectNode apnsEcho(ObjectNode document) {
    var known = document.path(APNS.name());
    var out = Json.object().put("sandbox", known.path("sandbox").asBoolean(false));
    out.set("bundle_id", known.get("bundle_id"));
    return out;
  }

  private static Reply apns(ObjectNode document) {
    return Reply.json(apnsEcho(document).put("enabled", new PushPlan(document).reachesApple()));
  }

  private static ObjectNode echo(Call call, Account account) {
    var out = Json.object();
    for (var field : call.body().properties()) {
      if (!account.keys().contains(field.getKey())) {
        out.set(field.getKey(), field.getValue());
      }
    }
    return out;
  }

  private Reply set(Call call, Account account, boolean merges, Function<Call, ObjectNode> answer) {
    var unfit = unfit(call);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    change(
        call,
        "account at " + account.name(),
        document -> {
          var before = document.path(account.name());
          var after = Json.object();
          for (var field : account.fields()) {
            var sent = call.body().get(field);
            var value = sent == null && merges ? before.get(field) : sent;
            if (value != null && !value.isNull()) {
              after.set(field, value);
            }
          }
          document.remove(account.name());
          if (!after.isEmpty()) {
            document.set(account.name(), after);
          }
          return document;
        });
    return Reply.json(answer.apply(call));
  }

  /** What could never be used is not kept. Google's keys of before 2024 are, as its clients set them; they wake nobody. */
  private static Optional<ApiError> unfit(Call call) {
    for (var field : call.body().properties()) {
      var name = field.getKey();
      if (!field.getValue().isString()) {
        continue;
      }
      var sent = field.getValue().stringValue();
      var unfit =
          switch (name) {
            case "p12" ->
                PushPlan.isCertificate(sent)
                    ? Optional.<ApiError>empty()
                    : Optional.of(
                        wrong(
                            "A certificate with its key is needed: PKCS #12 without a password, in base 64",
                            name));
            case "server_credentials" ->
                PushPlan.isServiceAccount(sent)
                    ? Optional.<ApiError>empty()
                    : Optional.of(
                        wrong("The file of a service account with its key is needed", name));
            case "auth_key" ->
                PushPlan.isAppleKey(sent)
                    ? Optional.<ApiError>empty()
                    : Optional.of(wrong("A P-256 key in PEM is needed", name));
            case "aws_region" -> fits(REGION, sent, "Not a region", name);
            case "sns_apns_platform_application_arn", "sns_gcm_platform_application_arn" ->
                fits(ARN, sent, "Not the ARN of a platform application", name);
            default -> fits(PLAIN, sent, "A character that cannot stand here", name);
          };
      if (unfit.isPresent()) {
        return unfit;
      }
    }
    return Optional.empty();
  }

  private static Optional<ApiError> fits(Pattern form, String sent, String what, String field) {
    return form.matcher(sent).matches() ? Optional.empty() : Optional.of(wrong(what, field));
  }

  private static ApiError wrong(String what, String field) {
    return ApiError.body(new Shape.Violation(what, field).sentence("Payload"));
  }
}
