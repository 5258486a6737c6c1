package dev.countersign.kernel;

/** Names one person within a tenant, in Auth0's form: {@code auth0|...} for people who sign in with a password. */
public record UserId(String value) {
  public UserId {
    Ids.checked("user", value);
  }

  public static UserId fresh(Entropy entropy) {
    return new UserId(Ids.fresh("auth0|", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
