package dev.countersign.bench;

import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Network;
import dev.countersign.enforcement.Policy;
import dev.countersign.enforcement.Timing;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The decision: by two hundred rules of every sort, with every signal there is. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecisionBench {
  private static final FactorId APP = new FactorId("app");
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);

  private final Policy policy = policy();
  private final Facts facts = facts();

  private static Policy policy() {
    var rules = new ArrayList<Policy.Rule>();
    for (int i = 0; i < 200; i++) {
      var match =
          switch (i % 4) {
            case 0 -> Match.of(Set.of("group" + i), Set.of("role" + i));
            case 1 -> Match.EVERYBODY.ofEvery(i / 2.0);
            case 2 -> Match.EVERYBODY.from(Set.of(new Network("10." + i + ".0.0/16")), Set.of());
            default -> Match.EVERYBODY.in(Set.of("client" + i));
          };
      rules.add(
          new Policy.Rule(
              "rule" + i, "Rule " + i, match, Mode.REQUIRED, Set.of(), 30, Timing.grace(7, 3)));
    }
    return new Policy(1, Set.of(APP), Mode.OPTIONAL, rules)
        .with(Adaptive.INITIAL.turned(Adaptive.State.ON));
  }

  private static Facts facts() {
    return new Facts(
            NOW,
            new Facts.Who("auth0|ana", Set.of("group4"), Set.of("role4"), false),
            new Facts.Asked("client3", Level.NONE, null, null),
            List.of(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW)),
            List.of(new Facts.Offer(APP, ProofKind.HAS, false, Audience.EVERYONE, 1, 0, true)),
            Facts.BackupCodes.NONE,
            true,
            false)
        .in(
            new Facts.Circumstances(
                new Facts.Where("10.2.3.4", "DE"),
                NOW,
                Arrays.stream(Signal.values()).map(Finding::of).toList(),
                Map.of()));
  }

  @Benchmark
  public Decision twoHundredRules() {
    return Enforcement.decide(policy, facts);
  }
}
