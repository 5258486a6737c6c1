package dev.countersign.kernel;

/** Names one tenant; leads every key in the database. */
public record TenantId(String value) {
  public TenantId {
    Ids.checked("tenant", value);
  }

  public static TenantId fresh(Entropy entropy) {
    return new TenantId(Ids.fresh("tnt_", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
