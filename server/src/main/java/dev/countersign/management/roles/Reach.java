package dev.countersign.management.roles;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.ClientGrant;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Gate;
import dev.countersign.management.api.Paths;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * How far people who administer reach. Nobody hands on what they may not do themselves, nobody changes a person or an
 * application that may do more than they, for that would be a way to become them, and nobody changes their own roles. What
 * somebody may do is what their token permits at this moment. A client that acts for itself is not bound. Thread-safe.
 */
public final class Reach {
  private static final String ROLES = "roles";

  private final Database database;
  private final People people;
  private final Apis apis;
  private final Audit audit;
  private final Map<Line, Check> checks;

  /** An endpoint, by how it is called. */
  public record Line(Method method, String path) {}

  public Reach(Database database, People people, Apis apis, Audit audit) {
    this.database = database;
    this.people = people;
    this.apis = apis;
    this.audit = audit;
    checks =
        Map.of(
            new Line(Method.POST, Paths.USERS), this::rolesOfNew,
            new Line(Method.PATCH, Paths.USER), ofPath().and(this::rolesOfKnown),
            new Line(Method.POST, Paths.USER_ROLES), ofPath().and(Reach::own).and(this::rolesSent),
            new Line(Method.DELETE, Paths.USER_ROLES), ofPath().and(Reach::own),
            new Line(Method.POST, Paths.ROLE_USERS), this::members,
            new Line(Method.POST, Paths.ROLE_PERMISSIONS), this::permissions,
            new Line(Method.POST, Paths.GRANTS), this::grant,
            new Line(Method.PATCH, Paths.GRANT), this::grown);
  }

  /** What goes too far, as a sentence; empty when nothing does. */
  @FunctionalInterface
  private interface Check {
    Optional<String> beyond(Tx tx, Call call);

    default Check and(Check next) {
      return (tx, call) -> beyond(tx, call).or(() -> next.beyond(tx, call));
    }
  }

  /** What of an endpoint can be told by its address and what is sent to it. The others ask by themselves. */
  public Gate gate(Endpoint endpoint) {
    return check(endpoint).<Gate>map(check -> call -> refused(call, check)).orElse(Gate.OPEN);
  }

  /** What it asks more of than of whatever changes a person or an application. Each is an endpoint. */
  public Set<Line> known() {
    return checks.keySet();
  }

  private Optional<Check> check(Endpoint endpoint) {
    var own = checks.get(new Line(endpoint.method(), endpoint.path()));
    if (own != null) {
      return Optional.of(own);
    }
    if (endpoint.method() == Method.GET) {
      return Optional.empty();
    }
    if (endpoint.path().startsWith(Paths.USER)) {
      return Optional.of(ofPath());
    }
    return endpoint.path().startsWith(Paths.CLIENT) ? Optional.of(this::client) : Optional.empty();
  }

  /** Why this caller may not change that person; empty where they may, and where there is no such person. */
  public Optional<ApiError> againstPerson(Tx tx, Call call, UserId user) {
    return refused(tx, call, (within, it) -> person(within, it, user));
  }

  /** Why this caller may not bring these people in. */
  public Optional<ApiError> againstImport(Call call, JsonNode rows, boolean upsert) {
    return refused(
        call,
        (tx, it) -> {
          // Whom a row changes is found out much later; so it may be anybody.
          if (upsert) {
            return handing(
                tx, it, people.roles().all(tx, it.tenant()).stream().map(Role::name).toList());
          }
          var given = new HashSet<String>();
          rows.forEach(row -> given.addAll(names(row)));
          return handing(tx, it, given);
        });
  }

  private Optional<ApiError> refused(Call call, Check check) {
    return isPerson(call) ? database.write(tx -> refused(tx, call, check)) : Optional.empty();
  }

  private Optional<ApiError> refused(Tx tx, Call call, Check check) {
    var beyond = isPerson(call) ? check.beyond(tx, call) : Optional.<String>empty();
    beyond.ifPresent(_ ->
        audit.record(
            tx,
            call.tenant(),
            AuditEvent.of(AuditType.API_DENIED, AuditEvent.Outcome.DENIED, call.occasion())
                .by(call.actor(), null)
                .in(null, new ClientId(call.request().holder().clientId()))
                .with("reason", "beyond_own_permissions")
                .with("method", call.request().method().name())
                .with("path", call.request().path())));
    return beyond.map(why -> new ApiError(403, "beyond_own_permissions", why));
  }

  private static boolean isPerson(Call call) {
    return call.request().holder().isPerson();
  }

  private static boolean isSelf(Call call, UserId user) {
    return user.value().equals(call.actor());
  }

  // Whom

  private Check ofPath() {
    return (tx, call) -> person(tx, call, new UserId(call.parameter("id")));
  }

  private Optional<String> person(Tx tx, Call call, UserId user) {
    if (isSelf(call, user)) {
      return Optional.empty();
    }
    return people
        .find(tx, call.tenant(), user)
        .flatMap(it ->
            more(
                call,
                permitted(tx, call, it.roles()),
                "This user may do what this token does not permit: "));
  }

  private Optional<String> client(Tx tx, Call call) {
    var scopes =
        apis.grants(tx, call.tenant()).stream()
            .filter(
                it -> it.client().value().equals(call.parameter("id")) && isForManagement(call, it))
            .flatMap(it -> it.scopes().stream())
            .collect(Collectors.toSet());
    return more(call, scopes, "This client may do what this token does not permit: ");
  }

  // What

  private static Optional<String> own(Tx tx, Call call) {
    return isSelf(call, new UserId(call.parameter("id"))) ? ownRoles() : Optional.empty();
  }

  private static Optional<String> ownRoles() {
    return Optional.of("Nobody changes their own roles. Ask somebody else who may.");
  }

  private Optional<String> rolesOfNew(Tx tx, Call call) {
    return handing(tx, call, names(call.body()));
  }

  private Optional<String> rolesOfKnown(Tx tx, Call call) {
    if (!call.body().path("app_metadata").has(ROLES)) {
      return Optional.empty();
    }
    var user = new UserId(call.parameter("id"));
    return people
        .find(tx, call.tenant(), user)
        .filter(it -> !it.roles().equals(names(call.body())))
        .flatMap(it -> {
          if (isSelf(call, user)) {
            return ownRoles();
          }
          var given = names(call.body());
          given.removeAll(it.roles());
          return handing(tx, call, given);
        });
  }

  private Optional<String> rolesSent(Tx tx, Call call) {
    return handing(
        tx,
        call,
        call.texts(ROLES).stream()
            .flatMap(id -> people.roles().find(tx, call.tenant(), id).stream())
            .map(Role::name)
            .toList());
  }

  private Optional<String> members(Tx tx, Call call) {
    var users = call.texts("users").stream().map(UserId::new).toList();
    if (users.stream().anyMatch(it -> isSelf(call, it))) {
      return ownRoles();
    }
    return people
        .roles()
        .find(tx, call.tenant(), call.parameter("id"))
        .flatMap(role -> handing(tx, call, List.of(role.name())))
        .or(() -> users.stream().flatMap(user -> person(tx, call, user).stream()).findFirst());
  }

  private Optional<String> permissions(Tx tx, Call call) {
    var sent = new TreeSet<String>();
    for (var each : call.body().path("permissions")) {
      if (each.path("resource_server_identifier").stringValue("").equals(audience(call))) {
        sent.add(each.path("permission_name").stringValue(""));
      }
    }
    return handingOn(call, sent);
  }

  private Optional<String> grant(Tx tx, Call call) {
    return Objects.equals(call.text("audience"), audience(call))
        ? handingOn(call, new TreeSet<>(call.texts("scope")))
        : Optional.empty();
  }

  private Optional<String> grown(Tx tx, Call call) {
    return apis.grants(tx, call.tenant()).stream()
        .filter(it -> it.id().equals(call.parameter("id")) && isForManagement(call, it))
        .findFirst()
        .flatMap(it -> {
          var more = new TreeSet<>(call.texts("scope"));
          more.removeAll(it.scopes());
          return handingOn(call, more);
        });
  }

  // How far

  private Optional<String> handing(Tx tx, Call call, Collection<String> roles) {
    return handingOn(call, permitted(tx, call, roles));
  }

  private static Optional<String> handingOn(Call call, Set<String> scopes) {
    return more(call, scopes, "Nobody hands on what their own token does not permit: ");
  }

  private static Optional<String> more(Call call, Set<String> scopes, String why) {
    var beyond = new TreeSet<>(scopes);
    beyond.retainAll(Apis.managementScopes());
    beyond.removeAll(call.request().holder().scopes());
    return beyond.isEmpty() ? Optional.empty() : Optional.of(why + String.join(", ", beyond) + ".");
  }

  private Set<String> permitted(Tx tx, Call call, Collection<String> roles) {
    return people.roles().permissions(tx, call.tenant(), roles, audience(call));
  }

  private static boolean isForManagement(Call call, ClientGrant it) {
    return it.audienceAt(call.request().site().issuer()).equals(audience(call));
  }

  private static String audience(Call call) {
    return Api.managementAudience(call.request().site().issuer());
  }

  /** The roles that a person as they are sent would have. */
  private static Set<String> names(JsonNode sent) {
    var names = new HashSet<String>();
    sent.path("app_metadata").path(ROLES).forEach(it -> names.add(it.asString("")));
    return names;
  }
}
