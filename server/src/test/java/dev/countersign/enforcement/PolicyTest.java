package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What follows from risk, from sensitive acts, from grace and exemptions; and what holds of every policy there could be. */
class PolicyTest {
  private static final FactorId APP = new FactorId("app");
  private static final FactorId KEY = new FactorId("key");
  private static final FactorId TEXT = new FactorId("text");
  private static final FactorId MAIL = new FactorId("mail");
  private static final FactorId CODES = new FactorId("codes");
  private static final Set<FactorId> ALL = Set.of(APP, KEY, TEXT, CODES);
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final Moment BEGUN = NOW.minus(Duration.ofMinutes(1));
  private static final Facts.Proven PASSWORD =
      new Facts.Proven("password", ProofKind.KNOWS, false, false, true, BEGUN);

  private static Facts.Proven by(FactorId factor, Moment at) {
    return new Facts.Proven(
        factor.value(),
        factor.equals(MAIL) ? ProofKind.REACHES : ProofKind.HAS,
        factor.equals(KEY),
        factor.equals(KEY),
        false,
        at);
  }

  private static Facts.Offer offer(FactorId factor, int enrolled) {
    return new Facts.Offer(
        factor,
        factor.equals(MAIL) ? ProofKind.REACHES : ProofKind.HAS,
        factor.equals(KEY),
        factor.equals(CODES)
            ? Audience.RECOVERY
            : factor.equals(MAIL) ? Audience.ADMIN_DRIVEN : Audience.EVERYONE,
        enrolled,
        0,
        true,
        factor.equals(KEY) ? enrolled : 0,
        false,
        factor.equals(TEXT));
  }

  /** Somebody who has these, does this and has proven that. */
  private static Facts facts(Set<FactorId> has, List<String> acts, Facts.Proven... proofs) {
    boolean codes = has.contains(CODES);
    return new Facts(
            NOW,
            new Facts.Who(
                "ana", Set.of("staff"), Set.of("clerk"), false, "crm", "acme.test", Map.of()),
            new Facts.Asked("bank", Level.NONE, null, null, false, acts, null),
            List.of(proofs),
            List.of(KEY, APP, TEXT, MAIL, CODES).stream()
                .map(it -> offer(it, has.contains(it) ? 1 : 0))
                .toList(),
            new Facts.BackupCodes(true, true, codes ? 9 : 1),
            true,
            false)
        .in(
            new Facts.Circumstances(
                new Facts.Where("203.0.113.7", "DE"), BEGUN, List.of(), Map.of()));
  }

  private static Facts noticing(Facts facts, Signal... signals) {
    var around = facts.circumstances();
    return facts.in(
        new Facts.Circumstances(
            around.where(),
            around.begun(),
            List.of(signals).stream().map(Finding::of).toList(),
            around.graces()));
  }

  private static Facts puttingOff(Facts facts, Grace grace) {
    return facts.in(facts.circumstances().with(Map.of(Policy.EVERYONE, grace, "r", grace)));
  }

  private static Policy of(Mode mode) {
    return new Policy(1, ALL, mode, List.of());
  }

  private static final Adaptive WEIGHED =
      new Adaptive(
          Adaptive.State.ON,
          30,
          60,
          80,
          Map.of("new_device", 20, "new_country", 25),
          Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
          null);

  private static Policy adaptive(Mode mode) {
    return of(mode).with(WEIGHED);
  }

  private static String said(Decision decision) {
    return switch (decision) {
          case Cleared cleared -> "in at " + cleared.level().acr();
          case Decision.Denied _ -> "denied";
          case Decision.Demanded(var demand, var _) ->
              switch (demand) {
                case Demand.Challenge(var anyOf) -> "asked for " + anyOf;
                case Demand.Enrol(var anyOf, var optional) ->
                    (optional ? "invited to " : "made to set up ") + anyOf;
                default -> demand.getClass().getSimpleName();
              };
        }
        + ": "
        + decision.because().reason().word();
  }

  private static void says(Policy policy, Facts facts, String expected) {
    assertThat(said(Enforcement.decide(policy, facts))).isEqualTo(expected);
  }

  // Risk

  @Test
  void a_score_that_demands_a_proof_demands_it_even_where_nothing_is_demanded_otherwise() {
    var facts = noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE);
    says(adaptive(Mode.OFF), facts, "in at aal1: nothing_demanded");
    var more =
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.OFF), more, "asked for [app]: risk");
    assertThat(Enforcement.decide(adaptive(Mode.OFF), more).because().signals())
        .as("the weightiest first")
        .containsExactly("new_country", "new_device");
  }

  @Test
  void a_proof_from_before_this_sign_in_does_not_answer_for_it() {
    var strange = new Signal[] {Signal.NEW_DEVICE, Signal.NEW_COUNTRY};
    var old = by(APP, BEGUN.minus(Duration.ofMinutes(1)));
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP, CODES), List.of(), PASSWORD, old), strange),
        "asked for [app, codes]: risk");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP, CODES), List.of(), PASSWORD, by(APP, NOW)), strange),
        "in at aal2: proven");
  }

  @Test
  void a_higher_score_wants_what_cannot_be_phished_and_the_highest_lets_nobody_in() {
    var sixty = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE};
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP, KEY), List.of(), PASSWORD, by(APP, NOW)), sixty),
        "asked for [key]: risk");
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP, KEY), List.of(), PASSWORD, by(KEY, NOW)), sixty),
        "in at aal3: nothing_demanded");
    var ninety = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE, Signal.NEW_COUNTRY};
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(KEY), List.of(), PASSWORD, by(KEY, NOW)), ninety),
        "denied: risk_too_high");
  }

  @Test
  void reported_and_learnt_only_nothing_follows() {
    var facts =
        noticing(
            facts(Set.of(APP), List.of(), PASSWORD),
            Signal.IMPOSSIBLE_TRAVEL,
            Signal.NEW_DEVICE,
            Signal.NEW_COUNTRY);
    var reporting = of(Mode.OFF).with(WEIGHED.turned(Adaptive.State.REPORT_ONLY));
    says(reporting, facts, "in at aal1: nothing_demanded");
    assertThat(Explanation.of(reporting, facts).risk().response())
        .isEqualTo(Adaptive.Response.BLOCK);
    assertThat(Explanation.of(reporting, facts).risk().followed()).isFalse();
    var learning =
        new Adaptive(
            Adaptive.State.ON,
            30,
            60,
            80,
            Map.of(),
            Adaptive.WithoutFactor.BLOCK,
            NOW.plus(Duration.ofDays(1)));
    says(of(Mode.OFF).with(learning), facts, "in at aal1: nothing_demanded");
  }

  @Test
  void STEP_08_what_could_not_be_found_out_leads_to_a_challenge() {
    says(
        adaptive(Mode.OFF),
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.SENSES_UNAVAILABLE),
        "asked for [app]: risk");
  }

  @Test
  void somebody_suspicious_without_a_factor_is_not_let_set_one_up_unless_the_tenant_says_so() {
    var strange =
        noticing(facts(Set.of(), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.REQUIRED), strange, "asked for [mail]: verify_email_first");
    says(
        adaptive(Mode.REQUIRED),
        noticing(
            facts(Set.of(), List.of(), PASSWORD, by(MAIL, NOW)),
            Signal.NEW_DEVICE,
            Signal.NEW_COUNTRY),
        "made to set up [key, app, text]: policy_requires");
    var on = WEIGHED;
    says(
        of(Mode.OPTIONAL).with(on.answering(Adaptive.WithoutFactor.BLOCK)),
        strange,
        "denied: suspicious_without_factor");
    says(
        of(Mode.OFF).with(on.answering(Adaptive.WithoutFactor.ALLOW_ENROLMENT)),
        strange,
        "made to set up [key, app, text]: risk");
  }

  @Test
  void who_has_nothing_that_resists_phishing_gives_what_they_have_and_verifies_their_address() {
    var sixty = new Signal[] {Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE};
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD), sixty),
        "asked for [app]: risk");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD, by(APP, NOW)), sixty),
        "asked for [mail]: verify_email_first");
    says(
        adaptive(Mode.OPTIONAL),
        noticing(facts(Set.of(APP), List.of(), PASSWORD, by(APP, NOW), by(MAIL, NOW)), sixty),
        "in at aal2: proven");
  }

  @Test
  void STEP_08_a_trusted_browser_spares_nobody_the_challenge_that_risk_demands() {
    var facts =
        noticing(
            facts(Set.of(APP, CODES), List.of(), PASSWORD), Signal.NEW_COUNTRY, Signal.NEW_DEVICE);
    var trusting =
        new Facts(
            facts.at(),
            facts.who(),
            facts.asked(),
            facts.proofs(),
            facts.offers(),
            facts.backupCodes(),
            true,
            false,
            new Facts.Trust(APP, BEGUN.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9))),
            false,
            List.of(),
            facts.circumstances());
    says(adaptive(Mode.REQUIRED).trustingFor(30), trusting, "asked for [app, codes]: risk");
    says(of(Mode.REQUIRED).trustingFor(30), trusting, "in at aal1: trusted_browser");
  }

  // Sensitive acts

  private static StepUp stepUp(StepUp.Kind kind, Level level, long lasts) {
    return new StepUp("s", "s", Set.of("operation:payout"), level, kind, lasts);
  }

  @Test
  void STEP_04_only_what_was_there_before_and_of_the_kind_that_is_wanted_will_do() {
    var payout = List.of("operation:payout");
    var once = of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.ANY, Level.AAL2, 0)));
    says(once, facts(Set.of(APP), payout, PASSWORD), "asked for [app]: step_up");
    says(once, facts(Set.of(), payout, PASSWORD), "denied: step_up_needs_factor");
    says(once, facts(Set.of(), payout, PASSWORD, by(MAIL, NOW)), "denied: step_up_needs_factor");
    var setUp = new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW, true);
    says(once, facts(Set.of(APP), payout, PASSWORD, setUp), "asked for [app]: step_up");
    says(
        once,
        facts(Set.of(APP), payout, PASSWORD, by(APP, BEGUN.minus(Duration.ofSeconds(1)))),
        "asked for [app]: step_up");
    says(once, facts(Set.of(APP), payout, PASSWORD, by(APP, NOW)), "in at aal2: nothing_demanded");

    var keys =
        of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.PHISHING_RESISTANT, Level.AAL2, 0)));
    says(
        keys,
        facts(Set.of(APP, CODES), payout, PASSWORD, by(CODES, NOW)),
        "denied: level_out_of_reach");
    says(
        keys,
        facts(Set.of(APP, KEY, CODES), payout, PASSWORD, by(APP, NOW)),
        "asked for [key]: step_up");
    var noTexts =
        of(Mode.OFF).steppingUp(List.of(stepUp(StepUp.Kind.NOT_BY_TELEPHONE, Level.AAL2, 0)));
    says(
        noTexts,
        facts(Set.of(TEXT, APP), payout, PASSWORD, by(TEXT, NOW)),
        "asked for [app]: step_up");
  }

  @Test
  void a_raised_level_lasts_as_long_as_the_shortest_rule_says() {
    var payout = List.of("operation:payout");
    var lasting =
        of(Mode.OFF)
            .steppingUp(
                List.of(
                    stepUp(StepUp.Kind.ANY, Level.AAL2, 600),
                    new StepUp("t", "t", Set.of("operation:*"), Level.AAL2, StepUp.Kind.ANY, 300)));
    says(
        lasting,
        facts(Set.of(APP), payout, PASSWORD, by(APP, NOW.minus(Duration.ofSeconds(300)))),
        "in at aal2: nothing_demanded");
    says(
        lasting,
        facts(Set.of(APP), payout, PASSWORD, by(APP, NOW.minus(Duration.ofSeconds(301)))),
        "asked for [app]: step_up");
    says(
        lasting,
        facts(Set.of(APP), List.of("operation:look"), PASSWORD),
        "asked for [app]: step_up");
    says(
        lasting,
        facts(Set.of(APP), List.of("scope:read"), PASSWORD),
        "in at aal1: nothing_demanded");
  }

  // Grace, campaigns, exemptions

  @Test
  void TIME_04_grace_by_days_ends_at_its_moment_and_begins_with_the_first_invitation() {
    var week = of(Mode.REQUIRED).from(Timing.grace(7, null));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(week, nobody, "invited to [key, app, text]: grace");
    assertThat(Enforcement.decide(week, nobody).because().leave())
        .isEqualTo(new Because.Leave(null, NOW.plus(Duration.ofDays(7))));
    var since = NOW.minus(Duration.ofDays(7));
    says(
        week,
        puttingOff(nobody, new Grace(since.plus(Duration.ofMillis(1)), 3, since)),
        "invited to [key, app, text]: grace");
    says(
        week,
        puttingOff(nobody, new Grace(since, 3, since)),
        "made to set up [key, app, text]: policy_requires");
    says(
        week,
        puttingOff(nobody, new Grace(since.minus(Duration.ofMillis(1)), 3, since)),
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void grace_by_count_is_used_up_and_a_deadline_ends_every_grace() {
    var twice = of(Mode.REQUIRED).from(Timing.grace(null, 2));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(
        twice,
        puttingOff(nobody, new Grace(BEGUN, 1, BEGUN)),
        "invited to [key, app, text]: grace");
    says(
        twice,
        puttingOff(nobody, new Grace(BEGUN, 2, BEGUN)),
        "made to set up [key, app, text]: policy_requires");
    var until = of(Mode.REQUIRED).from(new Timing(null, false, null, null, NOW, 0));
    says(until, nobody, "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void of_two_rules_the_one_without_grace_counts() {
    var policy =
        of(Mode.OFF)
            .withRules(
                List.of(
                    new Policy.Rule("g", "g", Set.of(), Set.of(), Mode.REQUIRED, Set.of())
                        .from(Timing.grace(30, null)),
                    new Policy.Rule("r", "r", Set.of("staff"), Set.of(), Mode.REQUIRED, Set.of())));
    says(
        policy,
        facts(Set.of(), List.of(), PASSWORD),
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void after_not_now_nobody_is_invited_again_until_the_campaign_has_cooled_down() {
    var campaign =
        of(Mode.OFF)
            .withRules(
                List.of(
                    new Policy.Rule("r", "r", Set.of(), Set.of(), Mode.REQUIRED, Set.of())
                        .from(
                            new Timing(
                                null, false, null, null, NOW.plus(Duration.ofDays(60)), 7))));
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    says(campaign, nobody, "invited to [key, app, text]: grace");
    var six = NOW.minus(Duration.ofDays(6));
    says(campaign, puttingOff(nobody, new Grace(six, 1, six)), "in at aal1: put_off");
    var seven = NOW.minus(Duration.ofDays(7));
    says(
        campaign,
        puttingOff(nobody, new Grace(seven, 1, seven)),
        "invited to [key, app, text]: grace");
  }

  @Test
  void a_rule_that_has_not_begun_is_not_there_and_may_leave_sessions_alone() {
    var later = new Timing(NOW.plus(Duration.ofMillis(1)), true, null, null, null, 0);
    var nobody = facts(Set.of(), List.of(), PASSWORD);
    var rule = new Policy.Rule("r", "r", Set.of(), Set.of(), Mode.REQUIRED, Set.of());
    says(of(Mode.OFF).withRules(List.of(rule.from(later))), nobody, "in at aal1: nothing_demanded");
    var just = new Timing(NOW, true, null, null, null, 0);
    says(
        of(Mode.OFF).withRules(List.of(rule.from(just))),
        nobody,
        "invited to [key, app, text]: grace");
    var before = new Timing(BEGUN, true, null, null, null, 0);
    says(
        of(Mode.OFF).withRules(List.of(rule.from(before))),
        nobody,
        "made to set up [key, app, text]: policy_requires");
  }

  @Test
  void an_exemption_has_a_last_moment_and_spares_neither_sensitive_acts_nor_a_block() {
    var policy =
        adaptive(Mode.REQUIRED)
            .exempting(
                List.of(new Exemption("ana", NOW.plus(Duration.ofMillis(1)), "broken glass")));
    says(policy, facts(Set.of(), List.of(), PASSWORD), "in at aal1: exempt");
    says(
        policy.exempting(List.of(new Exemption("ana", NOW, "broken glass"))),
        facts(Set.of(), List.of(), PASSWORD),
        "made to set up [key, app, text]: policy_requires");
    says(
        policy,
        facts(Set.of(), List.of("operation:payout"), PASSWORD),
        "denied: step_up_needs_factor");
    says(
        policy,
        noticing(
            facts(Set.of(), List.of(), PASSWORD),
            Signal.IMPOSSIBLE_TRAVEL,
            Signal.NEW_COUNTRY,
            Signal.NEW_DEVICE),
        "denied: risk_too_high");
  }

  // Whom rules are for

  @Test
  void every_condition_of_a_rule_has_to_hold_and_each_by_any_of_what_it_names() {
    var facts = facts(Set.of(), List.of(), PASSWORD);
    var everything =
        new Match(
            new TreeSet<>(Set.of("staff", "board")),
            new TreeSet<>(Set.of("clerk")),
            new TreeSet<>(Set.of("bank")),
            new TreeSet<>(Set.of("crm")),
            new TreeSet<>(Set.of("acme.test")),
            Map.of(),
            new TreeSet<>(Set.of(new Network("203.0.113.0/24"))),
            new TreeSet<>(Set.of(new Network("10.0.0.0/8"))),
            100.0);
    assertThat(holds(everything, facts)).isTrue();
    assertThat(holds(Match.of(Set.of("board"), Set.of()), facts)).isFalse();
    assertThat(holds(Match.EVERYBODY.in(Set.of("shop")), facts)).isFalse();
    var here = Set.of(new Network("203.0.113.7"));
    assertThat(holds(Match.EVERYBODY.from(here, Set.of()), facts)).isTrue();
    assertThat(holds(Match.EVERYBODY.from(Set.of(), here), facts)).isFalse();
    var nowhere = facts.in(Facts.Circumstances.UNKNOWN);
    assertThat(holds(Match.EVERYBODY.from(here, Set.of()), nowhere)).isFalse();
    assertThat(holds(Match.EVERYBODY.from(Set.of(), here), nowhere)).isFalse();
    assertThat(holds(Match.EVERYBODY.ofEvery(0), facts)).isFalse();
  }

  private static boolean holds(Match match, Facts facts) {
    return match.holds(
        "r", facts.who(), facts.asked().application(), facts.circumstances().where());
  }

  @Test
  void a_percentage_is_that_share_of_people_and_always_the_same_ones() {
    var ten = Match.EVERYBODY.ofEvery(10);
    var twenty = Match.EVERYBODY.ofEvery(20);
    int inTen = 0;
    for (int i = 0; i < 10_000; i++) {
      var who = new Facts.Who("user" + i, Set.of(), Set.of(), false);
      boolean first = ten.holds("campaign", who, "", Facts.Where.UNKNOWN);
      inTen += first ? 1 : 0;
      assertThat(ten.holds("campaign", who, "", Facts.Where.UNKNOWN)).isEqualTo(first);
      if (first) {
        assertThat(twenty.holds("campaign", who, "", Facts.Where.UNKNOWN))
            .as("whoever was in stays in when the share grows")
            .isTrue();
      }
    }
    assertThat(inTen).isBetween(900, 1_100);
  }

  // What holds of every policy and everybody

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Timing anyTiming(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Timing.grace(random.nextInt(10), random.nextBoolean() ? random.nextInt(4) : null);
      case 1 ->
          new Timing(
              NOW.minus(Duration.ofMinutes(random.nextInt(3) - 1)),
              random.nextBoolean(),
              null,
              null,
              random.nextBoolean() ? NOW.plus(Duration.ofDays(random.nextInt(3) - 1)) : null,
              random.nextInt(3));
      default -> Timing.AT_ONCE;
    };
  }

  private static Policy.Rule anyRule(Random random, String id) {
    var match =
        switch (random.nextInt(5)) {
          case 0 -> Match.of(Set.of("staff"), Set.of());
          case 1 -> Match.of(Set.of("board"), Set.of());
          case 2 -> Match.EVERYBODY.in(Set.of(any(random, List.of("bank", "shop"))));
          case 3 ->
              Match.EVERYBODY.from(
                  Set.of(new Network(any(random, List.of("203.0.113.0/24", "10.0.0.0/8")))),
                  Set.of());
          default -> Match.EVERYBODY.ofEvery(random.nextInt(101));
        };
    return new Policy.Rule(
        id,
        id,
        match,
        Mode.values()[random.nextInt(3)],
        random.nextInt(3) == 0 ? anyFactors(random) : Set.of(),
        random.nextInt(4) == 0 ? random.nextInt(40) : null,
        anyTiming(random));
  }

  private static Set<FactorId> anyFactors(Random random) {
    var some = new HashSet<>(ALL);
    some.removeIf(_ -> random.nextInt(4) == 0);
    return some;
  }

  private static Policy anyPolicy(Random random) {
    var rules = new ArrayList<Policy.Rule>();
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(anyRule(random, "r" + i));
    }
    var stepUps = new ArrayList<StepUp>();
    for (int i = random.nextInt(3); i > 0; i--) {
      stepUps.add(anyStepUp(random, "s" + i));
    }
    return new Policy(1, anyFactors(random), Mode.values()[random.nextInt(3)], rules)
        .from(anyTiming(random))
        .with(
            new Adaptive(
                any(random, List.of(Adaptive.State.values())),
                30,
                60,
                80,
                Map.of(),
                any(random, List.of(Adaptive.WithoutFactor.values())),
                null))
        .exempting(
            random.nextInt(5) == 0
                ? List.of(new Exemption("ana", NOW.plus(Duration.ofDays(1)), "x"))
                : List.of())
        .steppingUp(stepUps);
  }

  private static StepUp anyStepUp(Random random, String id) {
    return new StepUp(
        id,
        id,
        Set.of(any(random, List.of("operation:payout", "scope:write", "operation:*"))),
        any(random, List.of(Level.AAL1, Level.AAL2, Level.AAL3)),
        any(random, List.of(StepUp.Kind.values())),
        random.nextInt(3) * 100L);
  }

  private static Facts anyFacts(Random random) {
    var has = new HashSet<FactorId>();
    for (var factor : List.of(APP, KEY, TEXT, CODES)) {
      if (random.nextInt(3) == 0) {
        has.add(factor);
      }
    }
    var proofs = new ArrayList<Facts.Proven>();
    if (random.nextInt(8) > 0) {
      proofs.add(PASSWORD);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      proofs.add(anyProof(random));
    }
    var facts =
        facts(
            has,
            random.nextInt(3) == 0 ? List.of("operation:payout") : List.of(),
            proofs.toArray(Facts.Proven[]::new));
    var signals = new ArrayList<Signal>();
    for (int i = random.nextInt(4); i > 0; i--) {
      signals.add(any(random, List.of(Signal.values())));
    }
    var grace =
        random.nextBoolean()
            ? Grace.UNTOUCHED
            : new Grace(
                NOW.minus(Duration.ofDays(random.nextInt(9))),
                random.nextInt(4),
                NOW.minus(Duration.ofHours(random.nextInt(60))));
    var graces = new TreeMap<String, Grace>();
    for (var id : List.of(Policy.EVERYONE, "r1", "r2", "r3", "added")) {
      graces.put(id, grace);
    }
    var noticing = noticing(facts, signals.toArray(Signal[]::new));
    var around = noticing.in(noticing.circumstances().with(graces));
    return new Facts(
        around.at(),
        around.who(),
        around.asked(),
        around.proofs(),
        around.offers(),
        around.backupCodes(),
        random.nextInt(4) > 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0
            ? new Facts.Trust(APP, NOW.minus(Duration.ofDays(2)), NOW.plus(Duration.ofDays(9)))
            : null,
        true,
        List.of(),
        around.circumstances());
  }

  private static Facts.Proven anyProof(Random random) {
    var proof =
        by(
            any(random, List.of(APP, KEY, TEXT, MAIL, CODES)),
            NOW.minus(Duration.ofSeconds(random.nextInt(400))));
    return new Facts.Proven(
        proof.method(),
        proof.kind(),
        proof.phishingResistant(),
        proof.hardwareBound(),
        false,
        proof.at(),
        random.nextInt(5) == 0);
  }

  @Test
  void adding_a_rule_or_a_step_up_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(11);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var rules = new ArrayList<>(policy.rules());
      rules.add(anyRule(random, "added"));
      var stepUps = new ArrayList<>(policy.stepUps());
      stepUps.add(anyStepUp(random, "more"));
      var before = Enforcement.decide(policy, facts);
      if (isMustering(before)) {
        assertThat(Enforcement.decide(policy.withRules(rules), facts))
            .as("%s and %s of %s", policy, rules.getLast(), facts)
            .isNotInstanceOf(Cleared.class);
        assertThat(Enforcement.decide(policy.steppingUp(stepUps), facts))
            .as("%s and %s of %s", policy, stepUps.getLast(), facts)
            .isNotInstanceOf(Cleared.class);
      }
    }
  }

  /** Whether more than an invitation or a page to be seen stands in the way. */
  private static boolean isMustering(Decision decision) {
    return switch (decision) {
      case Cleared _ -> false;
      case Decision.Denied _ -> true;
      case Decision.Demanded(Demand.Enrol(var _, var optional), var _) -> !optional;
      case Decision.Demanded(Demand.SeeBackupCodes _, var _) -> false;
      case Decision.Demanded _ -> true;
    };
  }

  @Test
  void more_noticed_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(12);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var more = new ArrayList<>(facts.circumstances().findings());
      more.add(Finding.of(any(random, List.of(Signal.values()))));
      var around = facts.circumstances();
      var noticing =
          facts.in(new Facts.Circumstances(around.where(), around.begun(), more, around.graces()));
      if (isMustering(Enforcement.decide(policy, facts))) {
        assertThat(Enforcement.decide(policy, noticing))
            .as("%s of %s", policy, noticing)
            .isNotInstanceOf(Cleared.class);
      }
    }
  }

  @Test
  void whoever_proves_more_is_not_asked_for_more() {
    var random = new Random(13);
    for (int i = 0; i < 40_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var proofs = new ArrayList<>(facts.proofs());
      var proof = by(any(random, List.of(APP, KEY, TEXT)), NOW);
      proofs.add(proof);
      var proving =
          new Facts(
              facts.at(),
              facts.who(),
              facts.asked(),
              proofs,
              facts.offers(),
              facts.backupCodes(),
              facts.interactive(),
              facts.declined(),
              facts.trust(),
              true,
              List.of(),
              facts.circumstances());
      if (Enforcement.decide(policy, facts) instanceof Cleared cleared) {
        var after = Enforcement.decide(policy, proving);
        assertThat(after instanceof Decision.Demanded(Demand.Challenge _, var _))
            .as("%s of %s with %s was %s", policy, facts, proof, cleared.because())
            .isFalse();
      }
    }
  }

  @Test
  void every_decision_has_a_reason_and_is_the_same_byte_for_byte_also_of_what_was_stored() {
    var random = new Random(14);
    for (int i = 0; i < 5_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      var decision = Enforcement.decide(policy, facts);
      assertThat(decision.because().reason()).isNotNull();
      var stored = Json.read(Json.write(facts), Facts.class);
      assertThat(stored).isEqualTo(facts);
      assertThat(said(Enforcement.decide(policy, stored))).isEqualTo(said(decision));
      assertThat(Enforcement.decide(policy, stored).because()).isEqualTo(decision.because());
      assertThat(Json.write(stored)).isEqualTo(Json.write(facts));
    }
  }

  @Test
  void an_explanation_says_of_every_factor_why_it_was_offered_or_left_out() {
    var policy = of(Mode.REQUIRED).allowing(TEXT, false);
    var facts = noticing(facts(Set.of(APP, TEXT), List.of(), PASSWORD), Signal.NEW_DEVICE);
    var why = Explanation.of(policy, facts);
    assertThat(why.factors())
        .extracting(it -> it.factor() + " " + it.standing().word())
        .containsExactly(
            "key not_set_up",
            "app offered",
            "text switched_off",
            "mail switched_off",
            "codes not_set_up");
    assertThat(why.lines(policy))
        .contains("Why: policy requires", "  +30 new_device", "Factor app: offered");
    assertThat(why.decision().because().reason()).isEqualTo(Reason.POLICY_REQUIRES);
  }

  @Test
  void of_what_weighs_alike_a_new_browser_is_told_last() {
    var policy = of(Mode.OFF).with(Adaptive.INITIAL.turned(Adaptive.State.ON));
    var alike =
        noticing(facts(Set.of(APP), List.of(), PASSWORD), Signal.NEW_DEVICE, Signal.NEW_COUNTRY);

    assertThat(Enforcement.decide(policy, alike).because().signals())
        .containsExactly("new_country", "new_device");
  }

  @Test
  void a_step_up_is_explained_with_the_act_and_its_rule() {
    var rule =
        new StepUp("stp_1", "Payouts", Set.of("operation:pay*"), Level.AAL2, StepUp.Kind.ANY, 0);
    var policy = of(Mode.OFF).steppingUp(List.of(rule));
    var facts = facts(Set.of(APP), List.of("operation:payout", "scope:openid"), PASSWORD);

    assertThat(Explanation.of(policy, facts).lines(policy))
        .contains(
            "Why: step up, for operation:payout by the rule Payouts",
            "Rules: Payouts (step-up stp_1)");
  }

  // Ways back in

  private static Facts recovering(Facts facts) {
    var around = facts.circumstances();
    return facts.in(
        new Facts.Circumstances(
            around.where(), around.begun(), around.findings(), around.graces(), true));
  }

  @Test
  void on_a_way_back_a_factor_is_set_up_where_one_would_be_answered() {
    var mine = facts(Set.of(APP, CODES), List.of(), PASSWORD);
    var all = "made to set up [key, app, text]: recovering";
    says(of(Mode.REQUIRED), recovering(mine), all);
    says(of(Mode.OPTIONAL), recovering(mine), all);
    says(of(Mode.OFF), recovering(mine), "in at aal1: nothing_demanded");
    var strange = noticing(mine, Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.OFF), recovering(strange), all);
    var stranger =
        noticing(
            facts(Set.of(KEY), List.of(), PASSWORD), Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE);
    says(adaptive(Mode.OFF), recovering(stranger), "made to set up [key]: recovering");
    var strangest = noticing(mine, Signal.IMPOSSIBLE_TRAVEL, Signal.NEW_DEVICE, Signal.NEW_COUNTRY);
    says(adaptive(Mode.OFF), recovering(strangest), "denied: risk_too_high");
    says(
        of(Mode.REQUIRED), recovering(facts(Set.of(APP), List.of())), "FirstProof: no_first_proof");
    var without = facts(Set.of(), List.of(), PASSWORD);
    says(
        of(Mode.REQUIRED),
        recovering(without),
        said(Enforcement.decide(of(Mode.REQUIRED), without)));
  }

  @Test
  void a_way_back_never_lets_anybody_in_who_was_not_before() {
    var random = new Random(15);
    for (int i = 0; i < 20_000; i++) {
      var policy = anyPolicy(random);
      var facts = anyFacts(random);
      if (Enforcement.decide(policy, recovering(facts)) instanceof Cleared) {
        assertThat(Enforcement.decide(policy, facts))
            .as("%s of %s", policy, facts)
            .isInstanceOf(Cleared.class);
      }
    }
  }
}
