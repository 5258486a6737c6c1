package dev.countersign.management.guardian;

import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole policy, rules included: ours, beside the two words that the Guardian API has for it. */
public final class EnforcementEndpoints {
  private static final Shape MODE = Shape.word("off", "optional", "required");
  private static final Shape NAMES = new Shape.ListOf(Shape.text(1, 128), 200);
  private static final Shape DAYS = new Shape.Whole(0, 365);

  private final FactorNames names;
  private final PolicyChange policy;
  private final Entropy entropy;

  public EnforcementEndpoints(Factors factors, PolicyChange policy, Entropy entropy) {
    this.names = new FactorNames(factors);
    this.policy = policy;
    this.entropy = entropy;
  }

  public List<Endpoint> endpoints() {
    var factors = new Shape.ListOf(names.all(), 50);
    return List.of(
        Endpoint.get(
                "/enforcement",
                "read:mfa_policies",
                call -> Reply.json(shown(call, policy.current(call))))
            .does("Shows the whole policy, rules included")
            .answers(200, shown(factors)),
        Endpoint.put("/enforcement", "update:mfa_policies", sent(factors), this::replace)
            .does("Replaces the policy; refused where it would lock people out")
            .answers(200, shown(factors)));
  }

  private static Shape sent(Shape factors) {
    var rule =
        Shape.fields()
            .with("id", Shape.text(1, 64))
            .withRequired("name", Shape.text(1, 100))
            .with("groups", NAMES)
            .with("roles", NAMES)
            .withRequired("mode", MODE)
            .with("allowed_factors", factors)
            .with("trusted_browser_days", DAYS.orNull());
    return Shape.fields()
        .withRequired("mode", MODE)
        .with("allowed_factors", factors)
        .with("trusted_browser_days", DAYS)
        .with("rules", new Shape.ListOf(rule, 200));
  }

  private static Shape shown(Shape factors) {
    var rule =
        Shape.fields()
            .withRequired("id", Shape.text(1, 64))
            .withRequired("name", Shape.text(1, 100))
            .withRequired("groups", NAMES)
            .withRequired("roles", NAMES)
            .withRequired("mode", MODE)
            .withRequired("allowed_factors", factors)
            .withRequired("trusted_browser_days", DAYS.orNull());
    return Shape.fields()
        .withRequired("version", new Shape.Whole(0, Long.MAX_VALUE))
        .withRequired("mode", MODE)
        .withRequired("allowed_factors", factors)
        .withRequired("trusted_browser_days", DAYS)
        .withRequired("rules", new Shape.ListOf(rule, 200));
  }

  /** What is not sent beside the mode stays as it is. */
  private Reply replace(Call call) {
    var mode = mode(call.body());
    var allowed = call.field("allowed_factors");
    var rules = call.field("rules");
    var trusted = days(call.field("trusted_browser_days"));
    var missing = missing(call, call.body());
    if (missing.isPresent()) {
      return ApiError.unsupported(
              "This server has no factor \"" + missing.get() + "\", so it cannot be allowed.")
          .reply();
    }
    var read =
        rules == null ? Optional.<List<Policy.Rule>>empty() : Optional.of(rules(call, rules));
    if (read.isPresent()
        && read.get().stream().map(Policy.Rule::id).distinct().count() < read.get().size()) {
      return ApiError.body(
              new Shape.Violation("Two rules have the same id", "rules").sentence("Payload"))
          .reply();
    }
    return policy.make(
        call,
        before ->
            before
                .allowingOnly(
                    allowed == null
                        ? before.allowed()
                        : names.ids(call.tenant(), Call.texts(allowed)))
                .withMode(mode)
                .withRules(read.orElse(before.rules()))
                .trustingFor(trusted.orElse(before.trustDays())),
        (before, after) ->
            PolicyChange.event(AuditType.POLICY_CHANGED, call)
                .with("before", told(call, before))
                .with("after", told(call, after)),
        after -> Reply.json(shown(call, after)));
  }

  private Optional<String> missing(Call call, JsonNode body) {
    List<String> named = new ArrayList<>(Call.texts(body.get("allowed_factors")));
    body.path("rules").forEach(rule -> named.addAll(Call.texts(rule.get("allowed_factors"))));
    return names.missing(call.tenant(), named);
  }

  private List<Policy.Rule> rules(Call call, JsonNode rules) {
    List<Policy.Rule> out = new ArrayList<>();
    for (var rule : rules) {
      var id = rule.get("id");
      out.add(
          new Policy.Rule(
              id == null ? Ids.fresh("rule_", entropy) : id.stringValue(),
              rule.get("name").stringValue(),
              new HashSet<>(Call.texts(rule.get("groups"))),
              new HashSet<>(Call.texts(rule.get("roles"))),
              mode(rule),
              names.ids(call.tenant(), Call.texts(rule.get("allowed_factors"))),
              days(rule.get("trusted_browser_days")).orElse(null)));
    }
    return out;
  }

  private static Optional<Integer> days(@Nullable JsonNode sent) {
    return sent == null || sent.isNull() ? Optional.empty() : Optional.of(sent.intValue());
  }

  private static Mode mode(JsonNode object) {
    return Mode.valueOf(object.get("mode").stringValue().toUpperCase(Locale.ROOT));
  }

  private ObjectNode shown(Call call, Policy policy) {
    var rules = Json.array();
    for (var rule : policy.rules()) {
      ObjectNode each = Json.object().put("id", rule.id()).put("name", rule.name());
      each.set("groups", array(rule.match().groups()));
      each.set("roles", array(rule.match().roles()));
      each.put("mode", word(rule.mode()));
      each.set("allowed_factors", array(names.names(call.tenant(), rule.factors())));
      each.put("trusted_browser_days", rule.trustDays());
      rules.add(each);
    }
    ObjectNode out =
        Json.object().put("version", policy.version()).put("mode", word(policy.mode()));
    out.set("allowed_factors", array(names.names(call.tenant(), policy.allowed())));
    out.put("trusted_browser_days", policy.trustDays());
    out.set("rules", rules);
    return out;
  }

  /** A policy in one line of the record. */
  private String told(Call call, Policy policy) {
    return word(policy.mode())
        + "; factors "
        + String.join(", ", names.names(call.tenant(), policy.allowed()))
        + "; browsers trusted for "
        + policy.trustDays()
        + " days; rules "
        + policy.rules().stream()
            .map(rule -> rule.name() + " (" + word(rule.mode()) + ")")
            .toList();
  }

  private static String word(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static ArrayNode array(Iterable<String> texts) {
    var out = Json.array();
    texts.forEach(out::add);
    return out;
  }
}
