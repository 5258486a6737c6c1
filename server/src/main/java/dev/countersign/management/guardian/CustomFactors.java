package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditType;
import dev.countersign.factor.Definitions;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.factor.custom.Custom;
import dev.countersign.factor.custom.Definition;
import dev.countersign.factor.custom.Service;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Messages;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Factors of a tenant's own: ours, beside those of Auth0's Guardian API. What a factor is, its name in ids, its kind and what
 * it is worth, stays as it was defined; how it looks and where it leads may change. The key of a service is shown once, to
 * whoever made it.
 */
public final class CustomFactors {
  private static final String READ = "read:guardian_factors";
  private static final String UPDATE = "update:guardian_factors";
  private static final String BASE = "/guardian/custom-factors";
  private static final String ONE = BASE + "/{slug}";

  /** The longest that two keys are good side by side. */
  private static final int MOST_OVERLAP = 7 * 24 * 3600;

  /** How often a change is tried anew when another was quicker. */
  private static final int TRIES = 5;

  private static final int USUAL_OVERLAP = 24 * 3600;
  private static final Shape NAME = Shape.text(1, 60);
  private static final Shape LINE = Shape.text(1, 160);

  private static final Shape WEBHOOK =
      Shape.fields()
          .with("url", Shape.text(8, 1000))
          .with("answer", Shape.word("code", "confirmation"))
          .with("code_length", new Shape.Whole(0, 10))
          .with("timeout_seconds", new Shape.Whole(1, 10))
          .with("lasts_seconds", new Shape.Whole(30, 900));
  private static final Shape REDIRECT =
      Shape.fields()
          .with("url", Shape.text(8, 1000))
          .with("lasts_seconds", new Shape.Whole(30, 900));
  private static final Shape TOTP =
      Shape.fields()
          .with("digits", new Shape.Whole(6, 8))
          .with("period", new Shape.Whole(15, 120))
          .with("algorithm", Shape.word("SHA1", "SHA256", "SHA512"));
  private static final Shape WEBAUTHN =
      Shape.fields()
          .with("attachment", Shape.word("platform", "cross-platform", "any"))
          .with("userVerification", Shape.word("discouraged", "preferred", "required"))
          .with("attestation", Shape.word("none", "required"))
          .with("trustedRoots", new Shape.ListOf(Shape.text(1, 8_000), 100))
          .with("allowedModels", new Shape.ListOf(Shape.text(1, 36), 100))
          .with("deniedModels", new Shape.ListOf(Shape.text(1, 36), 100))
          .with("passkeyIsMultiFactor", Shape.flag());

  private static final Shape.Fields CHANGE =
      Shape.fields()
          .with("display_name", NAME)
          .with("display_names", byLanguage(NAME))
          .with("description", LINE)
          .with("descriptions", byLanguage(LINE))
          .with("icon", Shape.word(Definition.ICONS.toArray(String[]::new)))
          .with("appearance", Shape.word("picker", "admin-only"))
          .with("enabled", Shape.flag())
          .with("webhook", WEBHOOK)
          .with("redirect", REDIRECT)
          .with("totp", TOTP)
          .with("webauthn", WEBAUTHN);
  private static final Shape NEW =
      CHANGE
          .withRequired("slug", Shape.text(1, 32))
          .withRequired("kind", Shape.word("webhook", "redirect", "totp", "webauthn"))
          .withRequired("display_name", NAME)
          .withRequired("description", LINE)
          .with(
              "satisfies",
              Shape.word("something-you-have", "something-you-are", "something-you-know"))
          .with("enrolment", Shape.word("required", "none"));

  private static final Shape.Fields SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("slug", Shape.text(1, 32))
          .withRequired("kind", Shape.word("webhook", "redirect", "totp", "webauthn"))
          .withRequired("display_name", NAME)
          .withRequired("display_names", byLanguage(NAME))
          .withRequired("description", LINE)
          .withRequired("descriptions", byLanguage(LINE))
          .withRequired("icon", Shape.word(Definition.ICONS.toArray(String[]::new)))
          .withRequired("appearance", Shape.word("picker", "admin-only"))
          .withRequired(
              "satisfies",
              Shape.word("something-you-have", "something-you-are", "something-you-know"))
          .withRequired("enrolment", Shape.word("required", "none"))
          .withRequired("enabled", Shape.flag())
          .with("webhook", WEBHOOK)
          .with("redirect", REDIRECT)
          .with("totp", TOTP)
          .with("webauthn", WEBAUTHN)
          .with("previous_secret_until", Shape.moment());
  private static final Shape SECRET = Shape.text(20, 200);

  private final Database database;
  private final Tenants tenants;
  private final Factors factors;
  private final FactorSettings settings;
  private final Definitions definitions;
  private final PolicyChange policy;
  private final Audit audit;
  private final Entropy entropy;

  public CustomFactors(
      Database database,
      Tenants tenants,
      Factors factors,
      FactorSettings settings,
      Definitions definitions,
      PolicyChange policy,
      Audit audit,
      Entropy entropy) {
    this.database = database;
    this.tenants = tenants;
    this.factors = factors;
    this.settings = settings;
    this.definitions = definitions;
    this.policy = policy;
    this.audit = audit;
    this.entropy = entropy;
  }

  private static Shape byLanguage(Shape each) {
    var fields = Shape.fields();
    for (var language : Messages.LANGUAGES) {
      fields = fields.with(language.getLanguage(), each);
    }
    return fields;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(BASE, READ, this::all)
            .does("Lists the factors that the tenant has defined")
            .answers(200, new Shape.ListOf(SHOWN, Definitions.MOST)),
        Endpoint.post(BASE, UPDATE, NEW, this::create)
            .does("Defines a factor; the answer alone shows the key that calls are signed with")
            .answers(201, SHOWN.with("signing_secret", SECRET)),
        Endpoint.get(
                ONE,
                READ,
                call ->
                    about(call, known -> Reply.json(shown(known, call, isOn(call, known.id())))))
            .does("Shows a factor that the tenant has defined")
            .answers(200, SHOWN),
        Endpoint.patch(ONE, UPDATE, CHANGE, call -> changing(call, known -> change(call, known)))
            .does("Changes how a factor looks, where it leads, and whether it is on")
            .answers(200, SHOWN),
        Endpoint.delete(ONE, UPDATE, call -> changing(call, known -> giveUp(call, known)))
            .does("Gives a factor up with everybody's enrolments in it")
            .answersNothing(),
        Endpoint.post(
                ONE + "/rotate-secret",
                UPDATE,
                Shape.fields().with("overlap_seconds", new Shape.Whole(0, MOST_OVERLAP)),
                call -> changing(call, known -> rotate(call, known)))
            .does("Makes a new key to sign with; the one before is good for a while more")
            .answers(
                200,
                Shape.fields()
                    .withRequired("signing_secret", SECRET)
                    .with("previous_secret_until", Shape.moment())));
  }

  /**
   * One as it is now.
   *
   * @param document the definition as it is kept
   * @param set what is set for it
   */
  private record Known(FactorId id, Definition definition, String document, String set) {
    Known(FactorId id, String document, String set) {
      this(id, Json.read(document, Definition.class), document, set);
    }
  }

  private Reply about(Call call, Function<Known, Reply> deed) {
    return known(call, call.parameter("slug")).map(deed).orElseGet(CustomFactors::unknown);
  }

  private static Reply unknown() {
    return new ApiError(404, "inexistent_custom_factor", "There is no custom factor of that name.")
        .reply();
  }

  /** The same for a deed that changes it: one that found it changed by another, and did nothing, looks again. */
  private Reply changing(Call call, Function<Known, Optional<Reply>> deed) {
    for (int i = 0; i < TRIES; i++) {
      tenants.read(call.tenant());
      var known = known(call, call.parameter("slug"));
      if (known.isEmpty()) {
        return unknown();
      }
      var done = deed.apply(known.get());
      if (done.isPresent()) {
        return done.get();
      }
    }
    return new ApiError(
            409, "conflict", "This factor is being changed by others all the time. Try again.")
        .reply();
  }

  private Optional<Known> known(Call call, String slug) {
    if (!slug.matches(Definition.SLUG)) {
      return Optional.empty();
    }
    var id = Custom.id(slug);
    return Optional.ofNullable(definitions.of(call.tenant()).get(id.value()))
        .map(document ->
            new Known(id, document, database.read(tx -> settings.of(tx, call.tenant(), id))))
        .filter(known -> !known.definition().givenUp());
  }

  private Reply all(Call call) {
    var out = Json.array();
    new TreeMap<>(definitions.of(call.tenant()))
        .keySet().stream()
            .filter(id -> id.startsWith(Custom.PREFIX))
            .flatMap(id -> known(call, id.substring(Custom.PREFIX.length())).stream())
            .forEach(known -> out.add(shown(known, call, isOn(call, known.id()))));
    return Reply.json(out);
  }

  // Showing

  private boolean isOn(Call call, FactorId id) {
    return policy.current(call).allowed().contains(id);
  }

  private static ObjectNode shown(Known known, Call call, boolean on) {
    var it = known.definition();
    var kind = word(it.kind());
    ObjectNode out =
        Json.object()
            .put("id", known.id().value())
            .put("slug", known.id().value().substring(Custom.PREFIX.length()))
            .put("kind", kind)
            .put("display_name", it.name());
    out.set("display_names", texts(it.names()));
    out.put("description", it.line());
    out.set("descriptions", texts(it.lines()));
    out.put("icon", it.icon())
        .put("appearance", word(it.appearance()))
        .put("satisfies", "something-you-" + word(it.satisfies()))
        .put("enrolment", it.enrolment() ? "required" : "none")
        .put("enabled", on);
    out.set(kind, shownSettings(known));
    if (hasService(it)) {
      Service.read(known.set())
          .overlapUntil(call.occasion().at())
          .ifPresent(until -> out.put("previous_secret_until", until.toString()));
    }
    return out;
  }

  private static boolean hasService(Definition it) {
    return it.kind() == Definition.Kind.WEBHOOK || it.kind() == Definition.Kind.REDIRECT;
  }

  private static JsonNode shownSettings(Known known) {
    var it = known.definition();
    return switch (it.kind()) {
      case WEBHOOK ->
          Json.object()
              .put("url", Service.read(known.set()).url())
              .put("answer", word(it.answer()))
              .put("code_length", it.codeLength())
              .put("timeout_seconds", it.timeoutSeconds())
              .put("lasts_seconds", it.lastsSeconds());
      case REDIRECT ->
          Json.object()
              .put("url", Service.read(known.set()).url())
              .put("lasts_seconds", it.lastsSeconds());
      case TOTP, WEBAUTHN -> Json.tree(known.set());
    };
  }

  private static ObjectNode texts(Map<String, String> byLanguage) {
    ObjectNode out = Json.object();
    new TreeMap<>(byLanguage).forEach(out::put);
    return out;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  // Changing

  private Reply create(Call call) {
    var slug = String.valueOf(call.text("slug"));
    if (!slug.matches(Definition.SLUG)) {
      return wrong("slug", "Lower-case letters, digits and hyphens within, 32 at most");
    }
    var kind = Definition.Kind.valueOf(upper(String.valueOf(call.text("kind"))));
    var strange = strangeSettings(call, kind);
    if (strange.isPresent()) {
      return wrong(strange.get(), "Belongs to another kind than " + word(kind));
    }
    if (url(call, kind).isEmpty()
        && (kind == Definition.Kind.WEBHOOK || kind == Definition.Kind.REDIRECT)) {
      return wrong(word(kind) + ".url", "Missing required property: url");
    }
    var id = Custom.id(slug);
    var definition = merged(call, initial(call, kind));
    var set =
        switch (kind) {
          case WEBHOOK, REDIRECT -> Service.at(url(call, kind).orElseThrow(), entropy).write();
          case TOTP, WEBAUTHN -> plain(call, kind).orElse(FactorSettings.USUAL);
        };
    var unfit = unfit(call, id, definition, set);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    var added =
        database.write(tx -> {
          var outcome =
              definitions.add(tx, call.tenant(), id, definition.write(), set, call.occasion().at());
          if (outcome == Definitions.Addition.ADDED) {
            audit.record(
                tx,
                call.tenant(),
                PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                    .with("factor", id.value())
                    .with("changed", "defined")
                    .with("kind", word(kind)));
          }
          return outcome;
        });
    tenants.read(call.tenant());
    return switch (added) {
      case ADDED ->
          turned(
              call,
              id,
              on -> {
                var out = shown(new Known(id, definition.write(), set), call, on);
                if (hasService(definition)) {
                  out.put("signing_secret", Service.read(set).newest().reveal());
                }
                return Reply.json(201, out);
              });
      case TAKEN ->
          new ApiError(
                  409,
                  "conflict",
                  "This name is, or was, another custom factor's. Names are never given again.")
              .reply();
      case TOO_MANY ->
          ApiError.unsupported(
                  "A tenant may have " + Definitions.MOST + " custom factors. Delete one first.")
              .reply();
      case TOO_MANY_EVER ->
          ApiError.unsupported(
                  "A tenant may define "
                      + Definitions.MOST_EVER
                      + " custom factors altogether, deleted ones included.")
              .reply();
    };
  }

  private Optional<Reply> change(Call call, Known known) {
    var kind = known.definition().kind();
    var strange = strangeSettings(call, kind);
    if (strange.isPresent()) {
      return Optional.of(wrong(strange.get(), "Belongs to another kind than " + word(kind)));
    }
    var definition = merged(call, known.definition());
    UnaryOperator<String> edit =
        hasService(definition)
            ? set -> url(call, kind).map(url -> Service.read(set).movedTo(url).write()).orElse(set)
            : set -> plain(call, kind).orElse(set);
    var unfit = unfit(call, known.id(), definition, edit.apply(known.set()));
    if (unfit.isPresent()) {
      return unfit;
    }
    var after = new Known(known.id(), definition.write(), edit.apply(known.set()));
    return (after.equals(known)
            ? Optional.of(known.set())
            : replaced(
                call,
                known,
                after.document(),
                edit,
                String.join(", ", call.body().propertyNames())))
        .map(set ->
            turned(
                call,
                known.id(),
                on -> Reply.json(shown(new Known(known.id(), after.document(), set), call, on))));
  }

  /** What is set for it after a change; nothing when another was quicker. */
  private Optional<String> replaced(
      Call call, Known known, String document, UnaryOperator<String> edit, String what) {
    var set =
        database.write(tx -> {
          var changed =
              definitions.change(
                  tx,
                  call.tenant(),
                  known.id(),
                  known.document(),
                  document,
                  edit,
                  call.occasion().at());
          if (changed.isPresent()) {
            audit.record(
                tx,
                call.tenant(),
                PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                    .with("factor", known.id().value())
                    .with("changed", what));
          }
          return changed;
        });
    tenants.read(call.tenant());
    return set;
  }

  /** Turns it on or off where that was asked for, refused where it would strand people. */
  private Reply turned(Call call, FactorId id, Function<Boolean, Reply> answer) {
    if (call.field("enabled") == null) {
      return answer.apply(isOn(call, id));
    }
    return turn(call, id, call.flag("enabled", false), answer);
  }

  private Reply turn(Call call, FactorId id, boolean on, Function<Boolean, Reply> answer) {
    return policy.make(
        call,
        before -> before.allowing(id, on),
        (before, after) ->
            PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                .with("factor", id.value())
                .with("before", Guardian.onOff(before.allowed().contains(id)))
                .with("after", Guardian.onOff(after.allowed().contains(id))),
        after -> answer.apply(after.allowed().contains(id)));
  }

  private Optional<Reply> giveUp(Call call, Known known) {
    var naming =
        policy.current(call).rules().stream()
            .filter(rule -> rule.factors().contains(known.id()))
            .findFirst();
    if (naming.isPresent()) {
      return Optional.of(
          new ApiError(
                  409,
                  "operation_not_supported",
                  "The rule \""
                      + naming.get().name()
                      + "\" of the policy names this factor. Change the rule first (PUT /api/v2/enforcement).")
              .reply());
    }
    var turned = turn(call, known.id(), false, _ -> Reply.empty(204));
    return turned.status() == 204 ? gone(call, known) : Optional.of(turned);
  }

  private Optional<Reply> gone(Call call, Known known) {
    boolean done =
        database.write(tx -> {
          var people =
              definitions.giveUp(
                  tx,
                  call.tenant(),
                  known.id(),
                  known.document(),
                  known.definition().thatIsGivenUp().write(),
                  call.occasion().at());
          if (people.isPresent()) {
            audit.record(
                tx,
                call.tenant(),
                PolicyChange.event(AuditType.SETTINGS_CHANGED, call)
                    .with("factor", known.id().value())
                    .with("changed", "deleted")
                    .with("people", String.valueOf(people.getAsInt())));
          }
          return people.isPresent();
        });
    tenants.read(call.tenant());
    return done ? Optional.of(Reply.empty(204)) : Optional.empty();
  }

  /** Of two rotations at once the second rotates what the first has made: all the keys are good meanwhile. */
  private Optional<Reply> rotate(Call call, Known known) {
    if (!hasService(known.definition())) {
      return Optional.of(
          ApiError.unsupported("A factor of this kind has no signing secret.").reply());
    }
    var asked = call.field("overlap_seconds");
    var overlap = Duration.ofSeconds(asked == null ? USUAL_OVERLAP : asked.longValue());
    var now = call.occasion().at();
    return replaced(
            call,
            known,
            known.document(),
            set -> Service.read(set).rotated(entropy, now, overlap).write(),
            "signing secret")
        .map(Service::read)
        .map(rotated -> {
          ObjectNode out = Json.object().put("signing_secret", rotated.newest().reveal());
          rotated
              .overlapUntil(now)
              .ifPresent(until -> out.put("previous_secret_until", until.toString()));
          return Reply.json(out);
        });
  }

  // Reading what was sent

  /** Settings of a kind that this one is not. */
  private static Optional<String> strangeSettings(Call call, Definition.Kind kind) {
    for (var other : Definition.Kind.values()) {
      if (other != kind && call.field(word(other)) != null) {
        return Optional.of(word(other));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> url(Call call, Definition.Kind kind) {
    return Optional.ofNullable(call.field(word(kind)))
        .map(it -> it.path("url").asString(""))
        .filter(it -> !it.isEmpty());
  }

  private static Optional<String> plain(Call call, Definition.Kind kind) {
    return Optional.ofNullable(call.field(word(kind))).map(Json::write);
  }

  /** What is as usual, and what is not changed later. */
  private static Definition initial(Call call, Definition.Kind kind) {
    var satisfies = call.text("satisfies");
    return new Definition(
        kind,
        "",
        Map.of(),
        "",
        Map.of(),
        switch (kind) {
          case WEBHOOK -> "chat";
          case REDIRECT -> "globe";
          case TOTP -> "phone";
          case WEBAUTHN -> "key";
        },
        Definition.Appearance.PICKER,
        Definition.Satisfies.valueOf(
            satisfies == null ? "HAVE" : upper(satisfies.substring("something-you-".length()))),
        !"none".equals(call.text("enrolment")),
        Definition.AnsweredBy.CODE,
        6,
        5,
        300,
        false);
  }

  /** What is not sent stays as it is; of the kind's own settings too, but for the address. */
  private static Definition merged(Call call, Definition before) {
    var own = call.field(word(before.kind()));
    return new Definition(
        before.kind(),
        or(call.text("display_name"), before.name()),
        read(call.field("display_names"), before.names()),
        or(call.text("description"), before.line()),
        read(call.field("descriptions"), before.lines()),
        or(call.text("icon"), before.icon()),
        call.field("appearance") == null
            ? before.appearance()
            : Definition.Appearance.valueOf(upper(String.valueOf(call.text("appearance")))),
        before.satisfies(),
        before.enrolment(),
        own == null || !own.has("answer")
            ? before.answer()
            : Definition.AnsweredBy.valueOf(upper(own.path("answer").asString(""))),
        number(own, "code_length", before.codeLength()),
        number(own, "timeout_seconds", before.timeoutSeconds()),
        number(own, "lasts_seconds", before.lastsSeconds()),
        false);
  }

  private static int number(@Nullable JsonNode own, String name, int before) {
    return own == null ? before : own.path(name).asInt(before);
  }

  private static String or(@Nullable String sent, String before) {
    return sent == null ? before : sent;
  }

  private static Map<String, String> read(
      @Nullable JsonNode byLanguage, Map<String, String> before) {
    if (byLanguage == null) {
      return before;
    }
    var out = new HashMap<String, String>();
    byLanguage.properties().forEach(it -> out.put(it.getKey(), it.getValue().stringValue()));
    return out;
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private Optional<Reply> unfit(Call call, FactorId id, Definition definition, String set) {
    var origins = database.read(tx -> tenants.origins(tx, call.tenant()));
    return definition
        .unfit()
        .or(() -> factors.member(id, definition.write()).flatMap(it -> it.unfit(set, origins)))
        .map(unfit -> wrong(unfit.field(), unfit.why()));
  }

  private static Reply wrong(String field, String why) {
    return ApiError.body(new Shape.Violation(why, field).sentence("Payload")).reply();
  }
}
