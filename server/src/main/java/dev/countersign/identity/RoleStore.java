package dev.countersign.identity;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The tables {@code roles}, {@code role_permissions} and {@code user_roles}. */
final class RoleStore {
  private static final String COLUMNS = "id, name, description, created_at";

  /** Lets one transaction at a time add roles, as their names are looked for first. */
  void lock(Tx tx, TenantId tenant) {
    tx.sql("select tenant from tenants where tenant = :tenant for update")
        .set("tenant", tenant)
        .hold();
  }

  List<Role> all(Tx tx, TenantId tenant) {
    return tx.sql("select " + COLUMNS + " from roles where tenant = :tenant order by name, id")
        .set("tenant", tenant)
        .list(RoleStore::role);
  }

  Optional<Role> find(Tx tx, TenantId tenant, String id) {
    return tx.sql("select " + COLUMNS + " from roles where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(RoleStore::role);
  }

  List<Role> named(Tx tx, TenantId tenant, Collection<String> names) {
    return tx.sql("select " + COLUMNS + " from roles where tenant = :tenant and name in (:names)")
        .set("tenant", tenant)
        .set("names", names)
        .list(RoleStore::role);
  }

  void insert(Tx tx, TenantId tenant, Role role) {
    tx.sql(
            "insert into roles (tenant, "
                + COLUMNS
                + ") values (:tenant, :id, :name, :description, :created)")
        .set("tenant", tenant)
        .set("id", role.id())
        .set("name", role.name())
        .set("description", role.description())
        .set("created", role.createdAt())
        .update();
  }

  void update(Tx tx, TenantId tenant, Role role) {
    tx.sql(
            "update roles set name = :name, description = :description where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", role.id())
        .set("name", role.name())
        .set("description", role.description())
        .update();
  }

  void delete(Tx tx, TenantId tenant, String id) {
    tx.sql("delete from roles where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .update();
  }

  List<Role.Permission> permissions(Tx tx, TenantId tenant, String role) {
    return tx.sql(
            "select audience, permission from role_permissions where tenant = :tenant and role_id = :role order by audience, permission")
        .set("tenant", tenant)
        .set("role", role)
        .list(row -> new Role.Permission(row.text("audience"), row.text("permission")));
  }

  void insertPermission(Tx tx, TenantId tenant, String role, Role.Permission permission) {
    tx.sql(
            "insert into role_permissions (tenant, role_id, audience, permission) values (:tenant, :role, :audience, :permission)")
        .set("tenant", tenant)
        .set("role", role)
        .set("audience", permission.audience())
        .set("permission", permission.name())
        .update();
  }

  boolean deletePermission(Tx tx, TenantId tenant, String role, Role.Permission permission) {
    return tx.sql(
            "delete from role_permissions where tenant = :tenant and role_id = :role and audience = :audience and permission = :permission")
        .set("tenant", tenant)
        .set("role", role)
        .set("audience", permission.audience())
        .set("permission", permission.name())
        .changedOne();
  }

  /** Who has the role, by their ids, from the one after {@code after} on. */
  List<UserId> holders(Tx tx, TenantId tenant, String role, String after, int offset, int limit) {
    return tx.sql(
            "select user_id from user_roles where tenant = :tenant and role_id = :role and user_id > :after"
                + " order by user_id offset :offset rows fetch next :limit rows only")
        .set("tenant", tenant)
        .set("role", role)
        .set("after", after)
        .set("offset", offset)
        .set("limit", limit)
        .list(row -> new UserId(row.text("user_id")));
  }

  long countHolders(Tx tx, TenantId tenant, String role) {
    return tx.sql("select count(*) as n from user_roles where tenant = :tenant and role_id = :role")
        .set("tenant", tenant)
        .set("role", role)
        .one(row -> row.number("n"))
        .orElse(0L);
  }

  void give(Tx tx, TenantId tenant, UserId user, String role) {
    tx.sql("insert into user_roles (tenant, user_id, role_id) values (:tenant, :user, :role)")
        .set("tenant", tenant)
        .set("user", user)
        .set("role", role)
        .update();
  }

  void takeAll(Tx tx, TenantId tenant, UserId user) {
    tx.sql("delete from user_roles where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  private static Role role(Query.Row row) {
    return new Role(
        row.text("id"),
        row.text("name"),
        row.text("description"),
        new Moment(row.number("created_at")));
  }
}
