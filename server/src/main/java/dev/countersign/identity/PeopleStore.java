package dev.countersign.identity;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables {@code users} and {@code user_identifiers}; of roles, who bears which. */
final class PeopleStore {
  private static final String COLUMNS =
      "u.user_id, u.document, u.blocked, u.version, u.created_at, u.updated_at,"
          // A name is one line, so that a line's end can part them.
          + " (select string_agg(r.name, '\n') from user_roles ur join roles r on r.tenant = ur.tenant and r.id = ur.role_id"
          + " where ur.tenant = u.tenant and ur.user_id = u.user_id) as role_names";

  /** What stands in the document column. */
  record Document(
      @Nullable String username,
      @Nullable String email,
      boolean emailVerified,
      @Nullable String phone,
      String name,
      Set<String> groups,
      @Nullable Set<String> roles,
      String connection,
      Map<String, Object> userMetadata,
      Map<String, Object> appMetadata) {
    Document {
      groups = Collections.unmodifiableSet(groups);
      userMetadata = Collections.unmodifiableMap(userMetadata);
      appMetadata = Collections.unmodifiableMap(appMetadata);
    }

    static Document of(Person person) {
      return new Document(
          person.username(),
          person.email(),
          person.emailVerified(),
          person.phone(),
          person.name(),
          person.groups(),
          null,
          person.connection(),
          person.userMetadata(),
          person.appMetadata());
    }
  }

  private final Mirror<Key, Optional<Person>> people = Mirror.of("users", "user_roles", "roles");

  private record Key(TenantId tenant, UserId id) {}

  Optional<Person> find(Tx tx, TenantId tenant, UserId id) {
    return people.get(tx, new Key(tenant, id), () -> asked(tx, tenant, id));
  }

  private static Optional<Person> asked(Tx tx, TenantId tenant, UserId id) {
    return tx.sql(
            "select " + COLUMNS + " from users u where u.tenant = :tenant and u.user_id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(PeopleStore::person);
  }

  Optional<Person> find(Tx tx, TenantId tenant, Identifier identifier) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from user_identifiers i join users u on u.tenant = i.tenant and u.user_id = i.user_id"
                + " where i.tenant = :tenant and i.kind = :kind and i.identifier = :identifier")
        .set("tenant", tenant)
        .set("kind", identifier.kind())
        .set("identifier", identifier.normal())
        .one(PeopleStore::person);
  }

  Optional<UserId> named(Tx tx, TenantId tenant, Identifier identifier) {
    return tx.sql(
            "select user_id from user_identifiers where tenant = :tenant and kind = :kind and identifier = :identifier")
        .set("tenant", tenant)
        .set("kind", identifier.kind())
        .set("identifier", identifier.normal())
        .one(row -> new UserId(row.text("user_id")));
  }

  void hold(Tx tx, TenantId tenant, UserId id) {
    tx.sql("select user_id from users where tenant = :tenant and user_id = :id for update")
        .set("tenant", tenant)
        .set("id", id)
        .hold();
  }

  List<Person> page(Tx tx, TenantId tenant, int offset, int limit) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from users u where u.tenant = :tenant order by u.created_at, u.user_id offset :offset rows fetch next :limit rows only")
        .set("tenant", tenant)
        .set("offset", offset)
        .set("limit", limit)
        .list(PeopleStore::person);
  }

  List<Person> newest(Tx tx, TenantId tenant, int offset, int limit) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from users u where u.tenant = :tenant order by u.created_at desc, u.user_id desc offset :offset rows fetch next :limit rows only")
        .set("tenant", tenant)
        .set("offset", offset)
        .set("limit", limit)
        .list(PeopleStore::person);
  }

  /** By the index: what came before is never looked at, but for those of the same millisecond. */
  List<Person> after(Tx tx, TenantId tenant, Moment at, String id, int limit) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from users u where u.tenant = :tenant and u.created_at >= :at and (u.created_at > :at or u.user_id > :id)"
                + " order by u.created_at, u.user_id fetch first :limit rows only")
        .set("tenant", tenant)
        .set("at", at)
        .set("id", id)
        .set("limit", limit)
        .list(PeopleStore::person);
  }

  long count(Tx tx, TenantId tenant, int most) {
    return tx.sql(
            "select count(*) as n from (select user_id from users where tenant = :tenant fetch first :most rows only) counted")
        .set("tenant", tenant)
        .set("most", most)
        .one(row -> row.number("n"))
        .orElse(0L);
  }

  void insert(Tx tx, TenantId tenant, Person person) {
    tx.sql(
            "insert into users (tenant, user_id, document, blocked, version, created_at, updated_at) values (:tenant, :id, :document, :blocked, :version, :created, :updated)")
        .set("tenant", tenant)
        .set("id", person.id())
        .set("document", Json.write(Document.of(person)))
        .set("blocked", person.blocked())
        .set("version", person.version())
        .set("created", person.createdAt())
        .set("updated", person.updatedAt())
        .update();
    insertIdentifiers(tx, tenant, person);
  }

  boolean update(Tx tx, TenantId tenant, Person person, Moment moment) {
    boolean changed =
        tx.sql(
                "update users set document = :document, blocked = :blocked, version = version + 1, updated_at = :updated"
                    + " where tenant = :tenant and user_id = :id and version = :version")
            .set("tenant", tenant)
            .set("id", person.id())
            .set("document", Json.write(Document.of(person)))
            .set("blocked", person.blocked())
            .set("version", person.version())
            .set("updated", moment)
            .changedOne();
    if (changed) {
      tx.sql("delete from user_identifiers where tenant = :tenant and user_id = :id")
          .set("tenant", tenant)
          .set("id", person.id())
          .update();
      insertIdentifiers(tx, tenant, person);
    }
    return changed;
  }

  boolean delete(Tx tx, TenantId tenant, UserId id) {
    return tx.sql("delete from users where tenant = :tenant and user_id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  private static void insertIdentifiers(Tx tx, TenantId tenant, Person person) {
    insertIdentifier(tx, tenant, person.id(), person.username());
    insertIdentifier(tx, tenant, person.id(), person.email());
  }

  private static void insertIdentifier(Tx tx, TenantId tenant, UserId id, @Nullable String name) {
    if (name == null) {
      return;
    }
    var identifier = Identifier.of(name);
    tx.sql(
            "insert into user_identifiers (tenant, kind, identifier, user_id) values (:tenant, :kind, :identifier, :id)")
        .set("tenant", tenant)
        .set("kind", identifier.kind())
        .set("identifier", identifier.normal())
        .set("id", id)
        .update();
  }

  private static Person person(Query.Row row) {
    var document = Json.reread(row.text("document"), Document.class);
    return new Person(
        new UserId(row.text("user_id")),
        document.username(),
        document.email(),
        document.emailVerified(),
        document.phone(),
        document.name(),
        document.groups(),
        roles(document, row.textOrNull("role_names")),
        row.flag("blocked"),
        document.connection(),
        document.userMetadata(),
        document.appMetadata(),
        row.moment("created_at"),
        row.moment("updated_at"),
        row.number("version"));
  }

  /** A person saved before roles had a table has them in the document, until the next change. */
  private static Set<String> roles(Document document, @Nullable String names) {
    if (names != null) {
      return Set.of(names.split("\n", -1));
    }
    return document.roles() == null ? Set.of() : document.roles();
  }
}
