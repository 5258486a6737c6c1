package dev.countersign.kernel;

/** Names one single sign-on session; appears in tokens as {@code sid}. Not secret: the cookie is. */
public record SessionId(String value) {
  public SessionId {
    Ids.checked("session", value);
  }

  public static SessionId fresh(Entropy entropy) {
    return new SessionId(Ids.fresh("ses_", entropy));
  }

  @Override
  public String toString() {
    return value;
  }
}
