package dev.countersign.wiring;

import dev.countersign.account.AccountRoutes;
import dev.countersign.account.Overview;
import dev.countersign.account.TicketPages;
import dev.countersign.delivery.sms.Receipts;
import dev.countersign.hosted.Frames;
import dev.countersign.hosted.HostedRoutes;
import dev.countersign.hosted.Onwards;
import dev.countersign.hosted.PageFailures;
import dev.countersign.hosted.Pages;
import dev.countersign.hosted.ProtocolPages;
import dev.countersign.hosted.ReceiptRoutes;
import dev.countersign.management.ManagementRoutes;
import dev.countersign.oidc.ManagementBearer;
import dev.countersign.oidc.OidcRoutes;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Failures;
import dev.countersign.web.Origins;
import dev.countersign.web.Route;
import dev.countersign.web.Router;
import java.util.ArrayList;
import java.util.List;

/** What is reached over HTTP. */
public final class Web {
  public final Router router;

  private final Ground ground;
  private final Proofs proofs;
  private final Methods methods;
  private final Course course;
  private final Answers answers;
  private final Recovering recovering;
  private final Enrolling enrolling;
  private final NewPasswords newPasswords;
  private final Frames frames;
  private final OidcRoutes.Clients clients;
  private final OidcRoutes.Subjects subjects;
  private final OidcRoutes.Course underWay;
  private final OidcRoutes.Shown shown;

  public Web(
      Ground ground,
      Proofs proofs,
      Methods methods,
      Delivery delivery,
      Risk risk,
      Course course,
      Answers answers,
      Recovering recovering,
      Enrolling enrolling,
      NewPasswords newPasswords,
      Administration administration) {
    this.ground = ground;
    this.proofs = proofs;
    this.methods = methods;
    this.course = course;
    this.answers = answers;
    this.recovering = recovering;
    this.enrolling = enrolling;
    this.newPasswords = newPasswords;
    frames = new Frames(ground.tenants, methods.factors, new Pages());
    clients =
        new OidcRoutes.Clients(
            ground.tenants, ground.applications, ground.apis, ground.signingKeys);
    subjects =
        new OidcRoutes.Subjects(
            ground.people, proofs.passwords, methods.enrolments, course.sessions);
    underWay =
        new OidcRoutes.Course(course.signIns, course.progress, course.facts, course.policies);
    shown = new OidcRoutes.Shown(proofs.ledger, proofs.spendables, proofs.allowances);

    var management = administration.management;
    var hosted = hosted(risk);
    var texts = new Receipts(ground.database, delivery.textSettings, ground.audit);

    var routes = new ArrayList<Route>();
    routes.addAll(management.routes());
    routes.addAll(administration.jobEndpoints.routes());
    routes.addAll(hosted.routes());
    routes.addAll(new ReceiptRoutes(texts).routes());
    routes.addAll(provider(hosted.onwards()).routes());
    routes.addAll(account(hosted.onwards()));

    BearerCheck bearer =
        new ManagementBearer(
            ground.database, ground.entropy, ground.audit, clients, subjects, underWay, shown);
    Origins origins = ground.applications::isRegisteredOrigin;
    Failures failures =
        Failures.byCaller(
            ManagementRoutes::isOurs, ManagementRoutes.failures(), new PageFailures(frames));
    router =
        new Router(routes, management.counted(bearer), origins, failures, ground.sandboxes::now);
  }

  /** The pages of a sign-in. */
  private HostedRoutes hosted(Risk risk) {
    return new HostedRoutes(
        frames,
        new HostedRoutes.Reads(
            ground.database,
            ground.tenants,
            ground.people,
            proofs.passwords,
            proofs.knownBrowsers,
            methods.factors,
            course.policies,
            enrolling.codeSets,
            answers.picker,
            course.signIns,
            course.progress,
            course.destinations,
            course.scenes,
            risk.browserKeys),
        new HostedRoutes.Operations(
            answers.answerPassword,
            answers.signInByKey,
            answers.poseChallenge,
            answers.answerChallenge,
            enrolling.setUpAtSignIn,
            course.cancelSignIn,
            course.reconsider,
            newPasswords.askPasswordReset,
            newPasswords.chooseNewPassword,
            answers.trustBrowser,
            enrolling.reportNotMe,
            recovering.accessCodes,
            recovering.useAccessCode,
            recovering.recoveries,
            recovering.recoverByWaiting),
        new HostedRoutes.Devices(answers.hearDevice, answers.serverKeys, answers.bell));
  }

  /** What applications ask. */
  private OidcRoutes provider(Onwards onwards) {
    var direct =
        new OidcRoutes.Direct(
            methods.factors,
            answers.answerPassword,
            answers.poseChallenge,
            answers.answerChallenge,
            enrolling.setUpAtSignIn,
            enrolling.codeSets,
            enrolling.ownFactors,
            ground.digester);
    return new OidcRoutes(
        ground.database,
        ground.entropy,
        ground.audit,
        clients,
        subjects,
        underWay,
        shown,
        direct,
        course.startSignIn,
        new ProtocolPages(frames, onwards));
  }

  /** The pages of somebody's own account. */
  private List<Route> account(Onwards onwards) {
    var overview =
        new Overview(
            frames,
            ground.database,
            course.sessions,
            course.freshness,
            ground.people,
            proofs.passwords,
            methods.factors,
            methods.enrolments,
            enrolling.codeSets,
            enrolling.ownFactors,
            course.scenes,
            ground.audit,
            course.trustedBrowsers,
            methods.habits);
    var routes =
        new ArrayList<>(
            new AccountRoutes(
                    frames,
                    onwards,
                    methods.factors,
                    course.startSignIn,
                    enrolling.ownFactors,
                    newPasswords.changePassword,
                    course.endSession,
                    overview,
                    course.forgetBrowsers)
                .routes());
    routes.addAll(
        new TicketPages(frames, onwards, enrolling.enrolmentTickets, course.startSignIn).routes());
    return routes;
  }
}
