package dev.countersign.wiring;

import dev.countersign.recovery.AccessCodes;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.Recoveries;
import dev.countersign.recovery.UseAccessCode;
import dev.countersign.recovery.WaysBack;

/** The ways back in of somebody who lost every factor. */
public final class Recovering {
  public final AccessCodes accessCodes;
  public final UseAccessCode useAccessCode;
  public final Recoveries recoveries;
  public final RecoverByWaiting recoverByWaiting;
  public final WaysBack waysBack;

  public Recovering(
      Ground ground,
      Proofs proofs,
      Methods methods,
      Delivery delivery,
      Course course,
      Answers answers) {
    var database = ground.database;
    var entropy = ground.entropy;
    var audit = ground.audit;
    var notices = delivery.notices;
    var signIns = course.signIns;

    accessCodes =
        new AccessCodes(
            entropy,
            ground.digester,
            signIns,
            methods.factors,
            methods.enrolments,
            proofs.guesses,
            audit,
            notices);
    useAccessCode =
        new UseAccessCode(
            database, signIns, course.progress, accessCodes, proofs.guesses, audit, notices);
    recoveries =
        new Recoveries(
            database,
            ground.tenants,
            entropy,
            signIns,
            ground.people,
            methods.factors,
            methods.enrolments,
            proofs.passwords,
            answers.courier,
            audit,
            notices);
    recoverByWaiting =
        new RecoverByWaiting(
            database,
            signIns,
            course.progress,
            ground.people,
            course.destinations,
            proofs.challenges,
            proofs.guesses,
            recoveries,
            answers.courier,
            entropy,
            audit);
    waysBack = new WaysBack(accessCodes, recoveries);
  }
}
