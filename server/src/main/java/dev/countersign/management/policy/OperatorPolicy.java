package dev.countersign.management.policy;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Explanation;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.History;
import dev.countersign.management.guardian.PolicyChange;
import dev.countersign.operator.Answer;
import dev.countersign.proof.ProofKind;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * What operators do with a policy that stands in a file: take it out, put it in, hold it against cases and against history.
 * Thread-safe.
 */
public final class OperatorPolicy {
  private static final int PAGE = 500;
  private static final int SOME = 5;

  private final Database database;
  private final Policies policies;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Scenes scenes;
  private final History history;
  private final Audit audit;
  private final PolicyForm form;
  private final PolicyCases cases;

  public OperatorPolicy(
      Database database,
      Policies policies,
      People people,
      Factors factors,
      Enrolments enrolments,
      Scenes scenes,
      History history,
      Audit audit,
      PolicyForm form) {
    this.database = database;
    this.policies = policies;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.scenes = scenes;
    this.history = history;
    this.audit = audit;
    this.form = form;
    this.cases = new PolicyCases(factors);
  }

  /** Says the policy as it stands, as a file has it. */
  public boolean export(TenantId tenant, Answer answer) {
    var policy = database.read(tx -> policies.current(tx, tenant));
    form.shown(tenant, policy).toPrettyString().lines().forEach(answer::say);
    return true;
  }

  /** Says the JSON Schema of such files. */
  public boolean schema(Answer answer) {
    var schema = Json.object().put("$schema", "https://json-schema.org/draft/2020-12/schema");
    Json.tree(Json.write(form.shown().schema()))
        .properties()
        .forEach(it -> schema.set(it.getKey(), it.getValue()));
    schema.toPrettyString().lines().forEach(answer::say);
    return true;
  }

  /** Makes the file the policy, if that locks nobody out. */
  public boolean bringIn(TenantId tenant, Secret content, Moment now, Answer answer) {
    var edit = draft(tenant, content, answer);
    if (edit.isEmpty()) {
      return false;
    }
    try {
      return database.write(tx -> {
        var before = policies.current(tx, tenant);
        if (edit.get().apply(before).equals(before)) {
          answer.tell("Nothing changes: version " + before.version() + " is the same.");
          return true;
        }
        return switch (policies.change(tx, tenant, edit.get(), "operator", now)) {
          case Policies.Change.Saved(var after) -> {
            audit.record(
                tx,
                tenant,
                AuditEvent.success(AuditType.POLICY_CHANGED, Occasion.ofServer(now))
                    .by("operator", null)
                    .with("before", form.told(tenant, before))
                    .with("after", form.told(tenant, after)));
            answer.say("version " + after.version());
            yield true;
          }
          case Policies.Change.LocksOut(var stranded, var some) -> {
            answer.tell(PolicyChange.lockedOut(stranded, some));
            yield false;
          }
          case Policies.Change.NoFactorLeft _ -> {
            answer.tell(PolicyChange.noFactorLeft(people.count(tx, tenant)));
            yield false;
          }
        };
      });
    } catch (StorageException.Duplicate _) {
      answer.tell("The policy is being changed by others at the same time. Try again.");
      return false;
    }
  }

  private Optional<UnaryOperator<Policy>> draft(TenantId tenant, Secret content, Answer answer) {
    return parsed(content, answer)
        .flatMap(sent ->
            switch (form.read(tenant, sent)) {
              case PolicyForm.Reading.Unsound(var violation) -> {
                answer.tell(violation.sentence("Policy"));
                yield Optional.empty();
              }
              case PolicyForm.Reading.NoSuchFactor(var name) -> {
                answer.tell("There is no factor \"" + name + "\".");
                yield Optional.empty();
              }
              case PolicyForm.Reading.Sound(var edit) -> Optional.of(edit);
            });
  }

  private static Optional<JsonNode> parsed(Secret content, Answer answer) {
    try {
      return Optional.of(Json.parse(content.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (Json.Malformed e) {
      answer.tell("The file is not JSON: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The draft in a file, or the policy as it stands where there is none. */
  private Optional<Policy> drafted(TenantId tenant, Secret content, Answer answer) {
    var current = database.read(tx -> policies.current(tx, tenant));
    return content.isEmpty()
        ? Optional.of(current)
        : draft(tenant, content, answer).map(edit -> edit.apply(current));
  }

  /** Holds a policy against named cases, and says whom it would treat otherwise than today's; whether every case stands. */
  public boolean test(
      TenantId tenant, Secret policyFile, Secret casesFile, Moment now, Answer answer) {
    var draft = drafted(tenant, policyFile, answer);
    var sent = parsed(casesFile, answer);
    if (draft.isEmpty() || sent.isEmpty()) {
      return false;
    }
    var wrong = cases.wrong(tenant, sent.get());
    if (wrong.isPresent()) {
      answer.tell(wrong.get().sentence("Cases"));
      return false;
    }
    int failed = 0;
    var outcomes = cases.run(tenant, draft.get(), sent.get(), now);
    for (var outcome : outcomes) {
      answer.say((outcome.stands() ? "ok     " : "FAILED ") + outcome.name());
      outcome.differences().forEach(it -> answer.say("         " + it));
      failed += outcome.stands() ? 0 : 1;
    }
    answer.say(outcomes.size() + " cases, " + failed + " failed");
    if (!policyFile.isEmpty()) {
      affected(tenant, draft.get(), now).forEach(answer::say);
    }
    return failed == 0;
  }

  /** How many people would meet something else at a plain sign-in by password, from what to what, with a few of their names. */
  private List<String> affected(TenantId tenant, Policy draft, Moment now) {
    var current = database.read(tx -> policies.current(tx, tenant));
    Map<String, Long> changed = new TreeMap<>();
    Map<String, List<String>> some = new HashMap<>();
    long all = 0;
    var at = Moment.ofSeconds(0);
    var id = "";
    while (true) {
      var joined = at;
      var last = id;
      var page =
          database.read(tx -> {
            var found = people.after(tx, tenant, joined, last, PAGE);
            var counted = enrolments.counted(tx, tenant, found.stream().map(Person::id).toList());
            return found.stream()
                .map(person -> Map.entry(person, facts(tx, tenant, draft, person, counted, now)))
                .toList();
          });
      for (var each : page) {
        all++;
        var before = Enforcement.decide(current, each.getValue()).word();
        var after = Enforcement.decide(draft, each.getValue()).word();
        if (!before.equals(after)) {
          var change = before + " -> " + after;
          changed.merge(change, 1L, Long::sum);
          var names = some.computeIfAbsent(change, _ -> new ArrayList<>());
          if (names.size() < SOME) {
            names.add(each.getKey().label());
          }
        }
      }
      if (page.size() < PAGE) {
        break;
      }
      at = page.getLast().getKey().createdAt();
      id = page.getLast().getKey().id().value();
    }
    List<String> lines = new ArrayList<>();
    long sum = changed.values().stream().mapToLong(Long::longValue).sum();
    lines.add(sum + " of " + all + " people would meet something else at their next sign-in");
    changed.forEach((change, count) ->
        lines.add(
            "  "
                + change
                + ": "
                + count
                + " ("
                + String.join(", ", some.getOrDefault(change, List.of()))
                + (count > SOME ? ", ..." : "")
                + ")"));
    return lines;
  }

  /** Somebody who has just given the password, anywhere. */
  private Facts facts(
      Tx tx,
      TenantId tenant,
      Policy draft,
      Person person,
      List<Enrolments.Counted> counted,
      Moment now) {
    var mine = counted.stream().filter(it -> it.user().equals(person.id())).toList();
    var holder = scenes.holder(tx, tenant, person);
    boolean codes = false;
    List<Facts.Offer> offers = new ArrayList<>();
    for (var factor :
        factors.of(tenant, mine.stream().map(Enrolments.Counted::factor).toList()).inOrder()) {
      var profile = factor.profile();
      var had = mine.stream().filter(it -> it.factor().equals(profile.id())).findFirst();
      int active = had.map(Enrolments.Counted::active).orElse(0);
      codes |= profile.recovers() && active > 0;
      offers.add(
          Facts.Offer.of(
              factor,
              active,
              had.map(Enrolments.Counted::disabled).orElse(0),
              factor.suits(holder),
              0,
              false));
    }
    return new Facts(
        now,
        Facts.Who.of(person, draft.traits()),
        Facts.Asked.plain(""),
        List.of(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, now)),
        offers,
        new Facts.BackupCodes(codes, codes, codes ? 10 : 0),
        true,
        false);
  }

  /** Says how far a replay is, every few seconds, so that a short one says nothing. */
  private static final class Telling implements PolicyReplay.Progress {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Answer answer;
    private long last = System.nanoTime();

    Telling(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void isAt(long signIns, double share) {
      if (System.nanoTime() - last >= EVERY.toNanos()) {
        last = System.nanoTime();
        answer.tell("%,d sign-ins, about %d %%".formatted(signIns, Math.round(share * 100)));
      }
    }
  }

  /** Asks a draft about the sign-ins of the last days. */
  public boolean replay(TenantId tenant, Secret policyFile, int days, Moment now, Answer answer) {
    var draft = drafted(tenant, policyFile, answer);
    if (draft.isEmpty()) {
      return false;
    }
    var tally =
        new PolicyReplay(history)
            .replay(tenant, draft.get(), now.minus(Duration.ofDays(days)), new Telling(answer));
    answer.say(tally.signIns() + " sign-ins of the last " + days + " days");
    answer.say("  would be challenged: " + tally.results("challenge"));
    answer.say("  would have to set a factor up: " + tally.results("enrol"));
    answer.say("  would be invited to: " + tally.results("invite"));
    answer.say("  could not sign in: " + tally.results("denied"));
    answer.say(
        "  texts and calls: "
            + tally.texts()
            + " ("
            + tally.textsBefore()
            + " by what was decided)");
    tally.changed().forEach((change, count) -> answer.say("  " + change + ": " + count));
    tally.some().forEach(it -> answer.say("  " + it));
    return true;
  }

  /** Says why a sign-in was asked for what it was, decision by decision. */
  public boolean explain(TenantId tenant, SignInId signIn, Answer answer) {
    return database.read(tx -> {
      var decided = history.of(tx, tenant, signIn);
      for (var record : decided) {
        var policy = policies.version(tx, tenant, record.policyVersion());
        var facts = record.facts();
        answer.say(
            facts.at()
                + " "
                + people
                    .find(tx, tenant, new UserId(facts.who().user()))
                    .map(Person::label)
                    .orElse(facts.who().user())
                + ", "
                + (facts.asked().application().isEmpty()
                    ? "no application"
                    : facts.asked().application())
                + ", policy version "
                + record.policyVersion());
        Explanation.of(policy, facts).lines(policy).forEach(line -> answer.say("  " + line));
      }
      if (decided.isEmpty()) {
        answer.tell("No decision is recorded for the sign-in \"" + signIn + "\".");
      }
      return !decided.isEmpty();
    });
  }
}
