package dev.countersign.kernel;

/** Names one application of a tenant: OAuth's {@code client_id}. */
public record ClientId(String value) {
  public ClientId {
    Ids.checked("application", value);
  }

  public static ClientId fresh(Entropy entropy) {
    return new ClientId(Ids.fresh("", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
