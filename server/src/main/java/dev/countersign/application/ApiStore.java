package dev.countersign.application;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningAlgorithm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables {@code apis} and {@code client_grants}. */
final class ApiStore {
  private static final String GRANT = "id, client_id, audience, scopes";

  /** What stands in the settings column. */
  record Document(
      List<Api.Scope> scopes,
      long accessSeconds,
      SigningAlgorithm algorithm,
      @Nullable Boolean offline,
      @Nullable Map<String, Object> notes,
      @Nullable List<TransactionType> transactions) {
    static String of(Api it) {
      return Json.write(
          new Document(
              it.scopes(),
              it.accessSeconds(),
              it.algorithm(),
              it.offline(),
              it.notes(),
              it.transactions().isEmpty() ? null : it.transactions()));
    }
  }

  /** What stands in the scopes column. */
  record Scopes(Set<String> values) {
    static String of(ClientGrant grant) {
      return Json.write(new Scopes(new TreeSet<>(grant.scopes())));
    }
  }

  Optional<Api> find(Tx tx, TenantId tenant, String identifier) {
    return tx.sql(
            "select identifier, name, settings, created_at from apis where tenant = :tenant and identifier = :identifier")
        .set("tenant", tenant)
        .set("identifier", identifier)
        .one(ApiStore::api);
  }

  List<Api> all(Tx tx, TenantId tenant) {
    return tx.sql(
            "select identifier, name, settings, created_at from apis where tenant = :tenant order by created_at, identifier")
        .set("tenant", tenant)
        .list(ApiStore::api);
  }

  void insert(Tx tx, TenantId tenant, Api it) {
    tx.sql(
            "insert into apis (tenant, identifier, name, settings, created_at) values (:tenant, :identifier, :name, :settings, :created)")
        .set("tenant", tenant)
        .set("identifier", it.identifier())
        .set("name", it.name())
        .set("settings", Document.of(it))
        .set("created", it.createdAt())
        .update();
  }

  boolean update(Tx tx, TenantId tenant, Api it) {
    return tx.sql(
            "update apis set name = :name, settings = :settings where tenant = :tenant and identifier = :identifier")
        .set("tenant", tenant)
        .set("identifier", it.identifier())
        .set("name", it.name())
        .set("settings", Document.of(it))
        .changedOne();
  }

  boolean delete(Tx tx, TenantId tenant, String identifier) {
    tx.sql("delete from client_grants where tenant = :tenant and audience = :audience")
        .set("tenant", tenant)
        .set("audience", identifier)
        .update();
    return tx.sql("delete from apis where tenant = :tenant and identifier = :identifier")
        .set("tenant", tenant)
        .set("identifier", identifier)
        .changedOne();
  }

  Optional<ClientGrant> grant(Tx tx, TenantId tenant, ClientId client, String audience) {
    return tx.sql(
            "select "
                + GRANT
                + " from client_grants where tenant = :tenant and client_id = :client and audience = :audience")
        .set("tenant", tenant)
        .set("client", client)
        .set("audience", audience)
        .one(ApiStore::grant);
  }

  List<ClientGrant> grants(Tx tx, TenantId tenant) {
    return tx.sql(
            "select "
                + GRANT
                + " from client_grants where tenant = :tenant order by client_id, audience")
        .set("tenant", tenant)
        .list(ApiStore::grant);
  }

  void insert(Tx tx, TenantId tenant, ClientGrant grant) {
    tx.sql(
            "insert into client_grants (tenant, id, client_id, audience, scopes) values (:tenant, :id, :client, :audience, :scopes)")
        .set("tenant", tenant)
        .set("id", grant.id())
        .set("client", grant.client())
        .set("audience", grant.audience())
        .set("scopes", Scopes.of(grant))
        .update();
  }

  boolean update(Tx tx, TenantId tenant, ClientGrant grant) {
    return tx.sql("update client_grants set scopes = :scopes where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", grant.id())
        .set("scopes", Scopes.of(grant))
        .changedOne();
  }

  boolean deleteGrant(Tx tx, TenantId tenant, String id) {
    return tx.sql("delete from client_grants where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  private static Api api(Query.Row row) {
    var it = Json.read(row.text("settings"), Document.class);
    return new Api(
        row.text("identifier"),
        row.text("name"),
        it.scopes(),
        it.accessSeconds(),
        it.algorithm(),
        // One saved before these were there.
        it.offline() == null || it.offline(),
        it.notes() == null ? Map.of() : it.notes(),
        false,
        row.moment("created_at"),
        it.transactions() == null ? List.of() : it.transactions());
  }

  private static ClientGrant grant(Query.Row row) {
    return new ClientGrant(
        row.text("id"),
        new ClientId(row.text("client_id")),
        row.text("audience"),
        Json.read(row.text("scopes"), Scopes.class).values());
  }
}
