package dev.countersign.wiring;

import dev.countersign.account.AccountDestination;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Policies;
import dev.countersign.factor.Scenes;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.oidc.OidcArrival;
import dev.countersign.oidc.OidcDestinations;
import dev.countersign.session.CancelSignIn;
import dev.countersign.session.EndAccess;
import dev.countersign.session.EndSession;
import dev.countersign.session.ForgetBrowsers;
import dev.countersign.session.Reconsider;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.stepup.Freshness;

/** The course of a sign-in: what is demanded in it, what is known about it, where it arrives, and how its session ends. */
public final class Course {
  public final Scenes scenes;
  public final Policies policies;
  public final TrustedBrowsers trustedBrowsers;

  public final SignIns signIns;
  public final FactFinder facts;
  public final Sessions sessions;
  public final Destinations destinations;
  public final Progress progress;

  public final StartSignIn startSignIn;
  public final CancelSignIn cancelSignIn;
  public final Reconsider reconsider;
  public final Freshness freshness;
  public final EndAccess endAccess;
  public final EndSession endSession;
  public final ForgetBrowsers forgetBrowsers;

  public Course(Ground ground, Proofs proofs, Methods methods, Delivery delivery, Risk risk) {
    var database = ground.database;
    var digester = ground.digester;
    var entropy = ground.entropy;
    var audit = ground.audit;
    var people = ground.people;
    var ledger = proofs.ledger;
    var factors = methods.factors;
    var enrolments = methods.enrolments;

    scenes =
        new Scenes(
            ground.tenants,
            methods.factorSettings,
            digester,
            ground.schemas,
            delivery.texts::serves);
    policies = new Policies(factors, enrolments, scenes, people);
    trustedBrowsers = new TrustedBrowsers(entropy, digester, ledger, audit, policies::idle);

    signIns = new SignIns(entropy, digester, ground.sealer, ledger);
    facts =
        new FactFinder(
            people,
            factors,
            enrolments,
            proofs.spendables,
            scenes,
            trustedBrowsers,
            proofs.passwords);
    sessions = new Sessions(entropy, digester, ground.tenants);
    var account = new AccountDestination(sessions, audit);
    var application =
        new OidcArrival(
            sessions,
            ground.applications,
            people,
            ground.signingKeys,
            proofs.spendables,
            audit,
            entropy,
            factors,
            ground.sandboxes::is);
    Arrivals arrivals =
        (tx, signIn, completed, occasion) ->
            (signIn.destination().isAccount() ? account : application)
                .arrive(tx, signIn, completed, occasion);
    destinations =
        Destinations.either(
            SignIn.Destination::isAccount, account, new OidcDestinations(ground.applications));
    progress =
        new Progress(
            signIns, facts, policies, sessions::holds, audit, arrivals, risk.senses, new Graces());

    startSignIn = new StartSignIn(database, sessions, signIns, ledger, progress);
    cancelSignIn = new CancelSignIn(database, signIns, progress, audit);
    reconsider = new Reconsider(database, signIns, progress);
    freshness = new Freshness(ledger, facts, policies, enrolments, factors);
    endAccess = new EndAccess(signIns, sessions, trustedBrowsers);
    endSession = new EndSession(database, sessions, endAccess, audit);
    forgetBrowsers = new ForgetBrowsers(database, sessions, trustedBrowsers);
  }
}
