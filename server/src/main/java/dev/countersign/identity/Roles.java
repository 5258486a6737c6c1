package dev.countersign.identity;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All roles. Every name that a {@link Person} bears is a role's: one that was not there before is made when the person is
 * saved, so that there are no two lists. Thread-safe.
 */
public final class Roles {
  private final Entropy entropy;
  private final RoleStore store = new RoleStore();

  public Roles(Entropy entropy) {
    this.entropy = entropy;
  }

  /** By their names. */
  public List<Role> all(Tx tx, TenantId tenant) {
    return store.all(tx, tenant);
  }

  public Optional<Role> find(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id);
  }

  /** Those of these names that there are. */
  public List<Role> named(Tx tx, TenantId tenant, Collection<String> names) {
    return names.isEmpty() ? List.of() : store.named(tx, tenant, names);
  }

  /** Adds one; a {@link dev.countersign.storage.StorageException.Duplicate} tells that the name is taken. */
  public Role create(Tx tx, TenantId tenant, String name, String description, Moment now) {
    var role = new Role(Ids.fresh("rol_", entropy), name, description, now);
    store.insert(tx, tenant, role);
    return role;
  }

  /** Saves another name or description; a {@link dev.countersign.storage.StorageException.Duplicate} as for a new one. */
  public void save(Tx tx, TenantId tenant, Role changed) {
    store.update(tx, tenant, changed);
  }

  /** Removes it from everybody. */
  public void remove(Tx tx, TenantId tenant, Role role) {
    store.delete(tx, tenant, role.id());
  }

  /** By audience and name. */
  public List<Role.Permission> permissions(Tx tx, TenantId tenant, Role role) {
    return store.permissions(tx, tenant, role.id());
  }

  /** What somebody with these roles may do with an API. */
  public Set<String> permissions(
      Tx tx, TenantId tenant, Collection<String> names, String audience) {
    var all = new TreeSet<String>();
    for (var role : named(tx, tenant, names)) {
      permissions(tx, tenant, role).stream()
          .filter(it -> it.audience().equals(audience))
          .forEach(it -> all.add(it.name()));
    }
    return all;
  }

  /** What it has already is not added again; returns how many were new. */
  public int allow(Tx tx, TenantId tenant, Role role, Collection<Role.Permission> permissions) {
    var before = permissions(tx, tenant, role);
    var fresh = permissions.stream().distinct().filter(it -> !before.contains(it)).toList();
    fresh.forEach(it -> store.insertPermission(tx, tenant, role.id(), it));
    return fresh.size();
  }

  /** Returns how many it had. */
  public int forbid(Tx tx, TenantId tenant, Role role, Collection<Role.Permission> permissions) {
    return (int)
        permissions.stream()
            .filter(it -> store.deletePermission(tx, tenant, role.id(), it))
            .count();
  }

  /** Who has it, by their ids, after that one. */
  public List<UserId> holders(
      Tx tx, TenantId tenant, Role role, String after, int offset, int limit) {
    return store.holders(tx, tenant, role.id(), after, offset, limit);
  }

  public long countHolders(Tx tx, TenantId tenant, Role role) {
    return store.countHolders(tx, tenant, role.id());
  }

  /** Gives a person exactly these roles; those that are not there are made. */
  void set(Tx tx, TenantId tenant, Person person, boolean isNew) {
    if (!isNew) {
      store.takeAll(tx, tenant, person.id());
    }
    if (person.roles().isEmpty()) {
      return;
    }
    var known = ids(tx, tenant, person.roles());
    if (known.size() < person.roles().size()) {
      store.lock(tx, tenant);
      known = ids(tx, tenant, person.roles());
    }
    for (var name : person.roles()) {
      var id = known.get(name);
      store.give(
          tx,
          tenant,
          person.id(),
          id == null ? create(tx, tenant, name, "", person.updatedAt()).id() : id);
    }
  }

  private Map<String, String> ids(Tx tx, TenantId tenant, Collection<String> names) {
    Map<String, String> ids = new HashMap<>();
    named(tx, tenant, names).forEach(it -> ids.put(it.name(), it.id()));
    return ids;
  }
}
