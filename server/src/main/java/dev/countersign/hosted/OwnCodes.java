package dev.countersign.hosted;

import dev.countersign.enrolment.CodeSets;
import dev.countersign.hosted.Visits.Visit;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.storage.Database;
import java.util.Optional;

/** What pages say of the backup codes of whoever visits them. Thread-safe. */
final class OwnCodes {
  private final Database database;
  private final CodeSets codeSets;

  OwnCodes(Database database, CodeSets codeSets) {
    this.database = database;
    this.codeSets = codeSets;
  }

  /** How many are left; nothing where none were ever acknowledged, or nobody is known yet. */
  Optional<Integer> left(Visit visit) {
    return visit
        .signIn()
        .who()
        .flatMap(who ->
            database.read(
                tx -> codeSets.left(tx, visit.signIn().tenant(), who, visit.request().at())));
  }

  /** The set that was shown and never acknowledged. */
  Optional<EnrolmentId> waiting(Visit visit) {
    return visit
        .signIn()
        .who()
        .flatMap(who -> database.read(tx -> codeSets.waiting(tx, visit.signIn().tenant(), who)));
  }
}
