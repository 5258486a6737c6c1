package dev.countersign.proof;

import java.util.List;

/**
 * What an accepted answer is worth.
 *
 * @param amr authentication method references (RFC 8176) that it adds to tokens
 * @param phishingResistant whether an answer given to another site would have been worthless (SP 800-63B-4 section 3.2.5)
 * @param hardwareBound whether the key that answered cannot leave its device, as the third level wants (section 2.3.1)
 */
public record Evidence(
    ProofKind kind, List<String> amr, boolean phishingResistant, boolean hardwareBound) {
  public Evidence {
    amr = List.copyOf(amr);
  }

  /** Of one kind, and with nothing more to be said for it. */
  public static Evidence of(ProofKind kind, String... amr) {
    return new Evidence(kind, List.of(amr), false, false);
  }
}
