package dev.countersign.tenant;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The tables {@code tenants} and {@code tenant_hosts}. */
final class TenantStore {
  private static final String COLUMNS =
      "tenant, slug, display_name, settings, sandbox, version, created_at";

  Optional<Tenant> find(Tx tx, TenantId id) {
    return tx.sql("select " + COLUMNS + " from tenants where tenant = :tenant")
        .set("tenant", id)
        .one(TenantStore::tenant);
  }

  Optional<Tenant> bySlug(Tx tx, String slug) {
    return tx.sql("select " + COLUMNS + " from tenants where slug = :slug")
        .set("slug", slug)
        .one(TenantStore::tenant);
  }

  Optional<TenantId> byHost(Tx tx, String host) {
    return tx.sql("select tenant from tenant_hosts where host = :host")
        .set("host", host)
        .one(row -> new TenantId(row.text("tenant")));
  }

  List<Tenant> all(Tx tx) {
    return tx.sql("select " + COLUMNS + " from tenants order by slug").list(TenantStore::tenant);
  }

  void insert(Tx tx, Tenant tenant) {
    tx.sql(
            "insert into tenants ("
                + COLUMNS
                + ") values (:tenant, :slug, :name, :settings, :sandbox, :version, :created)")
        .set("tenant", tenant.id())
        .set("slug", tenant.slug())
        .set("name", tenant.displayName())
        .set("settings", Json.write(tenant.settings()))
        .set("sandbox", tenant.sandbox())
        .set("version", tenant.version())
        .set("created", tenant.createdAt())
        .update();
  }

  /** Leaves alone whether it is a sandbox: no tenant becomes one, and none ceases to be one. */
  boolean update(Tx tx, Tenant tenant) {
    return tx.sql(
            "update tenants set display_name = :name, settings = :settings, version = version + 1 where tenant = :tenant and version = :version")
        .set("tenant", tenant.id())
        .set("name", tenant.displayName())
        .set("settings", Json.write(tenant.settings()))
        .set("version", tenant.version())
        .changedOne();
  }

  List<String> hosts(Tx tx, TenantId id) {
    return tx.sql("select host from tenant_hosts where tenant = :tenant order by host")
        .set("tenant", id)
        .list(row -> row.text("host"));
  }

  void addHost(Tx tx, TenantId id, String host) {
    tx.sql("insert into tenant_hosts (host, tenant) values (:host, :tenant)")
        .set("host", host)
        .set("tenant", id)
        .update();
  }

  private static Tenant tenant(Query.Row row) {
    return new Tenant(
        new TenantId(row.text("tenant")),
        row.text("slug"),
        row.text("display_name"),
        Json.read(row.text("settings"), TenantSettings.class),
        row.flag("sandbox"),
        row.number("version"),
        row.moment("created_at"));
  }
}
