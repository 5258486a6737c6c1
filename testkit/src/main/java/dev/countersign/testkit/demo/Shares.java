package dev.countersign.testkit.demo;

import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Who is in a rule's share of all people depends on the rule's id alone: so it can be chosen for whoever is to be in it. */
public final class Shares {
  private static final int TRIES = 10_000;

  private Shares() {}

  /** The id of a rule for that share of the people, these among them and those not. */
  public static String reaching(
      double percent, Collection<UserId> these, Collection<UserId> notThose) {
    return IntStream.range(0, TRIES)
        .mapToObj(i -> "campaign-" + i)
        .filter(id -> these.stream().allMatch(it -> reaches(id, percent, it)))
        .filter(id -> notThose.stream().noneMatch(it -> reaches(id, percent, it)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean reaches(String id, double percent, UserId who) {
    var rule =
        new Policy.Rule(id, id, Set.of(), Set.of(), Mode.REQUIRED, Set.of())
            .of(Match.EVERYBODY.ofEvery(percent));
    return new Policy(1, Set.of(), Mode.OFF, List.of(rule))
        .effective(new Facts.Who(who.value(), Set.of(), Set.of(), false), Moment.ofSeconds(0))
        .rules()
        .contains(id);
  }
}
