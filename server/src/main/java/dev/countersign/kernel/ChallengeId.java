package dev.countersign.kernel;

/** Names one question that was put to a person, such as a code that was sent to Ana's phone. */
public record ChallengeId(String value) {
  public ChallengeId {
    Ids.plain("challenge", value);
  }

  public static ChallengeId fresh(Entropy entropy) {
    return new ChallengeId(Ids.fresh("chl_", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
