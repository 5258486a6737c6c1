package dev.countersign.management.policy;

import dev.countersign.enforcement.Act;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Exemption;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Network;
import dev.countersign.enforcement.Policy;
import dev.countersign.enforcement.StepUp;
import dev.countersign.enforcement.Timing;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Shape;
import dev.countersign.management.guardian.FactorNames;
import dev.countersign.risk.Signal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A policy as JSON: what the API shows and takes, and what stands in a file under version control. What is not sent stays
 * as it is, except {@code mode}, which has to be there. Thread-safe.
 */
public final class PolicyForm {
  /** As many rules as one policy may have; a decision looks at each. */
  public static final int MOST_RULES = 200;

  private static final Shape MODE = words(Mode.values());
  private static final Shape DAYS = new Shape.Whole(0, 365);
  private static final Shape SCORE = new Shape.Whole(1, 100);
  private static final Shape NAMES = new Shape.ListOf(Shape.text(1, 128), 200);
  private static final Shape NETWORKS = new Shape.ListOf(Shape.text(1, 50), 200);
  private static final Shape TIMING =
      Shape.fields()
          .with("start", Shape.moment().orNull())
          .with("leaves_sessions", Shape.flag())
          .with("grace_days", DAYS.orNull())
          .with("grace_skips", new Shape.Whole(0, 1_000).orNull())
          .with("deadline", Shape.moment().orNull())
          .with("cool_down_days", DAYS);
  private static final Shape EXEMPTION =
      Shape.fields()
          .withRequired("user", Shape.text(1, 128))
          .withRequired("until", Shape.moment())
          .withRequired("reason", Shape.text(1, 200));
  private static final Shape ADAPTIVE =
      Shape.fields()
          .with("state", words(Adaptive.State.values()))
          .with("challenge_at", SCORE)
          .with("phishing_resistant_at", SCORE)
          .with("block_at", SCORE)
          .with("weights", weights())
          .with("without_factor", words(Adaptive.WithoutFactor.values()))
          .with("learning_until", Shape.moment().orNull());
  private static final Shape STEP_UP =
      Shape.fields()
          .with("id", Shape.text(1, 64))
          .withRequired("name", Shape.text(1, 100))
          .withRequired("acts", new Shape.ListOf(Shape.text(1, 200), 100))
          .with("level", Shape.word("aal1", "aal2", "aal3"))
          .with("factors", words(StepUp.Kind.values()))
          .with("lasts_seconds", new Shape.Whole(0, 86_400));

  private final FactorNames names;
  private final Entropy entropy;

  public PolicyForm(Factors factors, Entropy entropy) {
    this.names = new FactorNames(factors);
    this.entropy = entropy;
  }

  /** What came of reading one. */
  public sealed interface Reading {
    /** The change that it asks for. */
    record Sound(UnaryOperator<Policy> edit) implements Reading {}

    record Unsound(Shape.Violation violation) implements Reading {}

    /** It names a factor that there is not. */
    record NoSuchFactor(String name) implements Reading {}
  }

  /** What may be sent. */
  public Shape.Fields shape() {
    var factors = new Shape.ListOf(names.all(), 50);
    var rule =
        Shape.fields()
            .with("id", Shape.text(1, 64))
            .withRequired("name", Shape.text(1, 100))
            .with("groups", NAMES)
            .with("roles", NAMES)
            .with("applications", NAMES)
            .with("connections", NAMES)
            .with("email_domains", NAMES)
            .with(
                "traits",
                new Shape.ListOf(
                    Shape.fields()
                        .withRequired("name", Shape.text(1, 128))
                        .withRequired("values", NAMES),
                    20))
            .with("networks", NETWORKS)
            .with("not_networks", NETWORKS)
            .with("percent", new Shape.Decimal().orNull())
            .withRequired("mode", MODE)
            .with("allowed_factors", factors)
            .with("trusted_browser_days", DAYS.orNull())
            .with("timing", TIMING);
    return Shape.fields()
        .withRequired("mode", MODE)
        .with("allowed_factors", factors)
        .with("trusted_browser_days", DAYS)
        .with("timing", TIMING)
        .with("rules", new Shape.ListOf(rule, MOST_RULES))
        .with("exemptions", new Shape.ListOf(EXEMPTION, 100))
        .with("adaptive", ADAPTIVE)
        .with("step_ups", new Shape.ListOf(STEP_UP, 100));
  }

  /** What is shown: the same, and which version it is. A file may have that, too; it is not read. */
  public Shape.Fields shown() {
    return shape().with("version", new Shape.Whole(0, Long.MAX_VALUE));
  }

  private static Shape.Fields weights() {
    var out = Shape.fields();
    for (var signal : Signal.values()) {
      out = out.with(signal.word(), new Shape.Whole(0, 100));
    }
    return out;
  }

  private static <E extends Enum<E>> Shape words(E[] values) {
    return Shape.word(Arrays.stream(values).map(PolicyForm::word).toArray(String[]::new));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E read(Class<E> type, JsonNode word) {
    return Enum.valueOf(type, word.stringValue().toUpperCase(Locale.ROOT));
  }

  /** Reads what fits {@link #shown}. */
  public Reading read(TenantId tenant, JsonNode sent) {
    var wrong = shown().check(sent).or(() -> wrong(sent));
    if (wrong.isPresent()) {
      return new Reading.Unsound(wrong.get());
    }
    List<String> named = new ArrayList<>(Call.texts(sent.get("allowed_factors")));
    sent.path("rules").forEach(rule -> named.addAll(Call.texts(rule.get("allowed_factors"))));
    var missing = names.missing(tenant, named);
    if (missing.isPresent()) {
      return new Reading.NoSuchFactor(missing.get());
    }
    var rules = sent.has("rules") ? rules(tenant, sent.get("rules")) : null;
    var stepUps = sent.has("step_ups") ? stepUps(sent.get("step_ups")) : null;
    return doubled(rules, stepUps)
        .<Reading>map(Reading.Unsound::new)
        .orElseGet(() -> new Reading.Sound(before -> edited(tenant, sent, before, rules, stepUps)));
  }

  private Policy edited(
      TenantId tenant,
      JsonNode sent,
      Policy before,
      @Nullable List<Policy.Rule> rules,
      @Nullable List<StepUp> stepUps) {
    var after = before.withMode(read(Mode.class, sent.get("mode")));
    if (sent.has("allowed_factors")) {
      after =
          after.allowingOnly(
              Set.copyOf(names.ids(tenant, Call.texts(sent.get("allowed_factors")))));
    }
    if (rules != null) {
      after = after.withRules(rules);
    }
    if (sent.has("trusted_browser_days")) {
      after = after.trustingFor(sent.get("trusted_browser_days").intValue());
    }
    if (sent.has("timing")) {
      after = after.from(timing(sent.get("timing")));
    }
    if (sent.has("exemptions")) {
      after = after.exempting(exemptions(sent.get("exemptions")));
    }
    if (sent.has("adaptive")) {
      after = after.with(adaptive(sent.get("adaptive"), before.adaptive()));
    }
    return stepUps == null ? after : after.steppingUp(stepUps);
  }

  /** What a shape cannot say. */
  private static Optional<Shape.Violation> wrong(JsonNode sent) {
    int index = 0;
    for (var rule : sent.path("rules")) {
      for (var field : List.of("networks", "not_networks")) {
        for (var network : Call.texts(rule.get(field))) {
          if (Network.parse(network).isEmpty()) {
            return violation(
                "No block of addresses, such as 203.0.113.0/24, with no bits set behind its prefix",
                "rules[" + index + "]." + field);
          }
        }
      }
      var percent = rule.path("percent");
      if (percent.isNumber() && !(percent.doubleValue() >= 0 && percent.doubleValue() <= 100)) {
        return violation("Value must be 0 to 100", "rules[" + index + "].percent");
      }
      index++;
    }
    index = 0;
    for (var stepUp : sent.path("step_ups")) {
      for (var act : Call.texts(stepUp.get("acts"))) {
        if (!Act.isForRule(act)) {
          return violation(
              "Nothing would ever ask for this: an act is operation:NAME, scope:NAME, resource:NAME,"
                  + " endpoint:METHOD /path/{id}, or one of "
                  + String.join(", ", new TreeSet<>(Act.OF_ADMINS)),
              "step_ups[" + index + "].acts");
        }
      }
      index++;
    }
    var adaptive = sent.path("adaptive");
    long thresholds =
        Stream.of("challenge_at", "phishing_resistant_at", "block_at")
            .filter(adaptive::has)
            .count();
    if (thresholds != 0 && thresholds != 3) {
      return violation("The three thresholds are changed together", "adaptive");
    }
    int challenge = adaptive.path("challenge_at").asInt(Adaptive.INITIAL.challengeAt());
    int resistant = adaptive.path("phishing_resistant_at").asInt(Adaptive.INITIAL.resistantAt());
    int block = adaptive.path("block_at").asInt(Adaptive.INITIAL.blockAt());
    return challenge > resistant || resistant > block
        ? violation(
            "challenge_at may not be above phishing_resistant_at, nor that above block_at",
            "adaptive")
        : Optional.empty();
  }

  private static Optional<Shape.Violation> doubled(
      @Nullable List<Policy.Rule> rules, @Nullable List<StepUp> stepUps) {
    if (rules != null && hasTwice(rules.stream().map(Policy.Rule::id).toList())) {
      return violation("Two rules have the same id", "rules");
    }
    return stepUps != null && hasTwice(stepUps.stream().map(StepUp::id).toList())
        ? violation("Two rules have the same id", "step_ups")
        : Optional.empty();
  }

  private static boolean hasTwice(List<String> ids) {
    return new HashSet<>(ids).size() < ids.size() || ids.contains(Policy.EVERYONE);
  }

  private static Optional<Shape.Violation> violation(String what, String path) {
    return Optional.of(new Shape.Violation(what, path));
  }

  private String id(JsonNode object, String prefix) {
    var id = object.get("id");
    return id == null ? Ids.fresh(prefix, entropy) : id.stringValue();
  }

  private List<Policy.Rule> rules(TenantId tenant, JsonNode rules) {
    List<Policy.Rule> out = new ArrayList<>();
    for (var rule : rules) {
      out.add(
          new Policy.Rule(
              id(rule, "rule_"),
              rule.get("name").stringValue(),
              match(rule),
              read(Mode.class, rule.get("mode")),
              Set.copyOf(names.ids(tenant, Call.texts(rule.get("allowed_factors")))),
              whole(rule.get("trusted_browser_days")),
              rule.has("timing") ? timing(rule.get("timing")) : Timing.AT_ONCE));
    }
    return out;
  }

  private static Match match(JsonNode rule) {
    Map<String, SortedSet<String>> traits = new TreeMap<>();
    rule.path("traits")
        .forEach(trait ->
            traits.put(
                trait.get("name").stringValue(), new TreeSet<>(Call.texts(trait.get("values")))));
    var percent = rule.path("percent");
    return new Match(
        texts(rule, "groups"),
        texts(rule, "roles"),
        texts(rule, "applications"),
        texts(rule, "connections"),
        lower(texts(rule, "email_domains")),
        traits,
        networks(rule, "networks"),
        networks(rule, "not_networks"),
        percent.isNumber() ? percent.doubleValue() : null);
  }

  private static SortedSet<String> texts(JsonNode rule, String field) {
    return new TreeSet<>(Call.texts(rule.get(field)));
  }

  private static SortedSet<String> lower(SortedSet<String> texts) {
    var out = new TreeSet<String>();
    texts.forEach(it -> out.add(it.toLowerCase(Locale.ROOT)));
    return out;
  }

  private static SortedSet<Network> networks(JsonNode rule, String field) {
    var out = new TreeSet<Network>();
    Call.texts(rule.get(field)).forEach(it -> out.add(new Network(it)));
    return out;
  }

  private static Timing timing(JsonNode sent) {
    return new Timing(
        moment(sent.get("start")),
        sent.path("leaves_sessions").asBoolean(false),
        whole(sent.get("grace_days")),
        whole(sent.get("grace_skips")),
        moment(sent.get("deadline")),
        sent.path("cool_down_days").asInt(0));
  }

  private static List<Exemption> exemptions(JsonNode sent) {
    List<Exemption> out = new ArrayList<>();
    for (var each : sent) {
      out.add(
          new Exemption(
              each.get("user").stringValue(),
              read(each.get("until")),
              each.get("reason").stringValue()));
    }
    return out;
  }

  private static Adaptive adaptive(JsonNode sent, Adaptive before) {
    Map<String, Integer> weights = new TreeMap<>(before.weights());
    if (sent.has("weights")) {
      weights.clear();
      sent.get("weights")
          .properties()
          .forEach(it -> weights.put(it.getKey(), it.getValue().intValue()));
    }
    return new Adaptive(
        sent.has("state") ? read(Adaptive.State.class, sent.get("state")) : before.state(),
        sent.path("challenge_at").asInt(before.challengeAt()),
        sent.path("phishing_resistant_at").asInt(before.resistantAt()),
        sent.path("block_at").asInt(before.blockAt()),
        weights,
        sent.has("without_factor")
            ? read(Adaptive.WithoutFactor.class, sent.get("without_factor"))
            : before.withoutFactor(),
        sent.has("learning_until") ? moment(sent.get("learning_until")) : before.learningUntil());
  }

  private List<StepUp> stepUps(JsonNode sent) {
    List<StepUp> out = new ArrayList<>();
    for (var each : sent) {
      out.add(
          new StepUp(
              id(each, "stepup_"),
              each.get("name").stringValue(),
              new TreeSet<>(Call.texts(each.get("acts"))),
              Level.ofAcr(each.path("level").asString("aal2")).orElseThrow(),
              each.has("factors") ? read(StepUp.Kind.class, each.get("factors")) : StepUp.Kind.ANY,
              each.path("lasts_seconds").asLong(0)));
    }
    return out;
  }

  private static @Nullable Integer whole(@Nullable JsonNode sent) {
    return sent == null || sent.isNull() ? null : sent.intValue();
  }

  private static @Nullable Moment moment(@Nullable JsonNode sent) {
    return sent == null || sent.isNull() ? null : read(sent);
  }

  private static Moment read(JsonNode sent) {
    return Moment.of(OffsetDateTime.parse(sent.stringValue()).toInstant());
  }

  // And back

  public ObjectNode shown(TenantId tenant, Policy policy) {
    ObjectNode out =
        Json.object().put("version", policy.version()).put("mode", word(policy.mode()));
    out.set("allowed_factors", Json.texts(names.names(tenant, policy.allowed())));
    out.put("trusted_browser_days", policy.trustDays());
    out.set("timing", shown(policy.timing()));
    var rules = Json.array();
    policy.rules().forEach(rule -> rules.add(shown(tenant, rule)));
    out.set("rules", rules);
    var exemptions = Json.array();
    policy
        .exemptions()
        .forEach(it ->
            exemptions.add(
                Json.object()
                    .put("user", it.user())
                    .put("until", it.until().toString())
                    .put("reason", it.reason())));
    out.set("exemptions", exemptions);
    out.set("adaptive", shown(policy.adaptive()));
    var stepUps = Json.array();
    policy
        .stepUps()
        .forEach(it -> {
          ObjectNode each = Json.object().put("id", it.id()).put("name", it.name());
          each.set("acts", Json.texts(it.acts()));
          each.put("level", it.level().acr())
              .put("factors", word(it.kind()))
              .put("lasts_seconds", it.lastsSeconds());
          stepUps.add(each);
        });
    out.set("step_ups", stepUps);
    return out;
  }

  private ObjectNode shown(TenantId tenant, Policy.Rule rule) {
    var match = rule.match();
    ObjectNode out = Json.object().put("id", rule.id()).put("name", rule.name());
    out.set("groups", Json.texts(match.groups()));
    out.set("roles", Json.texts(match.roles()));
    out.set("applications", Json.texts(match.applications()));
    out.set("connections", Json.texts(match.connections()));
    out.set("email_domains", Json.texts(match.emailDomains()));
    var traits = Json.array();
    match
        .traits()
        .forEach((name, values) -> {
          ObjectNode each = Json.object().put("name", name);
          each.set("values", Json.texts(values));
          traits.add(each);
        });
    out.set("traits", traits);
    out.set("networks", Json.texts(match.networks().stream().map(Network::text).toList()));
    out.set("not_networks", Json.texts(match.notNetworks().stream().map(Network::text).toList()));
    out.put("percent", match.percent());
    out.put("mode", word(rule.mode()));
    out.set("allowed_factors", Json.texts(names.names(tenant, rule.factors())));
    out.put("trusted_browser_days", rule.trustDays());
    out.set("timing", shown(rule.timing()));
    return out;
  }

  private static ObjectNode shown(Timing timing) {
    return Json.object()
        .put("start", text(timing.start()))
        .put("leaves_sessions", timing.leavesSessions())
        .put("grace_days", timing.graceDays())
        .put("grace_skips", timing.graceSkips())
        .put("deadline", text(timing.deadline()))
        .put("cool_down_days", timing.coolDownDays());
  }

  private static ObjectNode shown(Adaptive adaptive) {
    ObjectNode out =
        Json.object()
            .put("state", word(adaptive.state()))
            .put("challenge_at", adaptive.challengeAt())
            .put("phishing_resistant_at", adaptive.resistantAt())
            .put("block_at", adaptive.blockAt());
    var weights = Json.object();
    adaptive.weights().forEach(weights::put);
    out.set("weights", weights);
    return out.put("without_factor", word(adaptive.withoutFactor()))
        .put("learning_until", text(adaptive.learningUntil()));
  }

  private static @Nullable String text(@Nullable Moment moment) {
    return moment == null ? null : moment.toString();
  }

  /** A policy in one line of the record. */
  String told(TenantId tenant, Policy policy) {
    return word(policy.mode())
        + "; factors "
        + String.join(", ", names.names(tenant, policy.allowed()))
        + "; browsers trusted for "
        + policy.trustDays()
        + " days; rules "
        + policy.rules().stream().map(rule -> rule.name() + " (" + word(rule.mode()) + ")").toList()
        + "; exempt "
        + policy.exemptions().stream().map(it -> it.user() + " until " + it.until()).toList()
        + "; risk "
        + word(policy.adaptive().state());
  }
}
