package dev.countersign.loginsession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession.Event;
import dev.countersign.proof.ProofKind;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The moves of a sign-in, and random walks over them. */
class LoginSessionTest {
  private static final UserId ANA = new UserId("auth0|ana");
  private static final Because WHY = new Because(Because.Reason.POLICY_REQUIRES, List.of());
  private static final Demand CODE = new Demand.Challenge(List.of(new FactorId("app")));

  private static Cleared cleared() {
    var now = Moment.ofSeconds(1);
    var facts =
        new Facts(
            now,
            new Facts.Who("ana", Set.of(), Set.of(), false),
            new Facts.Asked("shop", Level.NONE, null, null),
            List.of(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, now)),
            List.of(),
            Facts.BackupCodes.NONE,
            true,
            false);
    return Enforcement.decide(new Policy(1, Set.of(), Mode.OFF, List.of()), facts)
            instanceof Cleared it
        ? it
        : cleared();
  }

  private static LoginSession pending() {
    return new LoginSession.Pending(Optional.empty());
  }

  @Test
  void a_sign_in_with_a_second_proof_walks_the_states_in_order() {
    var authenticated = pending().on(new Event.PrimaryPassed(ANA, List.of()));
    var awaiting = authenticated.on(new Event.Decided(new Decision.Demanded(CODE, WHY)));
    assertThat(List.of(pending().word(), authenticated.word(), awaiting.word()))
        .containsExactly("pending", "authenticated", "awaiting_mfa");
    var again = awaiting.on(new Event.LookAgain());
    assertThat(again.on(new Event.Decided(cleared()))).isInstanceOf(Completed.class);
  }

  @Test
  void LS_03_naming_somebody_else_leads_back_to_the_start_from_wherever() {
    var authenticated = pending().on(new Event.PrimaryPassed(ANA, List.of()));
    var awaiting = authenticated.on(new Event.Decided(new Decision.Demanded(CODE, WHY)));
    assertThat(awaiting.on(new Event.Identified("ben")))
        .isEqualTo(new LoginSession.Pending(Optional.of("ben")));
  }

  @Test
  void nothing_is_completed_without_the_last_decision() {
    assertThatThrownBy(() -> pending().on(new Event.Decided(cleared())))
        .isInstanceOf(LoginSession.IllegalMove.class);
    var awaiting =
        pending()
            .on(new Event.PrimaryPassed(ANA, List.of()))
            .on(new Event.Decided(new Decision.Demanded(CODE, WHY)));
    assertThatThrownBy(() -> awaiting.on(new Event.Decided(cleared())))
        .isInstanceOf(LoginSession.IllegalMove.class);
  }

  @Test
  void LS_05_what_is_over_stays_over() {
    var ended = pending().on(new Event.Abandoned(LoginSession.Why.CANCELLED));
    var completed =
        pending().on(new Event.PrimaryPassed(ANA, List.of())).on(new Event.Decided(cleared()));
    for (var over : List.of(ended, completed)) {
      for (var event : events()) {
        assertThatThrownBy(() -> over.on(event)).isInstanceOf(LoginSession.IllegalMove.class);
      }
    }
  }

  private static List<Event> events() {
    return List.of(
        new Event.Identified("x"),
        new Event.PrimaryPassed(ANA, List.of()),
        new Event.LookAgain(),
        new Event.Decided(new Decision.Demanded(CODE, WHY)),
        new Event.Decided(new Decision.Demanded(new Demand.FirstProof(), WHY)),
        new Event.Decided(new Decision.Denied(WHY)),
        new Event.Decided(cleared()),
        new Event.Abandoned(LoginSession.Why.EXPIRED));
  }

  @Test
  void every_walk_that_completes_came_from_authenticated_by_a_clearing() {
    var random = new Random(7);
    int completed = 0;
    for (int walk = 0; walk < 5_000; walk++) {
      var state = pending();
      for (int step = 0; step < 12; step++) {
        var event = events().get(random.nextInt(events().size()));
        try {
          var next = state.on(event);
          if (next instanceof Completed) {
            completed++;
            assertThat(state).isInstanceOf(LoginSession.Authenticated.class);
            assertThat(event).isInstanceOf(Event.Decided.class);
          }
          state = next;
        } catch (LoginSession.IllegalMove refused) {
          assertThat(refused).hasMessageContaining(state.word());
        }
      }
    }
    assertThat(completed).isPositive();
  }
}
