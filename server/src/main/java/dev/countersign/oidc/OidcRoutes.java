package dev.countersign.oidc;

import dev.countersign.application.Apis;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.OwnFactors;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factors;
import dev.countersign.identity.People;
import dev.countersign.kernel.Entropy;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Spendables;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Guard;
import dev.countersign.web.Handler;
import dev.countersign.web.Method;
import dev.countersign.web.Route;
import java.util.ArrayList;
import java.util.List;

/** Every path of the provider. */
public final class OidcRoutes {
  private final Authorize authorize;
  private final TokenEndpoint token;
  private final PushEndpoint push;
  private final Revocation revocation;
  private final Introspection introspection;
  private final UserInfoEndpoint userInfo;
  private final SignOut signOut;
  private final Discovery discovery;
  private final MfaEndpoints mfa;

  /** Who asks for what, and what tokens are made with. */
  public record Clients(Tenants tenants, Applications applications, Apis apis, SigningKeys keys) {}

  /** Who signs in, and stays. */
  public record Subjects(
      People people, Passwords passwords, Enrolments enrolments, Sessions sessions) {}

  /** What is demanded of them, and what is known of it. */
  public record Course(SignIns signIns, Progress progress, FactFinder facts, Policies policies) {}

  /** What they and applications have shown, and used up. */
  public record Shown(ProofLedger ledger, Spendables spendables, Allowances allowances) {}

  /** What applications do that ask their person by themselves. */
  public record Direct(
      Factors factors,
      AnswerPassword password,
      PoseChallenge pose,
      AnswerChallenge answer,
      SetUpAtSignIn setUp,
      CodeSets codeSets,
      OwnFactors own,
      Digester digester) {}

  public OidcRoutes(
      Database database,
      Entropy entropy,
      Audit audit,
      Clients clients,
      Subjects subjects,
      Course course,
      Shown shown,
      Direct direct,
      StartSignIn startSignIn,
      OidcPages pages) {
    var tokens = new Tokens(clients.keys());
    var mint = new Mint(entropy, tenant -> clients.tenants().get(tenant).sandbox());
    var families = new RefreshFamilies(shown.spendables(), entropy);
    var refreshRules =
        new RefreshRules(
            subjects.people(),
            subjects.sessions(),
            subjects.passwords(),
            subjects.enrolments(),
            shown.ledger(),
            course.facts(),
            course.policies(),
            new Graces());
    var rules = new AuthorizationRules(clients.apis());
    var pushed = new PushedRequests(shown.spendables(), entropy);
    authorize =
        new Authorize(
            database,
            clients.applications(),
            subjects.sessions(),
            startSignIn,
            course.progress(),
            clients.keys(),
            tokens,
            rules,
            pages,
            clients.tenants(),
            pushed);
    var mfaTokens = new MfaTokens(database, course.signIns(), course.progress());
    var oobCodes = new OobCodes(direct.digester());
    var operations =
        new DirectGrants.Operations(
            course.signIns(),
            direct.factors(),
            direct.password(),
            direct.pose(),
            direct.answer(),
            direct.setUp(),
            direct.codeSets());
    var own =
        new OwnAuthenticators(
            database,
            subjects.people(),
            subjects.sessions(),
            families,
            tokens,
            direct.factors(),
            subjects.enrolments(),
            direct.own(),
            oobCodes);
    token =
        new TokenEndpoint(
            database,
            clients.applications(),
            clients.apis(),
            subjects.people(),
            subjects.sessions(),
            clients.keys(),
            audit,
            new Codes(shown.spendables(), entropy),
            families,
            refreshRules,
            mint,
            new DirectGrants(
                database,
                entropy,
                clients.apis(),
                clients.tenants(),
                course.progress(),
                mfaTokens,
                oobCodes,
                own,
                operations),
            clients.tenants(),
            new ClientAssertions(database, shown.spendables()));
    mfa =
        new MfaEndpoints(
            database,
            subjects.enrolments(),
            course.policies(),
            token,
            mfaTokens,
            oobCodes,
            own,
            operations);
    push = new PushEndpoint(database, clients.tenants(), token, rules, pushed, shown.allowances());
    revocation = new Revocation(database, token, families, tokens);
    introspection =
        new Introspection(
            database,
            clients.applications(),
            subjects.people(),
            subjects.sessions(),
            families,
            token,
            tokens,
            stepUpRules(subjects, course, shown));
    userInfo =
        new UserInfoEndpoint(database, subjects.people(), subjects.sessions(), families, tokens);
    signOut =
        new SignOut(
            database,
            clients.tenants(),
            clients.applications(),
            subjects.people(),
            subjects.sessions(),
            audit,
            tokens,
            pages);
    discovery = new Discovery(clients.keys());
  }

  static StepUpRules stepUpRules(Subjects subjects, Course course, Shown shown) {
    return new StepUpRules(
        subjects.sessions(),
        course.signIns(),
        shown.ledger(),
        subjects.enrolments(),
        course.facts(),
        course.policies());
  }

  public List<Route> routes() {
    var all = new ArrayList<>(provider());
    all.addAll(mfa.routes());
    return List.copyOf(all);
  }

  private List<Route> provider() {
    return List.of(
        shared(Method.GET, "/.well-known/openid-configuration", discovery::metadata),
        shared(Method.GET, "/.well-known/jwks.json", discovery::jwks),
        Route.get("/authorize", authorize::get),
        open(Method.POST, "/authorize", authorize::post),
        shared(Method.POST, "/oauth/token", token::handle),
        shared(Method.POST, "/oauth/revoke", revocation::handle),
        shared(Method.POST, "/oauth/par", push::handle),
        open(Method.POST, "/oauth/introspect", introspection::handle),
        shared(Method.GET, "/userinfo", userInfo::handle),
        shared(Method.POST, "/userinfo", userInfo::handle),
        Route.get("/v2/logout", signOut::auth0),
        Route.get("/oidc/logout", signOut::oidc),
        open(Method.POST, "/oidc/logout", signOut::oidcPosted),
        Route.form(SignOut.CONFIRM, signOut::confirmed));
  }

  private static Route open(Method method, String path, Handler handler) {
    return new Route(method, path, Guard.OPEN, handler);
  }

  static Route shared(Method method, String path, Handler handler) {
    return new Route(method, path, Guard.CROSS_ORIGIN, handler);
  }
}
