package dev.countersign.factor.custom;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Secret;
import java.util.List;
import java.util.Optional;

/** A factor that its tenant deleted: known by name, and accepting nothing. */
record GivenUp(FactorProfile profile) implements Factor {
  @Override
  public boolean isGivenUp() {
    return true;
  }

  @Override
  public boolean suits(Holder holder) {
    return false;
  }

  @Override
  public boolean isSetUpByPeople() {
    return false;
  }

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    throw new IllegalStateException(profile.id() + " was given up");
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    throw new IllegalStateException(profile.id() + " was given up");
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    return new Finish.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    throw new IllegalStateException(profile.id() + " was given up");
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
  }
}
