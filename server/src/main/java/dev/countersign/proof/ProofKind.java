package dev.countersign.proof;

/** What sort of thing was proven; two different sorts make two-factor authentication (SP 800-63B-4 section 2.2.1). */
public enum ProofKind {
  /** Something known: a password. */
  KNOWS,
  /** Something held: a phone with an authenticator app, a security key, a list of backup codes. */
  HAS,
  /** Both at once: a passkey that verified its user. */
  BOTH,
  /** Control of an address, which raises no assurance level (SP 800-63B-4 section 3.1.3.1). */
  REACHES,
  /** Something that the person is, as a service of the tenant's judged it. */
  IS;

  /** Whether it is of another sort than a password, so that both together are two factors. */
  public boolean isMoreThanPassword() {
    return this == HAS || this == BOTH || this == IS;
  }
}
