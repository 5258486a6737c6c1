package dev.countersign.application;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningAlgorithm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table {@code applications}. */
final class ApplicationStore {
  private static final String COLUMNS = "client_id, name, settings, secret_digest, created_at";

  /** An application and the digest of its secret, if it has one. */
  record Kept(Application application, @Nullable Digest digest) {}

  /** What stands in the settings column. */
  record Document(
      Application.Type type,
      List<String> callbacks,
      List<String> logoutUrls,
      List<String> webOrigins,
      List<String> allowedOrigins,
      Application.TokenAuth tokenAuth,
      Set<String> grantTypes,
      SigningAlgorithm idTokenAlgorithm,
      Application.Refresh refresh,
      boolean firstParty,
      Map<String, String> metadata,
      @Nullable String startUrl,
      @Nullable Boolean connected,
      @Nullable List<Credential> credentials,
      @Nullable Map<String, Object> notes,
      @Nullable Boolean pushed,
      @Nullable String api) {
    static String of(Application it) {
      return Json.write(
          new Document(
              it.type(),
              it.callbacks(),
              it.logoutUrls(),
              it.webOrigins(),
              it.allowedOrigins(),
              it.tokenAuth(),
              new TreeSet<>(it.grantTypes()),
              it.idTokenAlgorithm(),
              it.refresh(),
              it.firstParty(),
              new TreeMap<>(it.metadata()),
              it.startUrl(),
              it.connected(),
              it.credentials(),
              it.notes(),
              it.pushed() ? true : null,
              it.api()));
    }
  }

  Optional<Kept> find(Tx tx, TenantId tenant, ClientId id) {
    return tx.sql(
            "select " + COLUMNS + " from applications where tenant = :tenant and client_id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(ApplicationStore::kept);
  }

  /** The same, and nobody else changes it before this transaction ends. */
  Optional<Kept> locked(Tx tx, TenantId tenant, ClientId id) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from applications where tenant = :tenant and client_id = :id for update")
        .set("tenant", tenant)
        .set("id", id)
        .one(ApplicationStore::kept);
  }

  List<Kept> page(Tx tx, TenantId tenant, int offset, int limit) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from applications where tenant = :tenant order by created_at, client_id"
                + " offset :offset rows fetch first :limit rows only")
        .set("tenant", tenant)
        .set("offset", offset)
        .set("limit", limit)
        .list(ApplicationStore::kept);
  }

  List<Kept> all(Tx tx, TenantId tenant) {
    return tx.sql(
            "select " + COLUMNS + " from applications where tenant = :tenant order by client_id")
        .set("tenant", tenant)
        .list(ApplicationStore::kept);
  }

  int count(Tx tx, TenantId tenant) {
    return tx.sql("select count(*) as n from applications where tenant = :tenant")
        .set("tenant", tenant)
        .one(row -> row.count("n"))
        .orElse(0);
  }

  void insert(Tx tx, TenantId tenant, Application it, @Nullable Digest digest) {
    tx.sql(
            "insert into applications (tenant, "
                + COLUMNS
                + ") values (:tenant, :id, :name, :settings, :digest, :created)")
        .set("tenant", tenant)
        .set("id", it.id())
        .set("name", it.name())
        .set("settings", Document.of(it))
        .set("digest", digest)
        .set("created", it.createdAt())
        .update();
  }

  boolean update(Tx tx, TenantId tenant, Application it) {
    return tx.sql(
            "update applications set name = :name, settings = :settings where tenant = :tenant and client_id = :id")
        .set("tenant", tenant)
        .set("id", it.id())
        .set("name", it.name())
        .set("settings", Document.of(it))
        .changedOne();
  }

  boolean replaceSecret(Tx tx, TenantId tenant, ClientId id, Digest digest) {
    return tx.sql(
            "update applications set secret_digest = :digest where tenant = :tenant and client_id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .set("digest", digest)
        .changedOne();
  }

  boolean delete(Tx tx, TenantId tenant, ClientId id) {
    return tx.sql("delete from applications where tenant = :tenant and client_id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .changedOne();
  }

  private static Kept kept(Query.Row row) {
    var it = Json.read(row.text("settings"), Document.class);
    var digest = row.textOrNull("secret_digest");
    var application =
        new Application(
            new ClientId(row.text("client_id")),
            row.text("name"),
            it.type(),
            it.callbacks(),
            it.logoutUrls(),
            it.webOrigins(),
            it.allowedOrigins(),
            it.tokenAuth(),
            it.grantTypes(),
            it.idTokenAlgorithm(),
            it.refresh(),
            it.firstParty(),
            it.metadata(),
            it.startUrl(),
            // One saved before these were there.
            it.connected() == null || it.connected(),
            it.credentials() == null ? List.of() : it.credentials(),
            it.notes() == null ? Map.of() : it.notes(),
            it.pushed() != null && it.pushed(),
            it.api(),
            row.moment("created_at"));
    return new Kept(application, digest == null ? null : new Digest(digest));
  }
}
