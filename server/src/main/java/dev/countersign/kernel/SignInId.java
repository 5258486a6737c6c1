package dev.countersign.kernel;

/** Names one sign-in, from the first page to the last. Not secret: what binds it to a browser is a cookie. */
public record SignInId(String value) {
  public SignInId {
    Ids.plain("sign-in", value);
  }

  public static SignInId fresh(Entropy entropy) {
    return new SignInId(Ids.fresh("si_", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
