package dev.countersign.oidc;

import dev.countersign.enforcement.Level;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Authentication method references (RFC 8176): how, as opposed to how well. */
final class Amr {
  private Amr() {}

  /** What the proofs add, in the order given, and {@code mfa} where two kinds count; below that only the first proofs count. */
  static List<String> of(List<Proof> proofs, Level level) {
    boolean multi = level.reaches(Level.AAL2);
    var methods = new LinkedHashSet<String>();
    proofs.stream()
        .filter(proof -> multi || proof.purpose() == Purpose.FIRST)
        .filter(proof -> proof.purpose() != Purpose.TRUST)
        .map(proof -> proof.evidence().amr())
        .forEach(methods::addAll);
    if (multi) {
      methods.add("mfa");
    }
    return new ArrayList<>(methods);
  }
}
