package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.sms.TextPlan;
import dev.countersign.delivery.sms.TextSettings;
import dev.countersign.delivery.sms.Texts;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Holder;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Shape;
import dev.countersign.outbound.Outbound;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who sends texts and what they say, as Auth0's Guardian API has it, and beside it our own for the providers that Auth0 does
 * not name there. Keys are never read back: a mask stands in their place, and a mask that is sent leaves the key as it is.
 */
public final class PhoneEndpoints {
  private static final String MASK = "********";
  private static final String READ = "read:guardian_factors";
  private static final String UPDATE = "update:guardian_factors";
  private static final String HOOK = "phone-message-hook";
  private static final Shape TEXT = Shape.text(1, 1000).orNull();

  /** As AuthHero names two of them; the choice is told by the name that it was made by. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("aws_sns", "sns", "phone_message_hook", HOOK);

  private static final Shape PROVIDER =
      Shape.fields()
          .withRequired(
              "provider",
              Shape.word(
                  "auth0", "twilio", "vonage", "sns", HOOK, "aws_sns", "phone_message_hook"));
  private static final Shape TYPES =
      Shape.fields().withRequired("message_types", new Shape.ListOf(Shape.word("sms", "voice"), 2));
  private static final Shape SENDING =
      Shape.fields()
          .withRequired("fallback_provider", Shape.word("twilio", "vonage", "sns", HOOK).orNull())
          .withRequired("allowed_countries", new Shape.ListOf(Shape.text(2, 2), 260))
          .with("limits", limitShape());

  /** What can stand in a header or a form of any provider. */
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]*");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]*");
  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*code\\s*}}");

  /** An account at a provider: its fields, and which of them are keys. */
  private record Account(String name, List<String> fields, Set<String> keys, Set<String> words) {}

  private static final Account TWILIO =
      new Account(
          "twilio",
          List.of("from", "messaging_service_sid", "auth_token", "sid"),
          Set.of("auth_token"),
          Set.of("sid", "messaging_service_sid"));
  private static final Account VONAGE =
      new Account(
          "vonage",
          List.of("from", "api_key", "api_secret", "signature_secret"),
          Set.of("api_secret", "signature_secret"),
          Set.of());
  private static final Account SNS =
      new Account(
          "sns",
          List.of("region", "access_key_id", "secret_access_key", "sender_id"),
          Set.of("secret_access_key"),
          Set.of("region", "access_key_id"));
  private static final Account MESSAGE_HOOK =
      new Account(HOOK, List.of("url", "secret"), Set.of("secret"), Set.of());

  private final Database database;
  private final TextSettings settings;
  private final Factors factors;
  private final Policies policies;
  private final Audit audit;

  public PhoneEndpoints(
      Database database, TextSettings settings, Factors factors, Policies policies, Audit audit) {
    this.database = database;
    this.settings = settings;
    this.factors = factors;
    this.policies = policies;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    List<Endpoint> out = new ArrayList<>();
    for (var alias : List.of("phone", "sms")) {
      var base = "/guardian/factors/" + alias;
      out.add(
          Endpoint.get(base + "/selected-provider", READ, call -> selected(plan(call)))
              .does("Shows who sends texts")
              .answers(200, PROVIDER));
      out.add(
          Endpoint.put(base + "/selected-provider", UPDATE, PROVIDER, this::select)
              .does("Chooses who sends texts")
              .answers(200, PROVIDER));
      out.addAll(account(base, TWILIO));
      out.add(
          Endpoint.get(base + "/templates", READ, call -> templates(plan(call)))
              .does("Shows what texts say")
              .answers(200, templateShape()));
      out.add(
          Endpoint.put(base + "/templates", UPDATE, templateShape(), this::setTemplates)
              .does("Sets what texts say, by language where wanted")
              .answers(200, templateShape()));
    }
    var phone = "/guardian/factors/phone";
    out.add(
        Endpoint.get(phone + "/message-types", READ, call -> types(plan(call)))
            .does("Shows how a code can reach a telephone")
            .answers(200, TYPES));
    out.add(
        Endpoint.put(phone + "/message-types", UPDATE, TYPES, this::setTypes)
            .does("Sets how a code can reach a telephone")
            .answers(200, TYPES));
    out.addAll(account(phone, VONAGE));
    out.addAll(account(phone, SNS));
    out.addAll(account(phone, MESSAGE_HOOK));
    out.addAll(account(phone, "aws_sns", SNS));
    out.addAll(account(phone, "phone_message_hook", MESSAGE_HOOK));
    out.add(
        Endpoint.get(phone + "/sending", READ, call -> sending(plan(call)))
            .does("Shows who sends when the first provider fails, and the limits of sending")
            .answers(200, SENDING));
    out.add(
        Endpoint.put(phone + "/sending", UPDATE, SENDING, this::setSending)
            .does("Sets who sends when the first provider fails, and the limits of sending")
            .answers(200, SENDING));
    return out;
  }

  private TextPlan plan(Call call) {
    return database.read(tx -> settings.of(tx, call.tenant()));
  }

  private Reply change(
      Call call, String what, UnaryOperator<ObjectNode> edit, Function<TextPlan, Reply> answer) {
    return database.write(tx -> {
      int stranded = stranded(tx, call, edit);
      if (stranded > 0) {
        return new ApiError(409, "operation_not_supported", strands(stranded)).reply();
      }
      var changed = settings.change(tx, call.tenant(), edit, call.occasion().at());
      if (changed.differs()) {
        audit.record(
            tx,
            call.tenant(),
            PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                .with("setting", "texts")
                .with("changed", what));
      }
      return answer.apply(changed.plan());
    });
  }

  /** How many people have nothing but texts or calls, when a change would leave nobody to send or make them. */
  private int stranded(Tx tx, Call call, UnaryOperator<ObjectNode> edit) {
    var lost = reached(settings.of(tx, call.tenant()));
    lost.removeAll(reached(settings.previewed(tx, call.tenant(), edit)));
    return lost.isEmpty() ? 0 : policies.strandedWithout(tx, call.tenant(), lost);
  }

  /** The factors that need a phone, and can reach one by this plan. */
  private Set<FactorId> reached(TextPlan plan) {
    var nobody = new Holder(new UserId("anybody"), "", Map.of());
    var traits =
        Stream.of(Dispatch.Via.values())
            .filter(plan::serves)
            .collect(Collectors.toMap(Holder::reached, _ -> ""));
    var anybody = new Holder(nobody.user(), "", traits);
    return factors.fixed().inOrder().stream()
        .filter(factor -> !factor.suits(nobody) && factor.suits(anybody))
        .map(factor -> factor.profile().id())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String strands(int people) {
    return "Nobody would send texts, or make calls, any more, and "
        + (people == 1 ? "1 person has" : people + " people have")
        + " no other factor that they could use: locked out of their accounts. Name another provider first "
        + "(PUT /api/v2/guardian/factors/phone/sending for one behind it), or let them set up another factor.";
  }

  // Who sends

  private static Reply selected(TextPlan plan) {
    var document = plan.document();
    return Reply.json(
        Json.object()
            .put(
                "provider",
                document
                    .path("provider_by_name")
                    .asString(document.path("provider").asString("auth0"))));
  }

  /** {@code auth0} stands for no choice. */
  private Reply select(Call call) {
    var wanted = String.valueOf(call.text("provider"));
    return change(
        call,
        "provider " + wanted,
        document -> {
          document.remove(List.of("provider", "provider_by_name"));
          if (OTHER_NAMES.containsKey(wanted)) {
            document.put("provider_by_name", wanted);
          }
          return wanted.equals("auth0")
              ? document
              : document.put("provider", OTHER_NAMES.getOrDefault(wanted, wanted));
        },
        PhoneEndpoints::selected);
  }

  private static Reply types(TextPlan plan) {
    var out = Json.object();
    var types = plan.document().get("message_types");
    out.set("message_types", types == null ? Json.array() : types);
    return Reply.json(out);
  }

  private Reply setTypes(Call call) {
    var types = call.texts("message_types");
    if (types.contains("voice") && !plan(call).mayCall()) {
      return ApiError.unsupported(
              "The provider chosen here is not asked to make calls. Choose twilio, with a number in \"from\", or "
                  + "phone-message-hook.")
          .reply();
    }
    return change(
        call,
        "message types",
        document -> document.set("message_types", call.body().get("message_types")),
        PhoneEndpoints::types);
  }

  private static Reply sending(TextPlan plan) {
    var document = plan.document();
    var out = Json.object();
    out.set("fallback_provider", document.get("fallback"));
    var countries = document.get("allowed_countries");
    out.set("allowed_countries", countries == null ? Json.array() : countries);
    var limits = out.putObject("limits");
    Texts.usualLimits()
        .forEach(
            (name, usual) -> limits.put(name, document.path("limits").path(name).asInt(usual)));
    return Reply.json(out);
  }

  private static Shape.Fields limitShape() {
    var shape = Shape.fields();
    for (var name : Texts.usualLimits().keySet()) {
      shape = shape.with(name, new Shape.Whole(1, 1_000_000));
    }
    return shape;
  }

  private Reply setSending(Call call) {
    var known = Set.of(Locale.getISOCountries());
    var strange =
        call.texts("allowed_countries").stream().filter(it -> !known.contains(it)).findFirst();
    if (strange.isPresent()) {
      return wrong("Not a country of ISO 3166: two capital letters", "allowed_countries").reply();
    }
    return change(
        call,
        "fallback, countries and limits",
        document -> {
          document.remove("limits");
          if (call.body().has("limits")) {
            document.set("limits", call.body().get("limits"));
          }
          document.set("fallback", call.body().get("fallback_provider"));
          return document.set("allowed_countries", call.body().get("allowed_countries"));
        },
        PhoneEndpoints::sending);
  }

  // Accounts

  private List<Endpoint> account(String base, Account account) {
    return account(base, account.name(), account);
  }

  private List<Endpoint> account(String base, String name, Account account) {
    var shape = Shape.fields();
    for (var field : account.fields()) {
      shape = shape.with(field, field.equals("from") ? Shape.text(0, 64).orNull() : TEXT);
    }
    var path = base + "/providers/" + name;
    return List.of(
        Endpoint.get(path, READ, call -> account(plan(call), account))
            .does("Shows the account at this provider; keys are masked")
            .answers(200, shape),
        Endpoint.put(path, UPDATE, shape, call -> setAccount(call, account))
            .does("Sets the account at this provider, all fields of it")
            .answers(200, shape));
  }

  private static Reply account(TextPlan plan, Account account) {
    var known = plan.document().get(account.name());
    var out = Json.object();
    if (known != null) {
      for (var field : account.fields()) {
        var value = known.path(field).asString("");
        out.put(field, value.isEmpty() ? null : account.keys().contains(field) ? MASK : value);
      }
    }
    return Reply.json(out);
  }

  /** Replaces all fields; one that is not sent is unset. */
  private Reply setAccount(Call call, Account account) {
    var unfit = unfit(call, account);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    return change(
        call,
        "account at " + account.name(),
        document -> {
          var before = document.path(account.name());
          var after = Json.object();
          for (var field : account.fields()) {
            var sent = call.text(field);
            boolean mask = account.keys().contains(field) && MASK.equals(sent);
            var value = mask ? before.path(field).asString("") : sent;
            if (value != null && !value.isEmpty()) {
              after.put(field, value);
            }
          }
          document.remove(account.name());
          if (!after.isEmpty()) {
            document.set(account.name(), after);
          }
          return document;
        },
        plan -> account(plan, account));
  }

  private static Optional<ApiError> unfit(Call call, Account account) {
    for (var field : account.fields()) {
      var sent = call.text(field);
      if (sent == null) {
        continue;
      }
      boolean fits =
          account.words().contains(field)
              ? WORD.matcher(sent).matches()
              : field.equals("from") || field.equals("sender_id") || PLAIN.matcher(sent).matches();
      if (!fits) {
        return Optional.of(wrong("A character that cannot stand here", field));
      }
      if (field.equals("url") && !plausible(sent)) {
        return Optional.of(wrong("An https URL of a server is needed", field));
      }
    }
    return Optional.empty();
  }

  private static boolean plausible(String url) {
    try {
      return Outbound.isPlausible(URI.create(url));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  // What they say

  private static Shape.Fields templateShape() {
    var two =
        Shape.fields()
            .withRequired("enrollment_message", Shape.text(1, 300, Format.ANY))
            .withRequired("verification_message", Shape.text(1, 300, Format.ANY));
    var languages = Shape.fields();
    for (var language : List.of("en", "de", "fr", "es", "pt", "ja", "ar")) {
      languages = languages.with(language, two);
    }
    return two.with("languages", languages);
  }

  private static Reply templates(TextPlan plan) {
    var own = plan.document().get("templates");
    return Reply.json(
        own == null
            ? Json.object()
                .put(
                    "enrollment_message",
                    "{{code}} is your code to set up text messages at {{tenant.friendly_name}}.")
                .put(
                    "verification_message",
                    "{{code}} is your code to sign in to {{tenant.friendly_name}}.")
            : own);
  }

  private Reply setTemplates(Call call) {
    Map<String, String> sent = new LinkedHashMap<>();
    sent.put("enrollment_message", call.text("enrollment_message"));
    sent.put("verification_message", call.text("verification_message"));
    for (var language : call.body().path("languages").properties()) {
      for (var each : language.getValue().properties()) {
        sent.put(
            "languages." + language.getKey() + "." + each.getKey(), each.getValue().stringValue());
      }
    }
    for (var each : sent.entrySet()) {
      if (!PLACE.matcher(String.valueOf(each.getValue())).find()) {
        return wrong("The place for the code is missing: {{code}}", each.getKey()).reply();
      }
    }
    return change(
        call,
        "templates",
        document -> document.set("templates", call.body()),
        PhoneEndpoints::templates);
  }

  private static ApiError wrong(String what, String field) {
    return ApiError.body(new Shape.Violation(what, field).sentence("Payload"));
  }
}
