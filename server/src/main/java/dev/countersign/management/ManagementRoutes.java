package dev.countersign.management;

import dev.countersign.management.api.Allowance;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.OpenApi;
import dev.countersign.management.guardian.CustomFactors;
import dev.countersign.management.guardian.EnrollmentEndpoints;
import dev.countersign.management.guardian.FactorSettingsEndpoints;
import dev.countersign.management.guardian.Guardian;
import dev.countersign.management.guardian.PhoneEndpoints;
import dev.countersign.management.guardian.PushEndpoints;
import dev.countersign.management.guardian.RememberMe;
import dev.countersign.management.identity.SchemaEndpoints;
import dev.countersign.management.jobs.JobEndpoints;
import dev.countersign.management.logs.LogStreamEndpoints;
import dev.countersign.management.logs.Logs;
import dev.countersign.management.methods.AuthenticationMethods;
import dev.countersign.management.policy.Decisions;
import dev.countersign.management.policy.EnforcementEndpoints;
import dev.countersign.management.risk.RiskEndpoints;
import dev.countersign.management.roles.Reach;
import dev.countersign.management.tokens.HardwareTokens;
import dev.countersign.management.users.UserBrowsers;
import dev.countersign.management.users.UserSessions;
import dev.countersign.management.users.Users;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Failures;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.List;
import java.util.stream.Stream;

/** The Management API's route table. */
public final class ManagementRoutes {
  private final Allowance allowance = new Allowance();
  private final Reach reach;
  private final List<Endpoint> endpoints;

  public ManagementRoutes(
      Reach reach,
      Guardian guardian,
      RememberMe rememberMe,
      FactorSettingsEndpoints factorSettings,
      PhoneEndpoints phone,
      PushEndpoints push,
      SchemaEndpoints schema,
      EnforcementEndpoints enforcement,
      Users users,
      UserSessions sessions,
      UserBrowsers browsers,
      AuthenticationMethods methods,
      Logs logs,
      LogStreamEndpoints streams,
      Decisions decisions,
      HardwareTokens tokens,
      CustomFactors customFactors,
      EnrollmentEndpoints enrollments,
      RiskEndpoints risk,
      JobEndpoints jobs,
      List<Endpoint> resources) {
    this.reach = reach;
    this.endpoints =
        Stream.of(
                guardian.endpoints(),
                rememberMe.endpoints(),
                factorSettings.endpoints(),
                phone.endpoints(),
                push.endpoints(),
                schema.endpoints(),
                enforcement.endpoints(),
                users.endpoints(),
                sessions.endpoints(),
                browsers.endpoints(),
                methods.endpoints(),
                logs.endpoints(),
                streams.endpoints(),
                decisions.endpoints(),
                tokens.endpoints(),
                customFactors.endpoints(),
                enrollments.endpoints(),
                risk.endpoints(),
                jobs.endpoints(),
                resources)
            .flatMap(List::stream)
            .toList();
  }

  public List<Endpoint> endpoints() {
    return endpoints;
  }

  public List<Route> routes() {
    return Stream.concat(
            endpoints.stream().map(endpoint -> endpoint.route(allowance, reach.gate(endpoint))),
            Stream.of(OpenApi.route(endpoints)))
        .toList();
  }

  /** The same check, its refusals counted and marked like every answer of this API. */
  public BearerCheck counted(BearerCheck check) {
    return (request, wanted) ->
        switch (check.check(request, wanted)) {
          case BearerCheck.Outcome.Granted granted -> granted;
          case BearerCheck.Outcome.Denied(var reply) ->
              new BearerCheck.Outcome.Denied(
                  allowance
                      .take(request.site().tenant(), "address " + request.address(), request.at())
                      .on(reply));
        };
  }

  /** Whether a request is this API's. */
  public static boolean isOurs(Request request) {
    return request.path().startsWith(Endpoint.BASE + "/");
  }

  /** How callers of this API are told that something failed. */
  public static Failures failures() {
    return (_, problem, field, detail) -> ApiError.of(problem, field, detail).reply();
  }
}
