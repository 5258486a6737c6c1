package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Somebody with factors and a past, the policies they meet, and what is said to them. */
final class Somebody {
  static final FactorId APP = new FactorId("app");
  static final FactorId KEY = new FactorId("key");
  static final FactorId TEXT = new FactorId("text");
  static final FactorId MAIL = new FactorId("mail");
  static final FactorId CODES = new FactorId("codes");
  static final Set<FactorId> ALL = Set.of(APP, KEY, TEXT, CODES);
  static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  static final Moment BEGUN = NOW.minus(Duration.ofMinutes(1));
  static final Facts.Proven PASSWORD =
      new Facts.Proven("password", ProofKind.KNOWS, false, false, true, BEGUN);

  static Facts.Proven by(FactorId factor, Moment at) {
    return new Facts.Proven(
        factor.value(),
        factor.equals(MAIL) ? ProofKind.REACHES : ProofKind.HAS,
        factor.equals(KEY),
        factor.equals(KEY),
        false,
        at);
  }

  static Facts.Offer offer(FactorId factor, int enrolled) {
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
  static Facts facts(Set<FactorId> has, List<String> acts, Facts.Proven... proofs) {
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

  static Facts noticing(Facts facts, Signal... signals) {
    var around = facts.circumstances();
    return facts.in(
        new Facts.Circumstances(
            around.where(),
            around.begun(),
            List.of(signals).stream().map(Finding::of).toList(),
            around.graces()));
  }

  static Facts puttingOff(Facts facts, Grace grace) {
    return facts.in(facts.circumstances().with(Map.of(Policy.EVERYONE, grace, "r", grace)));
  }

  static Policy of(Mode mode) {
    return new Policy(1, ALL, mode, List.of());
  }

  static final Adaptive WEIGHED =
      new Adaptive(
          Adaptive.State.ON,
          30,
          60,
          80,
          Map.of("new_device", 20, "new_country", 25),
          Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
          null);

  static Policy adaptive(Mode mode) {
    return of(mode).with(WEIGHED);
  }

  static String said(Decision decision) {
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

  static void says(Policy policy, Facts facts, String expected) {
    assertThat(said(Enforcement.decide(policy, facts))).isEqualTo(expected);
  }

  static Facts recovering(Facts facts) {
    var around = facts.circumstances();
    return facts.in(
        new Facts.Circumstances(
            around.where(), around.begun(), around.findings(), around.graces(), true));
  }

  private Somebody() {}
}
