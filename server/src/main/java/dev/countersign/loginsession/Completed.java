package dev.countersign.loginsession;

import dev.countersign.enforcement.Cleared;
import dev.countersign.enforcement.Level;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Purpose;
import java.util.List;

/**
 * Signed in. Made only by {@link LoginSession#next} from what enforcement cleared; sessions, codes and tokens are issued
 * for nothing else.
 */
public final class Completed implements LoginSession {
  private final Authenticated soFar;
  private final Cleared cleared;

  Completed(Authenticated soFar, Cleared cleared) {
    this.soFar = soFar;
    this.cleared = cleared;
  }

  public UserId who() {
    return soFar.who();
  }

  public List<Proof> proofs() {
    return soFar.proofs();
  }

  public Level level() {
    return cleared.level();
  }

  public Cleared cleared() {
    return cleared;
  }

  /** When the person last said who they are: {@code auth_time} (OpenID Connect Core 1.0 section 2). */
  public Moment authenticatedAt() {
    return soFar.proofs().stream()
        .filter(proof -> proof.purpose() == Purpose.FIRST)
        .map(Proof::at)
        .max(Moment::compareTo)
        .orElseThrow();
  }
}
