package dev.countersign.enforcement;

import static dev.countersign.enforcement.Somebody.APP;
import static dev.countersign.enforcement.Somebody.CODES;
import static dev.countersign.enforcement.Somebody.KEY;
import static dev.countersign.enforcement.Somebody.PASSWORD;
import static dev.countersign.enforcement.Somebody.adaptive;
import static dev.countersign.enforcement.Somebody.facts;
import static dev.countersign.enforcement.Somebody.noticing;
import static dev.countersign.enforcement.Somebody.of;
import static dev.countersign.enforcement.Somebody.recovering;
import static dev.countersign.enforcement.Somebody.said;
import static dev.countersign.enforcement.Somebody.says;

import dev.countersign.risk.Signal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What somebody on a way back is asked for. */
class WayBackTest {
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
}
