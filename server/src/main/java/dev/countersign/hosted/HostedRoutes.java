package dev.countersign.hosted;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.HearDevice;
import dev.countersign.challenge.Picker;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.challenge.SignInByKey;
import dev.countersign.challenge.TrustBrowser;
import dev.countersign.delivery.push.Bell;
import dev.countersign.delivery.push.ServerKeys;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.ReportNotMe;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scenes;
import dev.countersign.hosted.view.TenantIndexPage;
import dev.countersign.identity.People;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIns;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.newpassword.ChooseNewPassword;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.Recoveries;
import dev.countersign.recovery.UseAccessCode;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.session.CancelSignIn;
import dev.countersign.session.Reconsider;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.stream.Stream;

/** Every page of a sign-in, and the files that pages need. */
public final class HostedRoutes {
  private final Frames frames;
  private final Onwards onwards;
  private final SignInPages signInPages;
  private final PasswordPages passwordPages;
  private final SetUpPages setUpPages;
  private final ChallengePages challengePages;
  private final RecoveryPages recoveryPages;
  private final NotMePages notMePages;
  private final ApproverPages approverPages;
  private final AssetPages assetPages;
  private final RelatedOrigins relatedOrigins;

  /** What the pages read. */
  public record Reads(
      Database database,
      Tenants tenants,
      People people,
      Passwords passwords,
      KnownBrowsers knownBrowsers,
      Factors factors,
      Policies policies,
      CodeSets codeSets,
      Picker picker,
      SignIns signIns,
      Progress progress,
      Destinations destinations,
      Scenes scenes,
      BrowserKeys browserKeys) {}

  /** What the pages do. */
  public record Operations(
      AnswerPassword answerPassword,
      SignInByKey signInByKey,
      PoseChallenge poseChallenge,
      AnswerChallenge answerChallenge,
      SetUpAtSignIn setUpAtSignIn,
      CancelSignIn cancelSignIn,
      Reconsider reconsider,
      AskPasswordReset askPasswordReset,
      ChooseNewPassword chooseNewPassword,
      TrustBrowser trustBrowser,
      ReportNotMe reportNotMe,
      AccessCodes accessCodes,
      UseAccessCode useAccessCode,
      Recoveries recoveries,
      RecoverByWaiting recoverByWaiting) {}

  /** What people's other devices talk to. */
  public record Devices(HearDevice hearDevice, ServerKeys serverKeys, Bell bell) {}

  public HostedRoutes(Frames frames, Reads reads, Operations operations, Devices devices) {
    this.frames = frames;
    var whereabouts = new Whereabouts(reads.factors());
    var visits =
        new Visits(
            reads.database(),
            reads.signIns(),
            reads.people(),
            reads.picker(),
            reads.policies(),
            reads.factors(),
            reads.destinations(),
            frames,
            whereabouts);
    this.onwards =
        new Onwards(
            reads.database(),
            reads.tenants(),
            reads.progress(),
            reads.passwords(),
            reads.knownBrowsers(),
            reads.destinations(),
            frames,
            whereabouts);
    this.signInPages =
        new SignInPages(
            visits,
            onwards,
            frames,
            operations.answerPassword(),
            operations.signInByKey(),
            operations.cancelSignIn(),
            operations.reconsider(),
            reads.browserKeys());
    this.passwordPages =
        new PasswordPages(frames, operations.askPasswordReset(), operations.chooseNewPassword());
    var ownCodes = new OwnCodes(reads.database(), reads.codeSets());
    this.setUpPages =
        new SetUpPages(
            visits, onwards, frames, reads.factors(), operations.setUpAtSignIn(), ownCodes);
    this.challengePages =
        new ChallengePages(
            visits,
            signInPages,
            setUpPages,
            frames,
            reads.factors(),
            ownCodes,
            operations.poseChallenge(),
            operations.answerChallenge(),
            operations.trustBrowser(),
            operations.recoveries());
    this.recoveryPages =
        new RecoveryPages(
            visits,
            onwards,
            frames,
            operations.accessCodes(),
            operations.useAccessCode(),
            operations.recoverByWaiting());
    this.notMePages = new NotMePages(frames, operations.reportNotMe());
    this.approverPages =
        new ApproverPages(frames, devices.hearDevice(), devices.serverKeys(), devices.bell());
    this.assetPages = new AssetPages(frames);
    this.relatedOrigins =
        new RelatedOrigins(reads.database(), reads.tenants(), reads.factors(), reads.scenes());
  }

  public List<Route> routes() {
    return Stream.of(
            List.of(Route.get("/", Frames.remembering(this::index))),
            signInPages.routes(),
            passwordPages.routes(),
            setUpPages.routes(),
            challengePages.routes(),
            recoveryPages.routes(),
            notMePages.routes(),
            approverPages.routes(),
            assetPages.routes(),
            relatedOrigins.routes())
        .flatMap(List::stream)
        .toList();
  }

  /** How a sign-in that was begun or moved goes on in its browser; for the rooms that begin them. */
  public Onwards onwards() {
    return onwards;
  }

  private Reply index(Request request) {
    return frames.reply(200, new TenantIndexPage(frames.plain(request, "/"), "/account"));
  }
}
