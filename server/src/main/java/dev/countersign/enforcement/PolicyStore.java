package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table {@code policies}: a row a version, never changed. */
final class PolicyStore {
  /** What stands in the document column. */
  record Document(
      Set<String> allowed,
      Mode mode,
      List<Rule> rules,
      @Nullable Integer trustDays,
      Policy.@Nullable Remembering remembering,
      @Nullable Timing timing,
      @Nullable List<Exemption> exemptions,
      @Nullable Adaptive adaptive,
      @Nullable List<StepUp> stepUps) {}

  /** Those written before there was a match have groups and roles instead. */
  record Rule(
      String id,
      String name,
      @Nullable Set<String> groups,
      @Nullable Set<String> roles,
      @Nullable Match match,
      Mode mode,
      Set<String> factors,
      @Nullable Integer trustDays,
      @Nullable Timing timing) {}

  private final Mirror<TenantId, OptionalLong> newest = Mirror.of("policies");

  OptionalLong newest(Tx tx, TenantId tenant) {
    return newest.get(tx, tenant, () -> askedNewest(tx, tenant));
  }

  private static OptionalLong askedNewest(Tx tx, TenantId tenant) {
    return tx
        .sql(
            "select version from policies where tenant = :tenant order by version desc fetch first 1 rows only")
        .set("tenant", tenant)
        .list(row -> row.number("version"))
        .stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  Optional<Policy> find(Tx tx, TenantId tenant, long version) {
    return tx.sql("select document from policies where tenant = :tenant and version = :version")
        .set("tenant", tenant)
        .set("version", version)
        .one(row -> policy(version, row.text("document")));
  }

  void insert(Tx tx, TenantId tenant, Policy policy, String author, Moment moment) {
    var rules =
        policy.rules().stream()
            .map(rule ->
                new Rule(
                    rule.id(),
                    rule.name(),
                    null,
                    null,
                    rule.match(),
                    rule.mode(),
                    names(rule.factors()),
                    rule.trustDays(),
                    rule.timing()))
            .toList();
    tx.sql(
            "insert into policies (tenant, version, document, author, created_at) values (:tenant, :version, :document, :author, :at)")
        .set("tenant", tenant)
        .set("version", policy.version())
        .set(
            "document",
            Json.write(
                new Document(
                    names(policy.allowed()),
                    policy.mode(),
                    rules,
                    policy.trustDays(),
                    policy.remembering(),
                    policy.timing(),
                    policy.exemptions(),
                    policy.adaptive(),
                    policy.stepUps())))
        .set("author", author)
        .set("at", moment)
        .update();
  }

  private static Policy policy(long version, String text) {
    var document = Json.read(text, Document.class);
    var rules =
        document.rules().stream()
            .map(rule ->
                new Policy.Rule(
                    rule.id(),
                    rule.name(),
                    match(rule),
                    rule.mode(),
                    ids(rule.factors()),
                    rule.trustDays(),
                    Objects.requireNonNullElse(rule.timing(), Timing.AT_ONCE)))
            .toList();
    var trustDays = document.trustDays();
    var remembering = document.remembering();
    return new Policy(
        version,
        ids(document.allowed()),
        document.mode(),
        rules,
        trustDays == null ? 0 : trustDays,
        remembering == null ? Policy.Remembering.USUAL : remembering,
        Objects.requireNonNullElse(document.timing(), Timing.AT_ONCE),
        Objects.requireNonNullElse(document.exemptions(), List.of()),
        Objects.requireNonNullElse(document.adaptive(), Adaptive.INITIAL),
        Objects.requireNonNullElse(document.stepUps(), Policy.INITIAL_STEP_UPS));
  }

  private static Match match(Rule rule) {
    var match = rule.match();
    return match == null
        ? Match.of(
            Objects.requireNonNullElse(rule.groups(), Set.of()),
            Objects.requireNonNullElse(rule.roles(), Set.of()))
        : match;
  }

  private static Set<String> names(Set<FactorId> ids) {
    return ids.stream().map(FactorId::value).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<FactorId> ids(Set<String> names) {
    return names.stream().map(FactorId::new).collect(Collectors.toSet());
  }
}
