package dev.countersign.enforcement;

import dev.countersign.kernel.FactorId;
import java.util.List;

/** What a sign-in still owes. New demands are new data here, not new states of the sign-in. */
public sealed interface Demand {
  /** Its name in records and files. */
  default String word() {
    return switch (this) {
      case FirstProof _ -> "first_proof";
      case Password _ -> "password";
      case Challenge _ -> "challenge";
      case Enrol(var _, var optional) -> optional ? "invite" : "enrol";
      case SeeBackupCodes _ -> "see_backup_codes";
    };
  }

  /** The factors that any one of will do; none where none is asked for. */
  default List<FactorId> anyOf() {
    return List.of();
  }

  /** The first proof again, because it is too old or a fresh one was asked for. */
  record FirstProof() implements Demand {}

  /** The password, to back up a key that was shown first and is one factor only. */
  record Password() implements Demand {}

  /** An answer to any of these, in the order of offering. */
  record Challenge(List<FactorId> anyOf) implements Demand {}

  /** To set up any of these. {@code optional}: the person may say 'not now'. */
  record Enrol(List<FactorId> anyOf, boolean optional) implements Demand {}

  /** To see new backup codes and say that they are kept safe. */
  record SeeBackupCodes() implements Demand {}
}
