package dev.countersign.application;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All APIs, the Management API of each tenant among them, and which application may call which by itself. Lookups for
 * tokens are kept for {@link Tenants#FRESH}. Thread-safe.
 */
public final class Apis {
  private static final int LONGEST = 600;

  private final Database database;
  private final Entropy entropy;
  private final ApiStore store = new ApiStore();
  private final Cache<ApiKey, Optional<Api>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();
  private final Cache<GrantKey, Optional<ClientGrant>> grants =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();

  private record ApiKey(TenantId tenant, String identifier) {}

  private record GrantKey(TenantId tenant, ClientId client, String audience) {}

  public Apis(Database database, Entropy entropy) {
    this.database = database;
    this.entropy = entropy;
  }

  /**
   * The API that an audience names.
   *
   * @param issuer where it is asked for, which decides what the Management API is called
   */
  public Optional<Api> find(TenantId tenant, String issuer, String audience, Moment now) {
    if (audience.equals(Api.managementAudience(issuer))) {
      return Optional.of(Api.management(issuer, now));
    }
    if (audience.equals(Api.mfaAudience(issuer))) {
      return Optional.of(Api.mfa(issuer, now));
    }
    if (audience.isEmpty() || audience.length() > LONGEST || audience.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return known.get(
        new ApiKey(tenant, audience),
        key -> database.read(tx -> store.find(tx, key.tenant(), key.identifier())));
  }

  /** The same within a transaction, which must not wait for another connection. */
  public Optional<Api> find(Tx tx, TenantId tenant, String issuer, String audience, Moment now) {
    if (audience.equals(Api.managementAudience(issuer))) {
      return Optional.of(Api.management(issuer, now));
    }
    if (audience.equals(Api.mfaAudience(issuer))) {
      return Optional.of(Api.mfa(issuer, now));
    }
    var recent = known.getIfPresent(new ApiKey(tenant, audience));
    return recent == null ? store.find(tx, tenant, audience) : recent;
  }

  /** All of them, the Management API first. */
  public List<Api> all(Tx tx, TenantId tenant, String issuer, Moment now) {
    return Stream.concat(Stream.of(Api.management(issuer, now)), store.all(tx, tenant).stream())
        .toList();
  }

  /** Adds one; a {@link dev.countersign.storage.StorageException.Duplicate} tells that the identifier is taken. */
  public Api create(Tx tx, TenantId tenant, Api settings, Moment now) {
    var it = settings;
    var api =
        new Api(
            it.identifier(),
            it.name(),
            it.scopes(),
            it.accessSeconds(),
            it.algorithm(),
            it.offline(),
            it.notes(),
            false,
            now,
            it.transactions());
    store.insert(tx, tenant, api);
    known.invalidate(new ApiKey(tenant, api.identifier()));
    return api;
  }

  public boolean save(Tx tx, TenantId tenant, Api changed) {
    boolean saved = store.update(tx, tenant, changed);
    known.invalidate(new ApiKey(tenant, changed.identifier()));
    return saved;
  }

  /** Removes one with every grant for it. */
  public boolean remove(Tx tx, TenantId tenant, String identifier) {
    boolean removed = store.delete(tx, tenant, identifier);
    known.invalidate(new ApiKey(tenant, identifier));
    grants.invalidateAll();
    return removed;
  }

  /** What the application may do with the API by itself. */
  public Optional<ClientGrant> grant(TenantId tenant, ClientId client, Api api) {
    return grants.get(
        new GrantKey(tenant, client, api.system() ? ClientGrant.MANAGEMENT : api.identifier()),
        key -> database.read(tx -> store.grant(tx, key.tenant(), key.client(), key.audience())));
  }

  /** What the application may do with the Management API in the name of people who may. */
  public Optional<ClientGrant> grantForPeople(Tx tx, TenantId tenant, ClientId client) {
    return store.grant(tx, tenant, client, ClientGrant.MANAGEMENT_FOR_PEOPLE);
  }

  /** Whether the application may do anything with it in anybody's name. */
  public boolean isForAdmins(TenantId tenant, ClientId client) {
    return grants
        .get(
            new GrantKey(tenant, client, ClientGrant.MANAGEMENT_FOR_PEOPLE),
            key -> database.read(tx -> grantForPeople(tx, key.tenant(), key.client())))
        .isPresent();
  }

  public List<ClientGrant> grants(Tx tx, TenantId tenant) {
    return store.grants(tx, tenant);
  }

  /**
   * Allows an application to call an API by itself; a {@link dev.countersign.storage.StorageException.Duplicate} tells that it may already.
   *
   * @param audience as {@link ClientGrant#audience} has it
   */
  public ClientGrant allow(
      Tx tx, TenantId tenant, ClientId client, String audience, Set<String> scopes) {
    var grant = new ClientGrant(Ids.fresh("cgr_", entropy), client, audience, scopes);
    store.insert(tx, tenant, grant);
    grants.invalidate(new GrantKey(tenant, client, audience));
    return grant;
  }

  /** Saves other scopes; false when there is no such grant. */
  public boolean save(Tx tx, TenantId tenant, ClientGrant changed) {
    boolean saved = store.update(tx, tenant, changed);
    grants.invalidate(new GrantKey(tenant, changed.client(), changed.audience()));
    return saved;
  }

  public boolean forbid(Tx tx, TenantId tenant, ClientGrant grant) {
    boolean removed = store.deleteGrant(tx, tenant, grant.id());
    grants.invalidate(new GrantKey(tenant, grant.client(), grant.audience()));
    return removed;
  }

  /** The scopes that a grant for the Management API may hold. */
  public static Set<String> managementScopes() {
    return Api.management("", new Moment(0)).scopeValues();
  }
}
