package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.facts;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whom rules are for. */
class MatchTest {
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
}
