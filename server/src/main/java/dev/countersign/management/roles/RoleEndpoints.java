package dev.countersign.management.roles;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.audit.Audit;
import dev.countersign.enforcement.Policies;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.identity.Roles;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates, shows, changes and removes roles, and what they permit. A role that an enforcement rule names keeps its
 * name and stays: whom the rule is for must not change by the way.
 */
public final class RoleEndpoints {
  static final ApiError NO_SUCH_ROLE =
      new ApiError(404, "inexistent_role", "The role does not exist.");

  private static final Shape NAME = Shape.text(1, 128);
  private static final Shape DESCRIPTION = Shape.text(0, 255).orNull();

  static final Shape ROLE =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("name", NAME)
          .withRequired("description", Shape.text(0, 255));

  private static final Shape.Fields NAMED_PERMISSION =
      Shape.fields()
          .withRequired("resource_server_identifier", Shape.text(1, 600))
          .withRequired("permission_name", Shape.text(1, 280));

  private static final Shape PERMISSIONS =
      Shape.fields().withRequired("permissions", new Shape.ListOf(NAMED_PERMISSION, 100));

  private static final Shape PERMISSION =
      NAMED_PERMISSION
          .with("resource_server_name", Shape.text(0, 200))
          .with("description", Shape.text(0, 500));

  private final Database database;
  private final Roles roles;
  private final Apis apis;
  private final Policies policies;
  private final Audit audit;

  public RoleEndpoints(
      Database database, People people, Apis apis, Policies policies, Audit audit) {
    this.database = database;
    this.roles = people.roles();
    this.apis = apis;
    this.policies = policies;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    var change = Shape.fields().with("name", NAME).with("description", DESCRIPTION);
    return List.of(
        Endpoint.get(Paths.ROLES, "read:roles", this::list)
            .does("Lists the roles by their names")
            .query(Listing.QUERY)
            .query("name_filter", Shape.text(0, 128))
            .answers(200, Shape.page("roles", ROLE)),
        Endpoint.post(
                Paths.ROLES,
                "create:roles",
                Shape.fields().withRequired("name", NAME).with("description", DESCRIPTION),
                this::create)
            .does("Creates a role")
            .answers(200, ROLE),
        Endpoint.get(Paths.ROLE, "read:roles", this::show).does("Shows a role").answers(200, ROLE),
        Endpoint.patch(Paths.ROLE, "update:roles", change, this::change)
            .does("Changes what is sent of a role")
            .answers(200, ROLE),
        Endpoint.delete(Paths.ROLE, "delete:roles", this::remove)
            .does("Removes a role, from everybody who has it")
            .answersNothing(),
        Endpoint.get(Paths.ROLE_PERMISSIONS, "read:roles", this::permissions)
            .does("Lists what a role permits")
            .query(Listing.QUERY)
            .answers(200, Shape.page("permissions", PERMISSION)),
        Endpoint.post(Paths.ROLE_PERMISSIONS, "update:roles", PERMISSIONS, this::allow)
            .does("Adds to what a role permits")
            .answers(201, PERMISSIONS),
        Endpoint.delete(Paths.ROLE_PERMISSIONS, "update:roles", PERMISSIONS, this::forbid)
            .does("Takes from what a role permits")
            .answersNothing());
  }

  static ObjectNode shown(Role it) {
    return Json.object()
        .put("id", it.id())
        .put("name", it.name())
        .put("description", it.description());
  }

  private Reply list(Call call) {
    var filter = call.queryText("name_filter").orElse("").toLowerCase(Locale.ROOT);
    var all =
        database.read(tx -> roles.all(tx, call.tenant())).stream()
            .filter(it -> it.name().toLowerCase(Locale.ROOT).contains(filter))
            .toList();
    return Listing.answer(call, "roles", all, Role::id, RoleEndpoints::shown);
  }

  private Reply show(Call call) {
    return database
        .read(tx -> roles.find(tx, call.tenant(), call.parameter("id")))
        .map(it -> Reply.json(shown(it)))
        .orElseGet(NO_SUCH_ROLE::reply);
  }

  private Reply create(Call call) {
    var name = String.valueOf(call.text("name"));
    var description = call.text("description");
    try {
      return database.write(tx -> {
        var role =
            roles.create(
                tx,
                call.tenant(),
                name,
                description == null ? "" : description,
                call.occasion().at());
        audit.record(tx, call.tenant(), call.did("created", "role", role.id()).with("name", name));
        return Reply.json(shown(role));
      });
    } catch (StorageException.Duplicate e) {
      return taken();
    }
  }

  private static Reply taken() {
    return new ApiError(409, "conflict", "A role of this name already exists.").reply();
  }

  private Reply change(Call call) {
    try {
      return known(
          call,
          (tx, before) -> {
            var name = call.text("name");
            var description = call.text("description");
            var after =
                new Role(
                    before.id(),
                    name == null ? before.name() : name,
                    description == null ? before.description() : description,
                    before.createdAt());
            if (!after.name().equals(before.name())) {
              var ruled = ruled(tx, call, before);
              if (ruled.isPresent()) {
                return ruled.get().reply();
              }
            }
            if (!after.equals(before)) {
              roles.save(tx, call.tenant(), after);
              audit.record(
                  tx,
                  call.tenant(),
                  call.did("changed", "role", after.id()).with("name", after.name()));
            }
            return Reply.json(shown(after));
          });
    } catch (StorageException.Duplicate e) {
      return taken();
    }
  }

  private Reply remove(Call call) {
    return known(
        call,
        (tx, it) -> {
          var ruled = ruled(tx, call, it);
          if (ruled.isPresent()) {
            return ruled.get().reply();
          }
          roles.remove(tx, call.tenant(), it);
          audit.record(
              tx, call.tenant(), call.did("removed", "role", it.id()).with("name", it.name()));
          return Reply.empty(204);
        });
  }

  private Optional<ApiError> ruled(Tx tx, Call call, Role it) {
    return policies.current(tx, call.tenant()).rules().stream()
        .filter(rule -> rule.match().roles().contains(it.name()))
        .findFirst()
        .map(rule ->
            new ApiError(
                409,
                "operation_not_supported",
                "The enforcement rule "
                    + rule.id()
                    + " is for people with this role. Change it first (PUT /api/v2/enforcement)."));
  }

  // Permissions

  private Reply permissions(Call call) {
    return database.read(tx ->
        roles
            .find(tx, call.tenant(), call.parameter("id"))
            .map(role -> {
              Map<String, Api> known = new HashMap<>();
              all(tx, call).forEach(it -> known.put(it.identifier(), it));
              return Listing.answer(
                  call,
                  "permissions",
                  roles.permissions(tx, call.tenant(), role),
                  it -> it.audience() + "\n" + it.name(),
                  it -> shown(it, Optional.ofNullable(known.get(it.audience()))));
            })
            .orElseGet(NO_SUCH_ROLE::reply));
  }

  private List<Api> all(Tx tx, Call call) {
    return apis.all(tx, call.tenant(), call.request().site().issuer(), call.occasion().at());
  }

  private static ObjectNode shown(Role.Permission it, Optional<Api> api) {
    return Json.object()
        .put("resource_server_identifier", it.audience())
        .put("permission_name", it.name())
        .put("resource_server_name", api.map(Api::name).orElse(""))
        .put(
            "description",
            api.stream()
                .flatMap(known -> known.scopes().stream())
                .filter(scope -> scope.value().equals(it.name()))
                .map(Api.Scope::description)
                .findFirst()
                .orElse(""));
  }

  private static List<Role.Permission> sent(Call call) {
    var out = new ArrayList<Role.Permission>();
    call.body()
        .path("permissions")
        .forEach(it ->
            out.add(
                new Role.Permission(
                    it.path("resource_server_identifier").stringValue(""),
                    it.path("permission_name").stringValue(""))));
    return out;
  }

  private Reply allow(Call call) {
    return known(
        call,
        (tx, role) -> {
          var apis = all(tx, call);
          for (var each : sent(call)) {
            boolean there =
                apis.stream()
                    .anyMatch(it ->
                        it.identifier().equals(each.audience())
                            && it.scopeValues().contains(each.name()));
            if (!there) {
              return ApiError.body(
                      "No resource server has a permission of this name", "permissions")
                  .reply();
            }
          }
          if (roles.allow(tx, call.tenant(), role, sent(call)) > 0) {
            audit.record(
                tx,
                call.tenant(),
                call.did("permissions_added", "role", role.id()).with("name", role.name()));
          }
          return Reply.json(201, call.body());
        });
  }

  private Reply forbid(Call call) {
    return known(
        call,
        (tx, role) -> {
          if (roles.forbid(tx, call.tenant(), role, sent(call)) > 0) {
            audit.record(
                tx,
                call.tenant(),
                call.did("permissions_removed", "role", role.id()).with("name", role.name()));
          }
          return Reply.empty(204);
        });
  }

  private Reply known(Call call, BiFunction<Tx, Role, Reply> deed) {
    return database.write(tx ->
        roles
            .find(tx, call.tenant(), call.parameter("id"))
            .map(it -> deed.apply(tx, it))
            .orElseGet(NO_SUCH_ROLE::reply));
  }
}
