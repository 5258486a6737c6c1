package dev.countersign.kernel;

/** Names one sign-in, from the first page to the last. Not secret: what binds it to a browser is a cookie. */
public record SignInId(String value) {
  public SignInId {
    Ids.plain("sign-in", value);
  }

  public static SignInId fresh(Entropy entropy) {
    return new SignInId(Ids.fresh("si_", entropy));
  }

  /** Where this one stands in the order of all that can be, from 0 to 1: as evenly spread as they are random. */
  public double share() {
    return Ids.share("si_", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
