package dev.countersign.management;

import dev.countersign.management.api.Allowance;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.OpenApi;
import dev.countersign.management.roles.Reach;
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

  public ManagementRoutes(Reach reach, List<Endpoint> endpoints) {
    this.reach = reach;
    this.endpoints = endpoints;
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
