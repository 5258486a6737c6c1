package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what is noteworthy about a sign-in.
 *
 * @param challengeAt from this score on a second proof is demanded that was given in this sign-in
 * @param resistantAt from this score on one that cannot be phished
 * @param blockAt from this score on nobody is let in
 * @param weights of signals that are not to have their usual weight, by word
 * @param withoutFactor what happens at a score that demands a proof to somebody who has nothing to give one with
 * @param learningUntil until then nothing follows, so that people's devices and places become known first
 */
public record Adaptive(
    State state,
    int challengeAt,
    int resistantAt,
    int blockAt,
    Map<String, Integer> weights,
    WithoutFactor withoutFactor,
    @Nullable Moment learningUntil) {
  /** As a new tenant has it. */
  public static final Adaptive INITIAL =
      new Adaptive(State.OFF, 30, 60, 80, Map.of(), WithoutFactor.VERIFY_EMAIL_FIRST, null);

  /** Whether anything follows. */
  public enum State {
    OFF,
    /** It is recorded what would follow. */
    REPORT_ONLY,
    ON
  }

  /** What happens to somebody suspicious who has no factor: setting one up on the spot would help whoever is not them. */
  public enum WithoutFactor {
    BLOCK,
    VERIFY_EMAIL_FIRST,
    ALLOW_ENROLMENT
  }

  /** What a score calls for. */
  public enum Response {
    ALLOW,
    CHALLENGE,
    PHISHING_RESISTANT,
    BLOCK
  }

  public Adaptive {
    weights = Collections.unmodifiableMap(new TreeMap<>(weights));
  }

  public Adaptive turned(State changed) {
    return new Adaptive(
        changed, challengeAt, resistantAt, blockAt, weights, withoutFactor, learningUntil);
  }

  public Adaptive answering(WithoutFactor changed) {
    return new Adaptive(state, challengeAt, resistantAt, blockAt, weights, changed, learningUntil);
  }

  /** What each finding adds. One that names its own {@code weight}, as those of lists do, has that one instead of the signal's. */
  public int points(Finding finding) {
    var set = weights.get(finding.signal().word());
    var own = finding.details().get("weight");
    int usual = own == null ? finding.signal().usualWeight() : Integer.parseInt(own);
    return (set == null ? usual : set) * finding.strength() / 100;
  }

  /** The sum, from 0 to 100. */
  public int score(List<Finding> findings) {
    int sum = 0;
    for (var finding : findings) {
      sum += points(finding);
    }
    return Math.clamp(sum, 0, 100);
  }

  /** What the score would call for if it were followed. */
  public Response response(int score) {
    if (score >= blockAt) {
      return Response.BLOCK;
    }
    if (score >= resistantAt) {
      return Response.PHISHING_RESISTANT;
    }
    return score >= challengeAt ? Response.CHALLENGE : Response.ALLOW;
  }

  /** Whether it is followed at that time. */
  public boolean isFollowed(Moment at) {
    return state == State.ON && (learningUntil == null || at.reached(learningUntil));
  }

  /** How sure one may be that it is them: {@code low}, {@code medium} or {@code high}. */
  public String confidence(int score) {
    return switch (response(score)) {
      case ALLOW -> "high";
      case CHALLENGE -> "medium";
      case PHISHING_RESISTANT, BLOCK -> "low";
    };
  }

  /** The usual weight of a signal, or the tenant's. */
  public int weight(Signal signal) {
    return weights.getOrDefault(signal.word(), signal.usualWeight());
  }
}
