package dev.countersign.wiring;

import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.EnrolmentTickets;
import dev.countersign.enrolment.OwnFactors;
import dev.countersign.enrolment.RecoveredFactors;
import dev.countersign.enrolment.ReportNotMe;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.enrolment.tokens.Tokens;

/** How people come by their factors and lose them: by their own hand, an admin's, or because 'this was not me'. */
public final class Enrolling {
  public final SetUp setUp;
  public final CodeSets codeSets;
  public final SetUpAtSignIn setUpAtSignIn;
  public final OwnFactors ownFactors;
  public final AdminSetUp adminSetUp;
  public final EnrolmentTickets enrolmentTickets;
  public final Tokens tokens;
  public final ReportNotMe reportNotMe;

  public Enrolling(
      Ground ground,
      Proofs proofs,
      Methods methods,
      Delivery delivery,
      Course course,
      Answers answers,
      Recovering recovering) {
    var database = ground.database;
    var people = ground.people;
    var audit = ground.audit;
    var spendables = proofs.spendables;
    var guesses = proofs.guesses;
    var factors = methods.factors;
    var enrolments = methods.enrolments;
    var notices = delivery.notices;
    var endAccess = course.endAccess;

    setUp =
        new SetUp(
            database,
            people,
            course.scenes,
            factors,
            enrolments,
            proofs.challenges,
            guesses,
            answers.courier,
            audit,
            notices,
            methods.habits,
            course.trustedBrowsers);
    codeSets = new CodeSets(people, factors, enrolments, spendables, guesses, audit, notices);
    setUpAtSignIn =
        new SetUpAtSignIn(
            database,
            course.signIns,
            course.progress,
            setUp,
            codeSets,
            proofs.ledger,
            spendables,
            audit,
            new RecoveredFactors(
                recovering.recoveries, factors, enrolments, codeSets, endAccess, audit, notices));
    ownFactors =
        new OwnFactors(
            database,
            course.sessions,
            course.freshness,
            people,
            course.policies,
            factors,
            enrolments,
            proofs.ledger,
            setUp,
            codeSets,
            audit,
            methods.habits);

    adminSetUp =
        new AdminSetUp(
            factors,
            methods.factorSettings,
            enrolments,
            course.policies,
            codeSets,
            guesses,
            endAccess,
            audit,
            notices,
            course.trustedBrowsers,
            recovering.waysBack);
    enrolmentTickets =
        new EnrolmentTickets(
            database, spendables, people, ground.tenants, ground.entropy, audit, notices);
    tokens = new Tokens(ground.sealer, enrolments, adminSetUp, audit);
    reportNotMe =
        new ReportNotMe(
            database,
            people,
            spendables,
            proofs.passwords,
            factors,
            enrolments,
            codeSets,
            endAccess,
            audit,
            recovering.waysBack);
  }
}
