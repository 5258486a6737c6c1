package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A factor that only shows that somebody reaches an address. */
class ReachedAddressTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final FactorId ADDRESS = new FactorId("address");
  private static final FactorId APP = new FactorId("app");
  private static final Facts.Proven PASSWORD =
      new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW);

  private static Facts.Proven reached(Moment at) {
    return new Facts.Proven("address", ProofKind.REACHES, false, false, false, at);
  }

  private static Decision decide(Mode mode, Level asked, int apps, Facts.Proven... second) {
    var proofs = new ArrayList<>(List.of(PASSWORD));
    proofs.addAll(List.of(second));
    return Enforcement.decide(
        new Policy(1, Set.of(ADDRESS, APP), mode, List.of()),
        new Facts(
            NOW,
            new Facts.Who("auth0|ana", Set.of(), Set.of(), false),
            new Facts.Asked("client", asked, null, null),
            proofs,
            List.of(
                new Facts.Offer(
                    APP, ProofKind.HAS, false, FactorProfile.Audience.EVERYONE, apps, 0, true),
                new Facts.Offer(
                    ADDRESS,
                    ProofKind.REACHES,
                    false,
                    FactorProfile.Audience.ADMIN_DRIVEN,
                    1,
                    0,
                    true)),
            Facts.BackupCodes.NONE,
            true,
            true));
  }

  private static Demand demand(Decision decision) {
    return ((Decision.Demanded) decision).demand();
  }

  @Test
  void MAIL_01_it_is_asked_of_whoever_has_nothing_better_and_leaves_the_level_where_it_was() {
    assertThat(demand(decide(Mode.OPTIONAL, Level.NONE, 0)))
        .isEqualTo(new Demand.Challenge(List.of(ADDRESS)));
    assertThat(decide(Mode.OPTIONAL, Level.NONE, 0, reached(NOW)))
        .isInstanceOfSatisfying(
            Cleared.class, cleared -> assertThat(cleared.level()).isEqualTo(Level.AAL1));
  }

  @Test
  void MAIL_01_where_more_is_required_it_comes_first_and_something_better_is_set_up_next() {
    for (var mode : List.of(Mode.REQUIRED, Mode.OFF)) {
      var asked = mode == Mode.OFF ? Level.AAL2 : Level.NONE;
      assertThat(demand(decide(mode, asked, 0))).isEqualTo(new Demand.Challenge(List.of(ADDRESS)));
      assertThat(demand(decide(mode, asked, 0, reached(NOW))))
          .isEqualTo(new Demand.Enrol(List.of(APP), false));
    }
  }

  @Test
  void MAIL_01_whoever_has_something_better_is_asked_for_that_alone() {
    assertThat(demand(decide(Mode.REQUIRED, Level.NONE, 1)))
        .isEqualTo(new Demand.Challenge(List.of(APP)));
    assertThat(demand(decide(Mode.OPTIONAL, Level.NONE, 1, reached(NOW))))
        .isEqualTo(new Demand.Challenge(List.of(APP)));
  }

  @Test
  void it_is_asked_again_after_a_day_and_not_at_all_where_nothing_is_demanded() {
    assertThat(
            demand(decide(Mode.OPTIONAL, Level.NONE, 0, reached(NOW.minus(Duration.ofHours(24))))))
        .isEqualTo(new Demand.Challenge(List.of(ADDRESS)));
    assertThat(decide(Mode.OFF, Level.NONE, 0)).isInstanceOf(Cleared.class);
  }
}
