package dev.countersign.wiring;

import dev.countersign.audit.stream.StreamPump;
import dev.countersign.kernel.Json;
import dev.countersign.loginsession.History;
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
import dev.countersign.risk.RiskSettings;
import dev.countersign.tenant.KeptSettings;
import java.util.List;
import java.util.stream.Stream;

/** What admins and operators do: the Management API, the work behind the command line, and what goes on to their systems. */
public final class Administration {
  public final UserImport userImport;
  public final Jobs jobs;
  public final OperatorPeople operatorPeople;
  public final OperatorPolicy operatorPolicy;
  public final StreamPump streamPump;
  public final JobEndpoints jobEndpoints;
  public final ManagementRoutes management;

  private final Ground ground;
  private final Proofs proofs;
  private final Methods methods;
  private final Delivery delivery;
  private final Risk risk;
  private final Course course;
  private final Answers answers;
  private final Recovering recovering;
  private final Enrolling enrolling;

  private final Reach reach;
  private final LogEntries logEntries;
  private final History history;
  private final PolicyForm policyForm;
  private final PolicyChange policyChange;

  public Administration(
      Ground ground,
      Proofs proofs,
      Methods methods,
      Delivery delivery,
      Risk risk,
      Course course,
      Answers answers,
      Recovering recovering,
      Enrolling enrolling) {
    this.ground = ground;
    this.proofs = proofs;
    this.methods = methods;
    this.delivery = delivery;
    this.risk = risk;
    this.course = course;
    this.answers = answers;
    this.recovering = recovering;
    this.enrolling = enrolling;
    var database = ground.database;
    var people = ground.people;
    var audit = ground.audit;

    logEntries = new LogEntries(people, ground.applications, ground.tenants);
    streamPump =
        new StreamPump(
            database,
            ground.logStreams,
            audit,
            (tx, tenant, event) -> Json.write(logEntries.streamed(tx, tenant, event)),
            ground.outbound,
            ground.clock);
    userImport =
        new UserImport(
            people,
            proofs.passwords,
            proofs.hasher,
            ground.schemas,
            methods.factors,
            enrolling.adminSetUp,
            audit,
            ground.entropy);
    jobs =
        new Jobs(
            database,
            ground.sealer,
            ground.entropy,
            ground.clock,
            people,
            userImport,
            proofs.spendables);
    operatorPeople =
        new OperatorPeople(
            database,
            people,
            proofs.passwords,
            course.policies,
            course.endAccess,
            audit,
            jobs,
            recovering.accessCodes);
    history = new History(database);
    policyForm = new PolicyForm(methods.factors, ground.entropy);
    policyChange = new PolicyChange(database, course.policies, people, audit);
    operatorPolicy =
        new OperatorPolicy(
            database,
            course.policies,
            people,
            methods.factors,
            methods.enrolments,
            course.scenes,
            history,
            audit,
            policyForm);

    reach = new Reach(database, people, ground.apis, audit);
    jobEndpoints = new JobEndpoints(database, jobs, audit, reach);
    management =
        new ManagementRoutes(
            reach,
            Stream.of(rules(), users(), record(), factors(), aroundPeople(), resources())
                .flatMap(it -> it)
                .flatMap(List::stream)
                .toList());
  }

  /** What is demanded, and how each factor works. */
  private Stream<List<Endpoint>> rules() {
    var database = ground.database;
    var audit = ground.audit;
    var factors = methods.factors;
    var settings = methods.factorSettings;
    var codeSettings = new CodeSettings(database, factors, settings, audit);
    return Stream.of(
        new Guardian(factors, policyChange, codeSettings).endpoints(),
        new RememberMe(policyChange).endpoints(),
        new FactorSettingsEndpoints(database, ground.tenants, factors, settings, audit).endpoints(),
        new PhoneEndpoints(database, delivery.textSettings, factors, course.policies, audit)
            .endpoints(),
        new PushEndpoints(database, answers.pushSettings, audit).endpoints(),
        new SchemaEndpoints(database, ground.schemas, factors, methods.enrolments, audit)
            .endpoints(),
        new EnforcementEndpoints(policyForm, policyChange).endpoints());
  }

  /** People, and what they have. */
  private Stream<List<Endpoint>> users() {
    var database = ground.database;
    var people = ground.people;
    var audit = ground.audit;
    return Stream.of(
        new Users(
                database,
                ground.tenants,
                people,
                ground.schemas,
                proofs.passwords,
                proofs.hasher,
                course.policies,
                course.endAccess,
                enrolling.codeSets,
                audit,
                delivery.notices)
            .endpoints(),
        new UserSessions(database, people, course.sessions, course.endAccess, audit).endpoints(),
        new UserBrowsers(database, people, course.trustedBrowsers).endpoints(),
        new AuthenticationMethods(
                database,
                people,
                methods.factors,
                course.policies,
                enrolling.adminSetUp,
                enrolling.codeSets)
            .endpoints());
  }

  /** What happened, and why. */
  private Stream<List<Endpoint>> record() {
    var database = ground.database;
    return Stream.of(
        new Logs(database, ground.audit, logEntries).endpoints(),
        new LogStreamEndpoints(
                database, ground.logStreams, ground.outbound, ground.audit, ground.entropy)
            .endpoints(),
        new Decisions(database, history, course.policies).endpoints());
  }

  /** Factors that come from elsewhere, and invitations to set one up. */
  private Stream<List<Endpoint>> factors() {
    var database = ground.database;
    var people = ground.people;
    return Stream.of(
        new HardwareTokens(database, people, enrolling.tokens, reach).endpoints(),
        new CustomFactors(
                database,
                ground.tenants,
                methods.factors,
                methods.factorSettings,
                methods.definitions,
                policyChange,
                ground.audit,
                ground.entropy)
            .endpoints(),
        new EnrollmentEndpoints(
                database,
                people,
                methods.factors,
                methods.enrolments,
                course.policies,
                course.scenes,
                enrolling.adminSetUp,
                enrolling.enrolmentTickets,
                delivery.mailHosts::sends,
                reach)
            .endpoints());
  }

  /** What is noticed about people, and many of them at once. */
  private Stream<List<Endpoint>> aroundPeople() {
    return Stream.of(
        new RiskEndpoints(
                ground.database,
                ground.people,
                policyChange,
                new RiskSettings(),
                risk.observe,
                methods.habits,
                course.trustedBrowsers,
                ground.audit)
            .endpoints(),
        jobEndpoints.endpoints());
  }

  /** What a tenant is made of beside its people. */
  private Stream<List<Endpoint>> resources() {
    var database = ground.database;
    var tenants = ground.tenants;
    var applications = ground.applications;
    var apis = ground.apis;
    var people = ground.people;
    var audit = ground.audit;
    var kept = new KeptSettings();
    return Stream.of(
        new Clients(database, applications, audit).endpoints(),
        new Connections(database, applications, course.policies, methods.factors, kept, audit)
            .endpoints(),
        new ResourceServers(database, apis, tenants, audit).endpoints(),
        new ClientGrants(database, apis, applications, audit).endpoints(),
        new RoleEndpoints(database, people, apis, course.policies, audit).endpoints(),
        new UserRoles(database, people, audit).endpoints(),
        new TenantEndpoints(database, tenants, apis, kept, audit).endpoints(),
        new Looks(database, tenants, kept, audit).endpoints(),
        new MailEndpoints(database, delivery.mailHosts, delivery.mailTemplates, audit).endpoints(),
        new AddressLists(database, risk.addressLists, ground.outbound, audit).endpoints(),
        new AccessCodeEndpoints(database, people, recovering.accessCodes).endpoints(),
        new RecoveryEndpoints(database, tenants, people, recovering.recoveries, audit).endpoints(),
        new SandboxEndpoints(
                database,
                ground.sandboxes,
                delivery.sandboxMessages,
                delivery.outbox,
                people,
                methods.factors,
                enrolling.adminSetUp,
                course.scenes,
                ground.entropy,
                audit)
            .endpoints(),
        new NotHere().endpoints());
  }
}
