package dev.countersign;

import dev.countersign.account.AccountDestination;
import dev.countersign.account.AccountRoutes;
import dev.countersign.account.Overview;
import dev.countersign.account.TicketPages;
import dev.countersign.application.Apis;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.audit.stream.LogStreams;
import dev.countersign.audit.stream.StreamPump;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.AttackWatch;
import dev.countersign.challenge.HearDevice;
import dev.countersign.challenge.NewPlaces;
import dev.countersign.challenge.Picker;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.challenge.SignInByKey;
import dev.countersign.challenge.TrustBrowser;
import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.delivery.Caps;
import dev.countersign.delivery.Channels;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Notices;
import dev.countersign.delivery.Unsent;
import dev.countersign.delivery.hook.Hooks;
import dev.countersign.delivery.mail.MailCodes;
import dev.countersign.delivery.mail.MailHosts;
import dev.countersign.delivery.mail.MailNotices;
import dev.countersign.delivery.mail.MailTemplates;
import dev.countersign.delivery.mail.Mailer;
import dev.countersign.delivery.mail.Outbox;
import dev.countersign.delivery.mail.SmtpMailer;
import dev.countersign.delivery.push.AppWaker;
import dev.countersign.delivery.push.Bell;
import dev.countersign.delivery.push.Pushes;
import dev.countersign.delivery.push.ServerKeys;
import dev.countersign.delivery.push.WebPushWaker;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.delivery.sms.Receipts;
import dev.countersign.delivery.sms.TextSettings;
import dev.countersign.delivery.sms.Texts;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.EnrolmentTickets;
import dev.countersign.enrolment.OwnFactors;
import dev.countersign.enrolment.RecoveredFactors;
import dev.countersign.enrolment.ReportNotMe;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.factor.Definitions;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.FactorSettings;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.factor.Scenes;
import dev.countersign.hosted.CodeLetters;
import dev.countersign.hosted.Frames;
import dev.countersign.hosted.HostedRoutes;
import dev.countersign.hosted.NoticeLetters;
import dev.countersign.hosted.PageFailures;
import dev.countersign.hosted.Pages;
import dev.countersign.hosted.ProtocolPages;
import dev.countersign.hosted.ReceiptRoutes;
import dev.countersign.hosted.TextWords;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.identity.People;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Rounds;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.FactFinder;
import dev.countersign.loginsession.History;
import dev.countersign.loginsession.Observing;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.Senses;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.management.ManagementRoutes;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.apis.ClientGrants;
import dev.countersign.management.apis.ResourceServers;
import dev.countersign.management.clients.Clients;
import dev.countersign.management.connections.Connections;
import dev.countersign.management.guardian.CodeSettings;
import dev.countersign.management.guardian.CustomFactors;
import dev.countersign.management.guardian.EnrollmentEndpoints;
import dev.countersign.management.guardian.FactorSettingsEndpoints;
import dev.countersign.management.guardian.Guardian;
import dev.countersign.management.guardian.PhoneEndpoints;
import dev.countersign.management.guardian.PolicyChange;
import dev.countersign.management.guardian.PushEndpoints;
import dev.countersign.management.guardian.PushSettings;
import dev.countersign.management.guardian.RememberMe;
import dev.countersign.management.identity.SchemaEndpoints;
import dev.countersign.management.jobs.JobEndpoints;
import dev.countersign.management.jobs.Jobs;
import dev.countersign.management.jobs.OperatorPeople;
import dev.countersign.management.logs.LogEntries;
import dev.countersign.management.logs.LogStreamEndpoints;
import dev.countersign.management.logs.Logs;
import dev.countersign.management.methods.AuthenticationMethods;
import dev.countersign.management.policy.Decisions;
import dev.countersign.management.policy.EnforcementEndpoints;
import dev.countersign.management.policy.OperatorPolicy;
import dev.countersign.management.policy.PolicyForm;
import dev.countersign.management.risk.AddressLists;
import dev.countersign.management.risk.RiskEndpoints;
import dev.countersign.management.roles.Reach;
import dev.countersign.management.roles.RoleEndpoints;
import dev.countersign.management.roles.UserRoles;
import dev.countersign.management.sandbox.SandboxEndpoints;
import dev.countersign.management.settings.Looks;
import dev.countersign.management.settings.MailEndpoints;
import dev.countersign.management.settings.NotHere;
import dev.countersign.management.settings.TenantEndpoints;
import dev.countersign.management.tokens.HardwareTokens;
import dev.countersign.management.users.AccessCodeEndpoints;
import dev.countersign.management.users.RecoveryEndpoints;
import dev.countersign.management.users.UserBrowsers;
import dev.countersign.management.users.UserImport;
import dev.countersign.management.users.UserSessions;
import dev.countersign.management.users.Users;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.newpassword.ChangePassword;
import dev.countersign.newpassword.ChooseNewPassword;
import dev.countersign.newpassword.Installing;
import dev.countersign.oidc.ManagementBearer;
import dev.countersign.oidc.OidcArrival;
import dev.countersign.oidc.OidcDestinations;
import dev.countersign.oidc.OidcRoutes;
import dev.countersign.outbound.Outbound;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Spendables;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.Recoveries;
import dev.countersign.recovery.UseAccessCode;
import dev.countersign.recovery.WaysBack;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.risk.Observe;
import dev.countersign.risk.RiskSettings;
import dev.countersign.risk.StolenPasswords;
import dev.countersign.risk.lists.Feeds;
import dev.countersign.risk.lists.Lists;
import dev.countersign.risk.lists.OperatorLists;
import dev.countersign.risk.places.Places;
import dev.countersign.session.CancelSignIn;
import dev.countersign.session.EndAccess;
import dev.countersign.session.EndSession;
import dev.countersign.session.ForgetBrowsers;
import dev.countersign.session.Reconsider;
import dev.countersign.session.Sessions;
import dev.countersign.session.StartSignIn;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.signin.password.Passwords;
import dev.countersign.stepup.Freshness;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tidy;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.KeptSettings;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Sandboxes;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Failures;
import dev.countersign.web.Messages;
import dev.countersign.web.Origins;
import dev.countersign.web.Route;
import dev.countersign.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole product, put together by hand. The only place that says {@code new} for a service; read it from top to
 * bottom to see what there is and who knows whom. Listens to nothing: that is the server's.
 */
public final class Wiring implements AutoCloseable {

  /**
   * What the product is made from.
   *
   * @param keys root keys, kept outside the database
   * @param address how the world reaches it
   * @param passwordCost what hashing a password costs
   * @param settings the configuration, for what has keys there
   * @param mailer what carries mails; none where people are told nothing
   */
  public record Parts(
      Database database,
      KeyRing keys,
      InstantSource clock,
      Entropy entropy,
      PublicAddress address,
      Argon2id.Cost passwordCost,
      Settings settings,
      Optional<Mailer> mailer) {

    /** With the mail host that the configuration names, if it names one. */
    public Parts(
        Database database,
        KeyRing keys,
        InstantSource clock,
        Entropy entropy,
        PublicAddress address,
        Argon2id.Cost passwordCost,
        Settings settings) {
      this(
          database,
          keys,
          clock,
          entropy,
          address,
          passwordCost,
          settings,
          SmtpMailer.of(settings, clock));
    }
  }

  // What everything rests on
  public final InstantSource clock;
  public final Entropy entropy;
  public final Database database;
  public final Sealer sealer;
  public final Digester digester;

  // Who the customer is, who the person is, what happened
  public final Tenants tenants;
  public final SigningKeys signingKeys;
  public final Applications applications;
  public final Apis apis;
  public final People people;
  public final IdentitySchemas schemas;
  public final Audit audit;
  public final Sandboxes sandboxes;
  public final Outbox outbox;
  public final Notices notices;
  public final Outbound outbound;
  public final LogStreams logStreams;
  public final StreamPump streamPump;
  public final Bell bell;
  public final ServerKeys serverKeys;

  // Proofs
  public final Spendables spendables;
  public final ProofLedger ledger;
  public final Challenges challenges;
  public final Guesses guesses;
  public final Allowances allowances;

  // First proof
  public final Passwords passwords;
  public final KnownBrowsers knownBrowsers;
  public final TrustedBrowsers trustedBrowsers;

  // What is noteworthy about a sign-in
  public final Places places;
  public final Lists addressLists;
  public final Feeds feeds;
  public final StolenPasswords stolenPasswords;
  public final Observe observe;
  public final BrowserKeys browserKeys;

  // Factors and policy
  public final Factors factors;
  public final Enrolments enrolments;
  public final Habits habits;
  public final FactorSettings factorSettings;
  public final Definitions definitions;
  public final TextSettings textSettings;
  public final Texts texts;
  public final Scenes scenes;
  public final Policies policies;

  // Sign-ins and sessions
  public final SignIns signIns;
  public final FactFinder facts;
  public final Senses senses;
  public final Sessions sessions;
  public final Destinations destinations;
  public final Progress progress;
  public final StartSignIn startSignIn;
  public final EndAccess endAccess;

  // Operations
  public final AnswerPassword answerPassword;
  public final SignInByKey signInByKey;
  public final PoseChallenge poseChallenge;
  public final AnswerChallenge answerChallenge;
  public final HearDevice hearDevice;
  public final Picker picker;
  public final TrustBrowser trustBrowser;
  public final SetUp setUp;
  public final CodeSets codeSets;
  public final SetUpAtSignIn setUpAtSignIn;
  public final AskPasswordReset askPasswordReset;
  public final ChooseNewPassword chooseNewPassword;
  public final ChangePassword changePassword;
  public final AdminSetUp adminSetUp;
  public final EnrolmentTickets enrolmentTickets;
  public final UserImport userImport;
  public final Jobs jobs;
  public final OperatorPeople operatorPeople;
  public final OperatorPolicy operatorPolicy;
  public final Tokens tokens;
  public final CancelSignIn cancelSignIn;
  public final EndSession endSession;
  public final Reconsider reconsider;
  public final Freshness freshness;
  public final OwnFactors ownFactors;
  public final ForgetBrowsers forgetBrowsers;
  public final ReportNotMe reportNotMe;
  public final AccessCodes accessCodes;
  public final UseAccessCode useAccessCode;
  public final Recoveries recoveries;
  public final RecoverByWaiting recoverByWaiting;

  // What runs by itself
  public final Tidy tidy;
  private final List<Rounds> rounds = new ArrayList<>();

  // What is reached over HTTP
  public final ManagementRoutes management;
  public final Router router;

  public Wiring(Parts parts) {
    clock = parts.clock();
    entropy = parts.entropy();
    database = parts.database();
    Schema.prepare(database, parts.keys());
    sealer = new Sealer(parts.keys(), entropy);
    digester = new Digester(parts.keys());

    tenants = new Tenants(database, entropy, parts.address());
    signingKeys =
        new SigningKeys(
            database,
            sealer,
            entropy,
            clock,
            work -> Thread.ofPlatform().daemon().name("signing-keys").start(work));
    applications = new Applications(database, entropy, digester);
    apis = new Apis(database, entropy);
    people = new People(entropy);
    schemas = new IdentitySchemas(people);
    logStreams = new LogStreams(sealer, entropy);
    audit = new Audit(entropy, logStreams);
    outbound = new Outbound(parts.settings().get(Keys.OUTBOUND_ALLOW));
    factors =
        Factors.all(entropy, outbound, tenant -> tenants.get(tenant).settings(), tenants::read);
    factors.speakers().forEach(Messages::include);
    var mailTemplates = new MailTemplates(database);
    sandboxes = new Sandboxes(database, tenants);
    var sandboxMessages = new SandboxMessages(database, sealer, entropy, sandboxes);
    var mailHosts =
        new MailHosts(database, sealer, clock, outbound, parts.mailer(), sandboxMessages);
    outbox =
        new Outbox(
            database,
            sealer,
            clock,
            new NoticeLetters(new Pages(), tenants, factors),
            mailTemplates,
            mailHosts);
    spendables = new Spendables(digester);
    enrolments = new Enrolments(sealer, entropy);
    notices =
        notices(
            mailHosts,
            new MailNotices(people, outbox, entropy, spendables, tenants, this::otherAddresses));

    ledger = new ProofLedger(spendables);
    challenges = new Challenges(sealer, entropy);
    guesses = new Guesses();
    allowances = new Allowances();

    places =
        new Places(
            parts.settings().get(Keys.RISK_PLACES), parts.settings().get(Keys.RISK_PLACES_FILE));
    var operatorLists =
        new OperatorLists(
            parts.settings().get(Keys.RISK_BLOCKED), parts.settings().get(Keys.RISK_FEEDS));
    addressLists = new Lists(sealer, entropy, operatorLists, RiskSettings.USUAL_DAYS, clock);
    feeds = new Feeds(database, addressLists, operatorLists, outbound, audit, clock);
    stolenPasswords =
        new StolenPasswords(parts.settings().get(Keys.RISK_STOLEN_PASSWORDS_URL), outbound);
    observe = new Observe(digester, places, addressLists, guesses.recent());
    browserKeys = new BrowserKeys(digester);

    var hasher = new PasswordHasher(Argon2id.best(), entropy, parts.passwordCost());
    passwords = new Passwords(sealer, hasher);
    knownBrowsers = new KnownBrowsers(entropy, digester);

    habits = new Habits();
    factorSettings = new FactorSettings(sealer);
    definitions = new Definitions(tenants, factors, factorSettings, enrolments);
    textSettings = new TextSettings(sealer);
    var words = new TextWords(tenants);
    texts =
        new Texts(
            database,
            textSettings,
            tenants,
            words,
            outbound,
            audit,
            allowances,
            digester,
            clock,
            parts.settings(),
            sandboxMessages);
    scenes = new Scenes(tenants, factorSettings, digester, schemas, texts::serves);
    policies = new Policies(factors, enrolments, scenes, people);
    trustedBrowsers = new TrustedBrowsers(entropy, digester, ledger, audit, policies::idle);

    signIns = new SignIns(entropy, digester, sealer, ledger);
    facts =
        new FactFinder(people, factors, enrolments, spendables, scenes, trustedBrowsers, passwords);
    sessions = new Sessions(entropy, digester, tenants);
    var account = new AccountDestination(sessions, audit);
    var arrival =
        new OidcArrival(
            sessions,
            applications,
            people,
            signingKeys,
            spendables,
            audit,
            entropy,
            factors,
            sandboxes::is);
    Arrivals arrivals =
        (tx, signIn, completed, occasion) ->
            (signIn.destination().isAccount() ? account : arrival)
                .arrive(tx, signIn, completed, occasion);
    destinations =
        Destinations.either(
            SignIn.Destination::isAccount, account, new OidcDestinations(applications));
    senses = new Observing(observe, browserKeys);
    progress =
        new Progress(
            signIns, facts, policies, sessions::holds, audit, arrivals, senses, new Graces());
    startSignIn = new StartSignIn(database, sessions, signIns, ledger, progress);
    endAccess = new EndAccess(signIns, sessions, trustedBrowsers);

    answerPassword =
        new AnswerPassword(
            database,
            signIns,
            progress,
            people,
            passwords,
            knownBrowsers,
            digester,
            ledger,
            guesses,
            audit,
            notices,
            new AttackWatch(allowances, audit),
            trustedBrowsers,
            browserKeys,
            stolenPasswords);
    var places = new NewPlaces(habits, allowances, audit, notices);
    signInByKey =
        new SignInByKey(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            policies,
            ledger,
            guesses,
            sealer,
            audit,
            places);
    answerChallenge =
        new AnswerChallenge(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            destinations,
            challenges,
            ledger,
            spendables,
            guesses,
            audit,
            notices,
            places);
    var caps = new Caps(allowances, audit);
    var mailCodes =
        new MailCodes(
            database,
            people,
            caps,
            new CodeLetters(new Pages(), tenants),
            mailTemplates,
            mailHosts,
            entropy,
            work -> Thread.ofVirtual().name("mail-code").start(work));
    hearDevice =
        new HearDevice(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            challenges,
            guesses,
            answerChallenge,
            audit,
            notices);
    bell = new Bell();
    serverKeys = new ServerKeys(database, sealer);
    var pushSettings = new PushSettings(database, factors, factorSettings);
    var appWaker = new AppWaker(outbound, parts.settings(), pushSettings::plan);
    Courier courier =
        new Channels(
            texts,
            mailCodes,
            new Pushes(
                database,
                allowances,
                audit,
                bell,
                Map.of(
                    "web",
                    new WebPushWaker(outbound, serverKeys, tenants, entropy),
                    "fcm",
                    appWaker,
                    "apns",
                    appWaker),
                hearDevice::unreachable,
                sandboxMessages,
                clock,
                words),
            new Hooks(caps, outbound));
    poseChallenge =
        new PoseChallenge(
            database,
            signIns,
            people,
            factors,
            enrolments,
            scenes,
            destinations,
            challenges,
            guesses,
            courier,
            audit);
    picker = new Picker(factors, enrolments, habits, scenes);
    trustBrowser =
        new TrustBrowser(
            database, people, policies, factors, enrolments, signIns, sessions, trustedBrowsers);
    setUp =
        new SetUp(
            database,
            people,
            scenes,
            factors,
            enrolments,
            challenges,
            guesses,
            courier,
            audit,
            notices,
            habits,
            trustedBrowsers);
    accessCodes =
        new AccessCodes(entropy, digester, signIns, factors, enrolments, guesses, audit, notices);
    useAccessCode =
        new UseAccessCode(database, signIns, progress, accessCodes, guesses, audit, notices);
    recoveries =
        new Recoveries(
            database,
            tenants,
            entropy,
            signIns,
            people,
            factors,
            enrolments,
            passwords,
            courier,
            audit,
            notices);
    recoverByWaiting =
        new RecoverByWaiting(
            database,
            signIns,
            progress,
            people,
            destinations,
            challenges,
            guesses,
            recoveries,
            courier,
            entropy,
            audit);
    var waysBack = new WaysBack(accessCodes, recoveries);
    codeSets = new CodeSets(people, factors, enrolments, spendables, guesses, audit, notices);
    setUpAtSignIn =
        new SetUpAtSignIn(
            database,
            signIns,
            progress,
            setUp,
            codeSets,
            ledger,
            spendables,
            audit,
            new RecoveredFactors(
                recoveries, factors, enrolments, codeSets, endAccess, audit, notices));
    adminSetUp =
        new AdminSetUp(
            factors,
            factorSettings,
            enrolments,
            policies,
            codeSets,
            guesses,
            endAccess,
            audit,
            notices,
            trustedBrowsers,
            waysBack);
    reportNotMe =
        new ReportNotMe(
            database,
            people,
            spendables,
            passwords,
            factors,
            enrolments,
            codeSets,
            endAccess,
            audit,
            waysBack);

    enrolmentTickets =
        new EnrolmentTickets(database, spendables, people, tenants, entropy, audit, notices);
    tokens = new Tokens(sealer, enrolments, adminSetUp, audit);
    var logEntries = new LogEntries(people, applications, tenants);
    streamPump =
        new StreamPump(
            database,
            logStreams,
            audit,
            (tx, tenant, event) -> Json.write(logEntries.streamed(tx, tenant, event)),
            outbound,
            clock);
    userImport =
        new UserImport(people, passwords, hasher, schemas, factors, adminSetUp, audit, entropy);
    jobs = new Jobs(database, sealer, entropy, clock, people, userImport, spendables);
    operatorPeople =
        new OperatorPeople(
            database, people, passwords, policies, endAccess, audit, jobs, accessCodes);
    var reach = new Reach(database, people, apis, audit);
    var jobEndpoints = new JobEndpoints(database, jobs, audit, reach);
    var history = new History(database);
    var policyForm = new PolicyForm(factors, entropy);
    operatorPolicy =
        new OperatorPolicy(
            database, policies, people, factors, enrolments, scenes, history, audit, policyForm);
    var policyChange = new PolicyChange(database, policies, people, audit);
    var codeSettings = new CodeSettings(database, factors, factorSettings, audit);
    management =
        new ManagementRoutes(
            reach,
            new Guardian(factors, policyChange, codeSettings),
            new RememberMe(policyChange),
            new FactorSettingsEndpoints(database, tenants, factors, factorSettings, audit),
            new PhoneEndpoints(database, textSettings, factors, policies, audit),
            new PushEndpoints(database, pushSettings, audit),
            new SchemaEndpoints(database, schemas, factors, enrolments, audit),
            new EnforcementEndpoints(policyForm, policyChange),
            new Users(
                database, tenants, people, schemas, passwords, hasher, policies, endAccess,
                codeSets, audit, notices),
            new UserSessions(database, people, sessions, endAccess, audit),
            new UserBrowsers(database, people, trustedBrowsers),
            new AuthenticationMethods(database, people, factors, policies, adminSetUp, codeSets),
            new Logs(database, audit, logEntries),
            new LogStreamEndpoints(database, logStreams, outbound, audit, entropy),
            new Decisions(database, history, policies),
            new HardwareTokens(database, people, tokens, reach),
            new CustomFactors(
                database,
                tenants,
                factors,
                factorSettings,
                definitions,
                policyChange,
                audit,
                entropy),
            new EnrollmentEndpoints(
                database,
                people,
                factors,
                enrolments,
                policies,
                scenes,
                adminSetUp,
                enrolmentTickets,
                mailHosts::sends,
                reach),
            new RiskEndpoints(
                database,
                people,
                policyChange,
                new RiskSettings(),
                observe,
                habits,
                trustedBrowsers,
                audit),
            jobEndpoints,
            resources(mailHosts, mailTemplates, sandboxMessages));

    askPasswordReset =
        new AskPasswordReset(
            database, people, allowances, spendables, digester, entropy, tenants, audit, notices);
    var installing = new Installing(policies, passwords, guesses, audit, notices);
    chooseNewPassword =
        new ChooseNewPassword(
            database, tenants, people, spendables, passwords, installing, endAccess, audit);
    changePassword =
        new ChangePassword(
            database, tenants, people, passwords, guesses, installing, endAccess, audit, notices);
    cancelSignIn = new CancelSignIn(database, signIns, progress, audit);
    endSession = new EndSession(database, sessions, endAccess, audit);
    forgetBrowsers = new ForgetBrowsers(database, sessions, trustedBrowsers);
    reconsider = new Reconsider(database, signIns, progress);
    freshness = new Freshness(ledger, facts, policies, enrolments, factors);
    ownFactors =
        new OwnFactors(
            database,
            sessions,
            freshness,
            people,
            policies,
            factors,
            enrolments,
            ledger,
            setUp,
            codeSets,
            audit,
            habits);

    tidy =
        new Tidy(
            database,
            () -> tenants.all().stream().map(Tenant::id).toList(),
            clock,
            sandboxes::now,
            brooms(sandboxMessages));

    var routes = new ArrayList<Route>();
    routes.addAll(management.routes());
    routes.addAll(jobEndpoints.routes());
    var frames = new Frames(tenants, factors, new Pages());
    var hosted =
        new HostedRoutes(
            frames,
            new HostedRoutes.Reads(
                database,
                tenants,
                people,
                passwords,
                knownBrowsers,
                factors,
                policies,
                codeSets,
                picker,
                signIns,
                progress,
                destinations,
                scenes,
                browserKeys),
            new HostedRoutes.Operations(
                answerPassword,
                signInByKey,
                poseChallenge,
                answerChallenge,
                setUpAtSignIn,
                cancelSignIn,
                reconsider,
                askPasswordReset,
                chooseNewPassword,
                trustBrowser,
                reportNotMe,
                accessCodes,
                useAccessCode,
                recoveries,
                recoverByWaiting),
            new HostedRoutes.Devices(hearDevice, serverKeys, bell));
    routes.addAll(hosted.routes());
    routes.addAll(new ReceiptRoutes(new Receipts(database, textSettings, audit)).routes());
    var clients = new OidcRoutes.Clients(tenants, applications, apis, signingKeys);
    var subjects =
        new OidcRoutes.Subjects(
            people,
            passwords,
            enrolments,
            policies,
            facts,
            ledger,
            spendables,
            allowances,
            sessions,
            progress);
    routes.addAll(
        new OidcRoutes(
                database,
                entropy,
                audit,
                clients,
                subjects,
                new OidcRoutes.Direct(
                    signIns,
                    factors,
                    answerPassword,
                    poseChallenge,
                    answerChallenge,
                    setUpAtSignIn,
                    codeSets,
                    ownFactors,
                    digester),
                startSignIn,
                new ProtocolPages(frames, hosted.onwards()))
            .routes());
    var overview =
        new Overview(
            frames,
            database,
            sessions,
            freshness,
            people,
            passwords,
            factors,
            enrolments,
            codeSets,
            ownFactors,
            scenes,
            audit,
            trustedBrowsers,
            habits);
    routes.addAll(
        new AccountRoutes(
                frames,
                hosted.onwards(),
                factors,
                startSignIn,
                ownFactors,
                changePassword,
                endSession,
                overview,
                forgetBrowsers)
            .routes());
    routes.addAll(
        new TicketPages(frames, hosted.onwards(), enrolmentTickets, startSignIn).routes());
    BearerCheck bearer = new ManagementBearer(database, entropy, audit, clients, subjects, signIns);
    Origins origins = applications::isRegisteredOrigin;
    Failures failures =
        Failures.byCaller(
            ManagementRoutes::isOurs, ManagementRoutes.failures(), new PageFailures(frames));
    router = new Router(routes, management.counted(bearer), origins, failures, sandboxes::now);
  }

  /** Of a tenant whose mails nobody carries nobody is told anything, and the log says so. */
  private static Notices notices(MailHosts hosts, Notices mailed) {
    var unsent = new Unsent();
    return (tx, tenant, who, notice, occasion) ->
        (hosts.sends(tenant) ? mailed : unsent).tell(tx, tenant, who, notice, occasion);
  }

  /** Mail that reaches somebody beside the address on file. */
  private List<String> otherAddresses(Tx tx, TenantId tenant, UserId user) {
    return enrolments.of(tx, tenant, user).stream()
        .filter(Enrolment::isActive)
        .flatMap(it -> factors.of(tenant).get(it.factor()).mailAddress(it).stream())
        .toList();
  }

  /** What a tenant is made of beside its people, by the Management API. */
  private List<Endpoint> resources(
      MailHosts mailHosts, MailTemplates mailTemplates, SandboxMessages sandboxMessages) {
    var kept = new KeptSettings();
    return Stream.of(
            new Clients(database, applications, audit).endpoints(),
            new Connections(database, applications, policies, factors, kept, audit).endpoints(),
            new ResourceServers(database, apis, tenants, audit).endpoints(),
            new ClientGrants(database, apis, applications, audit).endpoints(),
            new RoleEndpoints(database, people, apis, policies, audit).endpoints(),
            new UserRoles(database, people, audit).endpoints(),
            new TenantEndpoints(database, tenants, apis, kept, audit).endpoints(),
            new Looks(database, tenants, kept, audit).endpoints(),
            new MailEndpoints(database, mailHosts, mailTemplates, audit).endpoints(),
            new AddressLists(database, addressLists, outbound, audit).endpoints(),
            new AccessCodeEndpoints(database, people, accessCodes).endpoints(),
            new RecoveryEndpoints(database, tenants, people, recoveries, audit).endpoints(),
            new SandboxEndpoints(
                    database,
                    sandboxes,
                    sandboxMessages,
                    outbox,
                    people,
                    factors,
                    adminSetUp,
                    scenes,
                    entropy,
                    audit)
                .endpoints(),
            new NotHere().endpoints())
        .flatMap(List::stream)
        .toList();
  }

  /** Starts what runs by itself beside requests. */
  public void startBackground() {
    rounds.add(Rounds.every(Duration.ofSeconds(1), "outbox", outbox::deliverDue));
    rounds.add(Rounds.every(Duration.ofSeconds(1), "log-streams", streamPump::deliverDue));
    rounds.add(Rounds.every(Duration.ofMinutes(5), "tidy", tidy::sweep));
    rounds.add(Rounds.every(Duration.ofMinutes(1), "recoveries", this::sweepRecoveries));
    rounds.add(Rounds.every(Duration.ofSeconds(1), "jobs", jobs::runDue));
    rounds.add(Rounds.every(Duration.ofMinutes(1), "places", places::refresh));
    rounds.add(Rounds.every(Duration.ofSeconds(10), "feeds", feeds::fetchDue));
  }

  /** Tells people of recoveries by waiting, and stops those that were overtaken: in each tenant by its own time. */
  public void sweepRecoveries() {
    for (var tenant : tenants.all()) {
      recoveries.sweep(tenant.id(), sandboxes.now(tenant.id(), Moment.of(clock.instant())));
    }
  }

  /** Anybody can have many of them kept, so they go sooner than the rest; what an idle server has missed goes with that. */
  private int sweepPushed(Tx tx, TenantId tenant, Moment now, int most) {
    return spendables.tidy(
        tx,
        tenant,
        Spendables.Kind.PUSHED_REQUEST,
        now.minus(Duration.ofHours(3)),
        now.minus(Duration.ofMinutes(10)),
        most);
  }

  /** What may be removed, and when. The record of what happened, audit and decisions, stays. */
  private List<Tidy.Broom> brooms(SandboxMessages sandboxMessages) {
    return List.of(
        (tx, tenant, now, most) -> signIns.tidy(tx, tenant, now.minus(Duration.ofDays(1)), most),
        (tx, tenant, now, most) -> spendables.tidy(tx, tenant, now.minus(Duration.ofDays(1)), most),
        (tx, tenant, now, most) -> sweepPushed(tx, tenant, now, most),
        (tx, tenant, now, most) -> challenges.tidy(tx, tenant, now.minus(Duration.ofDays(1)), most),
        guesses::tidy,
        (tx, tenant, now, most) -> allowances.tidy(tx, tenant, now.minus(Duration.ofDays(2)), most),
        endAccess::tidy,
        (tx, tenant, now, most) -> jobs.tidy(tx, tenant, now.minus(Jobs.KEPT), most),
        texts::tidy,
        sessions::tidy,
        (tx, tenant, now, most) ->
            trustedBrowsers.tidy(tx, tenant, now.minus(Duration.ofDays(365)), most),
        (tx, tenant, now, most) ->
            logStreams.tidy(tx, tenant, now.minus(Duration.ofDays(30)), most),
        (tx, tenant, now, most) -> observe.tidy(tx, tenant, now.minus(Duration.ofDays(400)), most),
        (tx, tenant, now, most) ->
            accessCodes.tidy(tx, tenant, now.minus(Duration.ofDays(90)), most),
        (tx, tenant, now, most) ->
            recoveries.tidy(tx, tenant, now.minus(Duration.ofDays(90)), most),
        (tx, tenant, now, most) ->
            sandboxMessages.tidy(tx, tenant, now.minus(Duration.ofDays(7)), most),
        (tx, tenant, now, most) -> habits.tidy(tx, tenant, now.minus(Duration.ofDays(400)), most),
        (tx, tenant, now, most) -> outbox.tidy(tx, tenant, now.minus(Duration.ofDays(30)), most));
  }

  @Override
  public void close() {
    bell.close();
    outbound.close();
    rounds.forEach(Rounds::close);
    outbound.close();
    database.close();
  }
}
