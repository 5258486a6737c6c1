package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because.Reason;
import dev.countersign.factor.FactorProfile.Audience;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a person has and has shown, and how a decision about it is read. */
final class DecisionScene {
  static final FactorId APP = new FactorId("app");
  static final FactorId KEY = new FactorId("key");
  static final FactorId CODES = new FactorId("codes");
  static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  static final Set<FactorId> ALL = Set.of(APP, KEY, CODES);

  /** A scene: what a person has and has shown, changed step by step. */
  static final class Scene {
    private Policy policy;
    private boolean blocked;
    private Set<String> groups = Set.of();
    private List<Facts.Proven> proofs = List.of();
    private int apps;
    private int disabledApps;
    private Facts.BackupCodes codes = Facts.BackupCodes.NONE;
    private boolean declined;
    private boolean interactive = true;
    private Level asked = Level.NONE;
    private @Nullable Moment firstAfter;
    private @Nullable Moment secondAfter;

    private Scene(Policy policy) {
      this.policy = policy;
    }

    static Scene of(Mode mode) {
      return new Scene(new Policy(1, ALL, mode, List.of()));
    }

    private Scene with(Consumer<Scene> edit) {
      var other = new Scene(policy);
      other.blocked = blocked;
      other.groups = groups;
      other.proofs = proofs;
      other.apps = apps;
      other.disabledApps = disabledApps;
      other.codes = codes;
      other.declined = declined;
      other.interactive = interactive;
      other.asked = asked;
      other.firstAfter = firstAfter;
      other.secondAfter = secondAfter;
      edit.accept(other);
      return other;
    }

    Scene policy(Policy changed) {
      return with(it -> it.policy = changed);
    }

    Scene blockedUser() {
      return with(it -> it.blocked = true);
    }

    Scene in(String group) {
      return with(it -> it.groups = Set.of(group));
    }

    Scene proving(Facts.Proven proof) {
      return with(it -> it.proofs = Stream.concat(proofs.stream(), Stream.of(proof)).toList());
    }

    Scene password() {
      return proving(new Facts.Proven("password", ProofKind.KNOWS, false, false, true, NOW));
    }

    Scene appCode() {
      return proving(new Facts.Proven("app", ProofKind.HAS, false, false, false, NOW));
    }

    Scene withApp() {
      return with(it -> it.apps++);
    }

    Scene withDisabledApp() {
      return with(it -> it.disabledApps++);
    }

    Scene codes(boolean issued, boolean acknowledged, int left) {
      return with(it -> it.codes = new Facts.BackupCodes(issued, acknowledged, left));
    }

    Scene sayingNotNow() {
      return with(it -> it.declined = true);
    }

    Scene silent() {
      return with(it -> it.interactive = false);
    }

    Scene asking(Level level) {
      return with(it -> it.asked = level);
    }

    Scene fresh(@Nullable Moment first, @Nullable Moment second) {
      return with(it -> {
        it.firstAfter = first;
        it.secondAfter = second;
      });
    }

    Policy policy() {
      return policy;
    }

    Level asked() {
      return asked;
    }

    @Nullable Moment firstAfter() {
      return firstAfter;
    }

    @Override
    public String toString() {
      return policy + " of " + facts();
    }

    Facts facts() {
      var offers =
          List.of(
              new Facts.Offer(
                  APP, ProofKind.HAS, false, Audience.EVERYONE, apps, disabledApps, true),
              new Facts.Offer(KEY, ProofKind.HAS, true, Audience.ADMIN_DRIVEN, 0, 0, true),
              new Facts.Offer(
                  CODES,
                  ProofKind.HAS,
                  false,
                  Audience.RECOVERY,
                  codes.acknowledged() ? 1 : 0,
                  0,
                  true));
      return new Facts(
          NOW,
          new Facts.Who("ana", groups, Set.of(), blocked),
          new Facts.Asked("shop", asked, firstAfter, secondAfter),
          proofs,
          offers,
          codes,
          interactive,
          declined);
    }

    Decision decide() {
      return Enforcement.decide(policy, facts());
    }
  }

  static Demand demanded(Decision decision, Reason because) {
    assertThat(decision).isInstanceOf(Decision.Demanded.class);
    assertThat(decision.because().reason()).isEqualTo(because);
    return decision instanceof Decision.Demanded(var demand, var _)
        ? demand
        : new Demand.FirstProof();
  }

  static Decision trusting(Scene scene, int days, Facts.@Nullable Trust trust) {
    var it = scene.facts();
    return Enforcement.decide(
        scene.policy().trustingFor(days),
        new Facts(
            it.at(),
            it.who(),
            it.asked(),
            it.proofs(),
            it.offers(),
            it.backupCodes(),
            it.interactive(),
            it.declined(),
            trust,
            it.password()));
  }

  static Facts.Trust trustedFor(Duration age) {
    return new Facts.Trust(APP, NOW.minus(age), NOW.plus(Duration.ofDays(30)));
  }

  static void cleared(Decision decision, Level level) {
    assertThat(decision)
        .isInstanceOfSatisfying(Cleared.class, it -> assertThat(it.level()).isEqualTo(level));
  }

  private DecisionScene() {}
}
