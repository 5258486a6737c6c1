package dev.countersign.management.policy;

import dev.countersign.enforcement.Act;
import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Grace;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Network;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Shape;
import dev.countersign.management.guardian.FactorNames;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Named cases that a policy has to stand: who, from where, doing what, and what is then demanded. Answered by the same
 * decision as sign-ins are, without any database. Thread-safe.
 */
public final class PolicyCases {
  private static final Shape NAMES = new Shape.ListOf(Shape.text(1, 128), 100);

  /** What a file of cases looks like. */
  public static final Shape.Fields SHAPE =
      Shape.fields()
          .withRequired(
              "cases",
              new Shape.ListOf(
                  Shape.fields()
                      .withRequired("name", Shape.text(1, 200))
                      .with("at", Shape.moment())
                      .with(
                          "who",
                          Shape.fields()
                              .with("user", Shape.text(1, 128))
                              .with("groups", NAMES)
                              .with("roles", NAMES)
                              .with("email", Shape.text(1, 320))
                              .with("connection", Shape.text(1, 128))
                              .with(
                                  "traits",
                                  new Shape.ListOf(
                                      Shape.fields()
                                          .withRequired("name", Shape.text(1, 128))
                                          .withRequired("value", Shape.text(0, 400)),
                                      50)))
                      .with("has", NAMES)
                      .with("proven", NAMES)
                      .with(
                          "from",
                          Shape.fields()
                              .with("address", Shape.text(1, 50))
                              .with("country", Shape.text(2, 2)))
                      .with("noticed", NAMES)
                      .with(
                          "doing",
                          Shape.fields()
                              .with("application", Shape.text(1, 128))
                              .with("acts", NAMES)
                              .with("acr", Shape.word("aal1", "aal2", "aal3"))
                              .with("silently", Shape.flag()))
                      .with(
                          "put_off",
                          Shape.fields()
                              .with("days_ago", new Shape.Whole(0, 3_650))
                              .with("times", new Shape.Whole(0, 1_000)))
                      .withRequired(
                          "expect",
                          Shape.fields()
                              .withRequired(
                                  "result",
                                  Shape.word(
                                      "cleared",
                                      "denied",
                                      "first_proof",
                                      "password",
                                      "challenge",
                                      "invite",
                                      "enrol",
                                      "see_backup_codes"))
                              .with("factors", NAMES)
                              .with("reason", Shape.text(1, 64))
                              .with("level", Shape.word("aal1", "aal2", "aal3"))),
                  10_000));

  private final Factors factors;
  private final FactorNames names;

  public PolicyCases(Factors factors) {
    this.factors = factors;
    this.names = new FactorNames(factors);
  }

  /**
   * What came of one case.
   *
   * @param differences what was expected and what came, where they differ; empty where it stands
   */
  public record Outcome(String name, List<String> differences) {
    public boolean stands() {
      return differences.isEmpty();
    }
  }

  /** The first thing that is wrong with a file of cases, names of factors and signals among it. */
  public Optional<Shape.Violation> wrong(TenantId tenant, JsonNode sent) {
    var shape = SHAPE.check(sent);
    if (shape.isPresent()) {
      return shape;
    }
    int index = 0;
    for (var each : sent.get("cases")) {
      var at = "cases[" + index++ + "].";
      var named = new ArrayList<>(Call.texts(each.get("has")));
      named.addAll(Call.texts(each.get("proven")));
      named.addAll(Call.texts(each.get("expect").get("factors")));
      var missing = names.missing(tenant, named);
      if (missing.isPresent()) {
        return Optional.of(new Shape.Violation("No factor is called " + missing.get(), at + "has"));
      }
      var unknown =
          Call.texts(each.get("noticed")).stream()
              .filter(word -> Signal.of(word).isEmpty())
              .findFirst();
      if (unknown.isPresent()) {
        return Optional.of(
            new Shape.Violation("No signal is called " + unknown.get(), at + "noticed"));
      }
      var address = each.path("from").path("address").asString("");
      if (!address.isEmpty() && Network.parse(address).isEmpty()) {
        return Optional.of(new Shape.Violation("No address", at + "from.address"));
      }
    }
    return Optional.empty();
  }

  /** Asks each case of the policy; to be called when nothing is {@link #wrong}. */
  public List<Outcome> run(TenantId tenant, Policy policy, JsonNode sent, Moment now) {
    List<Outcome> out = new ArrayList<>();
    for (var each : sent.get("cases")) {
      var decision = Enforcement.decide(policy, facts(tenant, policy, each, now));
      out.add(
          new Outcome(
              each.get("name").stringValue(), differences(tenant, each.get("expect"), decision)));
    }
    return List.copyOf(out);
  }

  private Facts facts(TenantId tenant, Policy policy, JsonNode each, Moment now) {
    var at =
        each.has("at")
            ? Moment.of(OffsetDateTime.parse(each.get("at").stringValue()).toInstant())
            : now;
    var has = new HashSet<>(names.ids(tenant, Call.texts(each.get("has"))));
    var proven = names.ids(tenant, Call.texts(each.get("proven")));
    var proofs = new ArrayList<Facts.Proven>();
    proofs.add(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, at));
    List<Facts.Offer> offers = new ArrayList<>();
    boolean recovers = false;
    for (var factor : factors.of(tenant, has).inOrder()) {
      var profile = factor.profile();
      boolean mine = has.contains(profile.id());
      recovers |= mine && profile.recovers();
      offers.add(Facts.Offer.of(factor, mine ? 1 : 0, 0, true, 0, false));
      if (proven.contains(profile.id())) {
        proofs.add(
            new Facts.Proven(
                profile.id().value(),
                profile.kind(),
                profile.phishingResistant(),
                false,
                false,
                at));
      }
    }
    var doing = each.path("doing");
    var circumstances =
        new Facts.Circumstances(
            new Facts.Where(
                each.path("from").path("address").asString(""),
                each.path("from").has("country")
                    ? each.path("from").get("country").stringValue()
                    : null),
            at,
            Call.texts(each.get("noticed")).stream()
                .map(word -> Finding.of(Signal.of(word).orElseThrow()))
                .toList(),
            graces(policy, each.path("put_off"), at));
    return new Facts(
            at,
            who(each.path("who")),
            new Facts.Asked(
                doing.path("application").asString(""),
                Level.ofAcr(doing.path("acr").asString("")).orElse(Level.NONE),
                null,
                null,
                false,
                Call.texts(doing.get("acts")).stream().map(it -> Act.of(it).orElse(it)).toList(),
                null),
            proofs,
            offers,
            // Whoever has none here is taken for somebody who has put them away.
            recovers || has.isEmpty()
                ? new Facts.BackupCodes(recovers, recovers, recovers ? 10 : 0)
                : new Facts.BackupCodes(true, true, 10),
            !doing.path("silently").asBoolean(false),
            false)
        .in(circumstances);
  }

  private static Map<String, Grace> graces(Policy policy, JsonNode putOff, Moment at) {
    Map<String, Grace> out = new TreeMap<>();
    if (putOff.isObject()) {
      var since = at.minus(Duration.ofDays(putOff.path("days_ago").asInt(0)));
      var grace = new Grace(since, putOff.path("times").asInt(0), null);
      out.put(Policy.EVERYONE, grace);
      policy.rules().forEach(rule -> out.put(rule.id(), grace));
    }
    return out;
  }

  private static Facts.Who who(JsonNode sent) {
    Map<String, String> traits = new TreeMap<>();
    sent.path("traits")
        .forEach(it -> traits.put(it.get("name").stringValue(), it.get("value").stringValue()));
    var email = sent.path("email").asString("");
    return new Facts.Who(
        sent.path("user").asString("somebody"),
        new HashSet<>(Call.texts(sent.get("groups"))),
        new HashSet<>(Call.texts(sent.get("roles"))),
        false,
        sent.path("connection").asString(""),
        email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT),
        traits);
  }

  private List<String> differences(TenantId tenant, JsonNode expected, Decision decision) {
    List<String> out = new ArrayList<>();
    compare(out, "result", expected.get("result"), decision.word());
    compare(out, "reason", expected.get("reason"), decision.because().reason().word());
    compare(
        out,
        "level",
        expected.get("level"),
        decision instanceof Cleared cleared ? cleared.level().acr() : "");
    if (expected.has("factors")) {
      var wanted = names.names(tenant, names.ids(tenant, Call.texts(expected.get("factors"))));
      var got = names.names(tenant, decision.factors());
      if (!wanted.equals(got)) {
        out.add("factors: expected " + wanted + ", got " + got);
      }
    }
    return List.copyOf(out);
  }

  private static void compare(
      List<String> out, String field, @Nullable JsonNode expected, String got) {
    if (expected != null && !expected.stringValue().equals(got)) {
      out.add(field + ": expected " + expected.stringValue() + ", got " + got);
    }
  }
}
