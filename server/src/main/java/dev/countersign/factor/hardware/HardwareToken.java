package dev.countersign.factor.hardware;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Base32;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A token that an admin assigns. Of a counter token the next {@link #LOOK_AHEAD} codes are looked at, since its button may
 * have been pressed for nothing (RFC 4226 section 7.4); of a clock token the step before and after, seen from where its own
 * clock was last, which is remembered (RFC 6238 section 6). Each code counts once, which the ledger sees to.
 */
public final class HardwareToken implements Factor {
  public static final FactorId ID = new FactorId("hardware-otp");

  /** Further codes that a counter may be ahead by. */
  static final int LOOK_AHEAD = 10;

  /** How far a counter may have run away for two codes in a row to bring it back. */
  static final int RESYNC_CODES = 1_000;

  /** Steps that a clock may be off by, at 30 seconds an hour; an admin can bring it back from as far. */
  static final int MOST_DRIFT = 120;

  /** How far off a clock is looked for, to tell the admin. */
  private static final int HORIZON = 20;

  private static final int WINDOW = 1;

  private static final FactorProfile PROFILE =
      new FactorProfile(
          ID,
          ID.value(),
          ID.value(),
          FactorProfile.Audience.ADMIN_DRIVEN,
          Evidence.of(ProofKind.HAS, "otp", "hwk"),
          FactorProfile.Memory.NONE,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          5,
          Duration.ofMinutes(10),
          30,
          new FactorProfile.Look("token", "key", 0));

  /**
   * What is kept of one.
   *
   * @param timed whether it goes by the time rather than by a counter
   * @param key in base 32
   * @param first the counter's first code that may be accepted
   * @param drift how many steps its clock was ahead when it was seen last
   */
  record Document(
      boolean timed,
      String key,
      OneTimeCodes.Algorithm algorithm,
      int digits,
      int period,
      long first,
      long drift) {
    static Document read(Secret document) {
      return Json.read(document.reveal(), Document.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }

    Document drifting(long steps) {
      return new Document(timed, key, algorithm, digits, period, first, steps);
    }

    long step(Moment moment) {
      return Math.floorDiv(moment.seconds(), period);
    }

    OptionalLong find(Secret typed, long from, long to) {
      return OneTimeCodes.find(Base32.decode(key), typed, from, to, digits, algorithm);
    }
  }

  /**
   * A token in step again.
   *
   * @param mark the counter of the later of the two codes: neither it nor what is before it counts any more
   */
  public record InStep(Secret document, long mark) {}

  @Override
  public FactorProfile profile() {
    return PROFILE;
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.otp();
  }

  /** {@code type} (hotp, totp), {@code seed} in base 32, {@code algorithm}, {@code digits}, {@code period}, {@code counter}. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    for (var name : List.of("type", "seed", "algorithm", "digits", "period", "counter")) {
      if (!brought.containsKey(name)) {
        return new Brought.Unfit(name, "Missing required property: " + name);
      }
    }
    return new Brought.Ready(
        new Document(
                text(brought, "type").equals("totp"),
                text(brought, "seed"),
                OneTimeCodes.Algorithm.valueOf(text(brought, "algorithm")),
                Integer.parseInt(text(brought, "digits")),
                Integer.parseInt(text(brought, "period")),
                Long.parseLong(text(brought, "counter")),
                0)
            .write());
  }

  private static String text(Map<String, Secret> brought, String name) {
    return brought.getOrDefault(name, Secret.of("")).reveal();
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var lengths =
        mine.stream().map(it -> Document.read(it.document()).digits()).distinct().toList();
    return Posed.plainly(
        Prompt.Code.of(
            lengths.size() == 1 ? new Prompt.Shape(lengths.getFirst()) : Prompt.Shape.ANY));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    Verdict last = new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_INVALID));
    for (var enrolment : mine) {
      last = check(enrolment, answer, scene.moment());
      if (last instanceof Verdict.Accepted) {
        return last;
      }
    }
    return last;
  }

  private static Verdict check(Enrolment enrolment, Answer answer, Moment moment) {
    var it = Document.read(enrolment.document());
    var typed = answer.digits(it.digits());
    if (typed.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    return it.timed()
        ? checkClock(enrolment, it, typed, moment)
        : checkCounter(enrolment, it, typed);
  }

  /** The newest accepted code is looked at too: the ledger knows it, and tells its owner that it came again. */
  private static Verdict checkCounter(Enrolment enrolment, Document it, Secret typed) {
    long next = next(enrolment, it);
    long from = Math.max(it.first(), next - 1);
    var found = it.find(typed, from, next + LOOK_AHEAD);
    if (found.isPresent()) {
      return new Verdict.Accepted(
          enrolment, new Claim.Advances(enrolment.id(), found.getAsLong()), PROFILE.evidence());
    }
    var far = it.find(typed, next + LOOK_AHEAD + 1, next + 10L * LOOK_AHEAD);
    return new Verdict.Refused(
        far.isPresent()
            ? new Refusal(
                Refusal.Reason.CODE_INVALID,
                Map.of("ahead", String.valueOf(far.getAsLong() - next)))
            : Refusal.of(Refusal.Reason.CODE_INVALID));
  }

  private static long next(Enrolment enrolment, Document it) {
    return Math.max(it.first(), enrolment.highWater() + 1);
  }

  private static Verdict checkClock(Enrolment enrolment, Document it, Secret typed, Moment moment) {
    long now = it.step(moment);
    long here = now + it.drift();
    var found = it.find(typed, here - WINDOW, here + WINDOW);
    if (found.isPresent() && Math.abs(found.getAsLong() - now) <= MOST_DRIFT) {
      long drift = found.getAsLong() - now;
      return new Verdict.Accepted(
          enrolment,
          new Claim.Advances(enrolment.id(), found.getAsLong()),
          PROFILE.evidence(),
          drift == it.drift() ? Optional.empty() : Optional.of(it.drifting(drift).write()));
    }
    var far = it.find(typed, here - HORIZON, here + HORIZON);
    return new Verdict.Refused(
        far.isPresent()
            ? new Refusal(
                Refusal.Reason.CLOCK_DRIFT,
                Map.of("seconds", String.valueOf((far.getAsLong() - now) * it.period())))
            : Refusal.of(Refusal.Reason.CODE_INVALID));
  }

  /**
   * Brings a token back by two codes that it showed one after the other (RFC 4226 section 7.4). Nothing unless they are
   * consecutive, within reach, and newer than what was accepted last.
   */
  public static Optional<InStep> resynchronise(
      Enrolment enrolment, Secret one, Secret two, Moment moment) {
    var it = Document.read(enrolment.document());
    var first = Answer.ofCode(one).digits(it.digits());
    var second = Answer.ofCode(two).digits(it.digits());
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    long now = it.step(moment);
    long from = it.timed() ? now - MOST_DRIFT : next(enrolment, it);
    long to = it.timed() ? now + MOST_DRIFT : next(enrolment, it) + RESYNC_CODES;
    for (long at = Math.max(0, Math.max(from, enrolment.highWater())); at <= to; at++) {
      if (it.find(first, at, at).isPresent() && it.find(second, at + 1, at + 1).isPresent()) {
        var kept = it.timed() ? it.drifting(at + 1 - now) : it;
        return Optional.of(new InStep(kept.write(), at + 1));
      }
    }
    return Optional.empty();
  }

  // An admin assigns them; nobody sets one up.

  @Override
  public boolean isSetUpByPeople() {
    return false;
  }

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    throw new IllegalStateException("tokens are assigned by an admin");
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    throw new IllegalStateException("tokens are assigned by an admin");
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    throw new IllegalStateException("tokens are assigned by an admin");
  }
}
