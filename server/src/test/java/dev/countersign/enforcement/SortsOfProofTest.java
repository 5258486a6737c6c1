package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a tenant's own factor is worth beside a password: another sort is a second factor, the same sort is none. */
class SortsOfProofTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final FactorId OWN = new FactorId("own");

  private static Decision decide(Mode mode, ProofKind kind, int enrolled, boolean proven) {
    var proofs =
        new ArrayList<>(
            List.of(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW)));
    if (proven) {
      proofs.add(new Facts.Proven("own", kind, false, false, false, NOW));
    }
    return Enforcement.decide(
        new Policy(1, Set.of(OWN), mode, List.of()),
        new Facts(
            NOW,
            new Facts.Who("auth0|ana", Set.of(), Set.of(), false),
            new Facts.Asked("client", Level.NONE, null, null),
            proofs,
            List.of(
                new Facts.Offer(
                    OWN, kind, false, FactorProfile.Audience.EVERYONE, enrolled, 0, true)),
            Facts.BackupCodes.NONE,
            true,
            true));
  }

  @Test
  void what_somebody_has_or_is_makes_two_factors_with_a_password() {
    for (var kind : List.of(ProofKind.HAS, ProofKind.IS)) {
      assertThat(((Decision.Demanded) decide(Mode.REQUIRED, kind, 0, false)).demand())
          .isEqualTo(new Demand.Enrol(List.of(OWN), false));
      assertThat(((Decision.Demanded) decide(Mode.OPTIONAL, kind, 1, false)).demand())
          .isEqualTo(new Demand.Challenge(List.of(OWN)));
      assertThat(((Cleared) decide(Mode.REQUIRED, kind, 1, true)).level()).isEqualTo(Level.AAL2);
    }
  }

  @Test
  void something_else_that_somebody_knows_is_asked_for_and_raises_nothing() {
    assertThat(((Decision.Demanded) decide(Mode.OPTIONAL, ProofKind.KNOWS, 1, false)).demand())
        .isEqualTo(new Demand.Challenge(List.of(OWN)));
    assertThat(((Cleared) decide(Mode.OPTIONAL, ProofKind.KNOWS, 1, true)).level())
        .isEqualTo(Level.AAL1);
    assertThat(decide(Mode.REQUIRED, ProofKind.KNOWS, 0, false))
        .as("it is not offered where it would not do")
        .isInstanceOf(Decision.Denied.class);
    assertThat(decide(Mode.REQUIRED, ProofKind.KNOWS, 1, true)).isInstanceOf(Decision.Denied.class);
  }
}
