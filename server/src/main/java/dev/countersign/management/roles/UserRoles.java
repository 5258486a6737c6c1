package dev.countersign.management.roles;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.identity.Role;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Checkpoint;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** Who has which role, asked from either side. */
public final class UserRoles {

  private static final Shape HOLDER =
      Shape.fields()
          .withRequired("user_id", Shape.text(1, 128))
          .with("name", Shape.text(0, 300))
          .with("email", Shape.text(0, 320));

  private final Database database;
  private final People people;
  private final Audit audit;

  public UserRoles(Database database, People people, Audit audit) {
    this.database = database;
    this.people = people;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    var ids = new Shape.ListOf(Shape.text(1, 128), 50);
    var sentRoles = Shape.fields().withRequired("roles", ids);
    return List.of(
        Endpoint.get(Paths.USER_ROLES, "read:users", this::rolesOf)
            .does("Lists the roles of a person")
            .query(Listing.QUERY)
            .answers(200, Shape.page("roles", RoleEndpoints.ROLE)),
        Endpoint.post(Paths.USER_ROLES, "update:users", sentRoles, call -> change(call, true))
            .does("Gives roles to a person")
            .answersNothing(),
        Endpoint.delete(Paths.USER_ROLES, "update:users", sentRoles, call -> change(call, false))
            .does("Takes roles from a person")
            .answersNothing(),
        Endpoint.of(
                Method.GET,
                Paths.ROLE_USERS,
                List.of("read:users", "read:role_members"),
                this::holdersOf)
            .does("Lists who has a role")
            .query(Listing.QUERY)
            .answers(200, Shape.page("users", HOLDER)),
        Endpoint.post(
                Paths.ROLE_USERS,
                "create:role_members",
                Shape.fields().withRequired("users", ids),
                this::giveToMany)
            .does("Gives a role to people")
            .answers(200, Shape.fields()));
  }

  // Reading

  private Reply rolesOf(Call call) {
    return database.read(tx ->
        people
            .find(tx, call.tenant(), new UserId(call.parameter("id")))
            .map(person ->
                Listing.answer(
                    call, "roles", roles(tx, call, person), Role::id, RoleEndpoints::shown))
            .orElseGet(ApiError.NO_SUCH_USER::reply));
  }

  /** A person saved before there was a table of roles has names that are no role's yet. */
  private List<Role> roles(Tx tx, Call call, Person person) {
    return people.roles().named(tx, call.tenant(), person.roles()).stream()
        .sorted(Comparator.comparing(Role::name))
        .toList();
  }

  private Reply holdersOf(Call call) {
    return database.read(tx ->
        people
            .roles()
            .find(tx, call.tenant(), call.parameter("id"))
            .map(role -> holders(tx, call, role))
            .orElseGet(RoleEndpoints.NO_SUCH_ROLE::reply));
  }

  private Reply holders(Tx tx, Call call, Role role) {
    var roles = people.roles();
    return Checkpoint.of(call)
        .map(it ->
            it.answer(
                "users",
                roles.holders(tx, call.tenant(), role, it.after(), 0, it.take() + 1),
                UserId::value,
                id -> holder(tx, call, id)))
        .orElseGet(() -> {
          var paging = Paging.of(call);
          return paging.answer(
              "users",
              roles.holders(tx, call.tenant(), role, "", paging.offset(), paging.limit()).stream()
                  .map(id -> holder(tx, call, id))
                  .toList(),
              () -> roles.countHolders(tx, call.tenant(), role));
        });
  }

  private ObjectNode holder(Tx tx, Call call, UserId id) {
    var out = Json.object().put("user_id", id.value());
    people
        .find(tx, call.tenant(), id)
        .ifPresent(it -> {
          out.put("name", it.name());
          if (it.email() != null) {
            out.put("email", it.email());
          }
        });
    return out;
  }

  // Changing

  private Reply change(Call call, boolean give) {
    return database.write(tx -> {
      var person = people.find(tx, call.tenant(), new UserId(call.parameter("id")));
      if (person.isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var names = new TreeSet<String>();
      for (var id : call.texts("roles")) {
        var role = people.roles().find(tx, call.tenant(), id);
        if (role.isEmpty()) {
          return RoleEndpoints.NO_SUCH_ROLE.reply();
        }
        names.add(role.get().name());
      }
      var after = new TreeSet<>(person.get().roles());
      if (give) {
        after.addAll(names);
      } else {
        after.removeAll(names);
      }
      save(tx, call, person.get(), after);
      return Reply.empty(204);
    });
  }

  private Reply giveToMany(Call call) {
    return database.write(tx -> {
      var role = people.roles().find(tx, call.tenant(), call.parameter("id"));
      if (role.isEmpty()) {
        return RoleEndpoints.NO_SUCH_ROLE.reply();
      }
      var all = new ArrayList<Person>();
      for (var id : call.texts("users").stream().distinct().toList()) {
        var person = people.find(tx, call.tenant(), new UserId(id));
        if (person.isEmpty()) {
          return ApiError.NO_SUCH_USER.reply();
        }
        all.add(person.get());
      }
      for (var person : all) {
        var after = new TreeSet<>(person.roles());
        after.add(role.get().name());
        save(tx, call, person, after);
      }
      return Reply.json(Json.object());
    });
  }

  private void save(Tx tx, Call call, Person before, Set<String> roles) {
    if (roles.equals(before.roles())) {
      return;
    }
    if (!people.save(tx, call.tenant(), before.withRoles(roles), call.occasion().at())) {
      throw StorageException.overtaken("user");
    }
    audit.record(
        tx,
        call.tenant(),
        AuditEvent.success(AuditType.USER_CHANGED, call.occasion())
            .by(call.actor(), before.id())
            .with("changed", "roles")
            .with("roles", String.join(", ", roles)));
  }
}
