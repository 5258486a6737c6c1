package dev.countersign.application;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All applications. Their secrets are random 256 bits, shown once and kept as keyed digests. What is read by {@link #find}
 * is kept for {@link Tenants#FRESH}, so a change is live everywhere after that long; on the server that made it, at once.
 * Thread-safe.
 */
public final class Applications {
  private static final String PURPOSE = "client-secret";
  private static final int MOST_OF_ONE_TENANT = 1_000;

  private final Database database;
  private final Entropy entropy;
  private final Digester digester;
  private final ApplicationStore store = new ApplicationStore();
  private final Cache<Key, Optional<ApplicationStore.Kept>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();
  private final Cache<TenantId, Set<String>> origins =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();

  private record Key(TenantId tenant, ClientId id) {}

  public Applications(Database database, Entropy entropy, Digester digester) {
    this.database = database;
    this.entropy = entropy;
    this.digester = digester;
  }

  /** A new application, and its secret, which nobody can read again. Public applications have one too, for the day they change. */
  public record Created(Application application, Secret secret) {}

  /** The first URL or origin that may not be registered, with the name of its list. */
  public record Unfit(String list, String url) {}

  /** What keeps these settings from being saved. */
  public Optional<Unfit> unfit(Application it) {
    return Stream.of(
            unfit("callbacks", it.callbacks()),
            unfit("allowed_logout_urls", it.logoutUrls()),
            unfitStart(it.startUrl()),
            unfitOrigins("web_origins", it.webOrigins()),
            unfitOrigins("allowed_origins", it.allowedOrigins()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Unfit> unfit(String list, List<String> urls) {
    return urls.stream()
        .filter(url -> !Urls.isCallback(url))
        .findFirst()
        .map(url -> new Unfit(list, url));
  }

  private static Optional<Unfit> unfitStart(@Nullable String url) {
    return Optional.ofNullable(url)
        .filter(it -> !Urls.isCallback(it) || Urls.origin(it).isEmpty())
        .map(it -> new Unfit("initiate_login_uri", it));
  }

  private static Optional<Unfit> unfitOrigins(String list, List<String> urls) {
    return urls.stream()
        .filter(url -> !Urls.origin(url).equals(Optional.of(url)))
        .findFirst()
        .map(url -> new Unfit(list, url));
  }

  /** Adds an application under an id of its own; what {@link #unfit} finds fault with is our caller's mistake. */
  public Created create(Tx tx, TenantId tenant, Application settings, Moment now) {
    return create(tx, tenant, ClientId.fresh(entropy), settings, now);
  }

  /** The same under a given id, for set-ups that can be repeated; a {@link dev.countersign.storage.StorageException.Duplicate} tells that it is taken. */
  public Created create(Tx tx, TenantId tenant, ClientId id, Application settings, Moment now) {
    requireFit(settings);
    var application = settings.born(id, now);
    var secret = Secret.fresh(entropy, 256);
    store.insert(tx, tenant, application, digester.digest(PURPOSE, secret));
    forget(tenant, id);
    return new Created(application, secret);
  }

  private void requireFit(Application settings) {
    unfit(settings)
        .ifPresent(it -> {
          throw new IllegalArgumentException(it.list() + " cannot hold " + it.url());
        });
  }

  public Optional<Application> find(TenantId tenant, ClientId id) {
    return kept(tenant, id).map(ApplicationStore.Kept::application);
  }

  /** The same as this transaction sees it. */
  public Optional<Application> find(Tx tx, TenantId tenant, ClientId id) {
    var recent = known.getIfPresent(new Key(tenant, id));
    return (recent == null ? store.find(tx, tenant, id) : recent)
        .map(ApplicationStore.Kept::application);
  }

  /** The same as it is now, for changing it: no other transaction changes it before this one ends. */
  public Optional<Application> locked(Tx tx, TenantId tenant, ClientId id) {
    return store.locked(tx, tenant, id).map(ApplicationStore.Kept::application);
  }

  /** An id for a new {@link Credential}. */
  public String credentialId() {
    return Ids.fresh("cred_", entropy);
  }

  /** The same as it is now, whatever this server remembers. */
  public Optional<Application> newest(Tx tx, TenantId tenant, ClientId id) {
    return store.find(tx, tenant, id).map(ApplicationStore.Kept::application);
  }

  /** Finds it by what a request says its client id is. */
  public Optional<Application> find(TenantId tenant, String clientId) {
    boolean plausible =
        !clientId.isEmpty()
            && clientId.length() <= 64
            && clientId.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return plausible ? find(tenant, new ClientId(clientId)) : Optional.empty();
  }

  private Optional<ApplicationStore.Kept> kept(TenantId tenant, ClientId id) {
    return known.get(
        new Key(tenant, id), key -> database.read(tx -> store.find(tx, key.tenant(), key.id())));
  }

  /** Whether it is the application's secret. Takes the same time for any wrong one. */
  public boolean isSecretOf(TenantId tenant, ClientId id, Secret secret) {
    var digest = kept(tenant, id).map(ApplicationStore.Kept::digest);
    return digest.isPresent() && digester.matches(PURPOSE, secret, digest.get());
  }

  public List<Application> page(Tx tx, TenantId tenant, int offset, int limit) {
    return store.page(tx, tenant, offset, limit).stream()
        .map(ApplicationStore.Kept::application)
        .toList();
  }

  /** All of them, by their ids. */
  public List<Application> all(Tx tx, TenantId tenant) {
    return store.all(tx, tenant).stream().map(ApplicationStore.Kept::application).toList();
  }

  public int count(Tx tx, TenantId tenant) {
    return store.count(tx, tenant);
  }

  /** Saves changed settings; false when there is no such application. */
  public boolean save(Tx tx, TenantId tenant, Application changed) {
    requireFit(changed);
    boolean saved = store.update(tx, tenant, changed);
    forget(tenant, changed.id());
    return saved;
  }

  /** Gives it a new secret; the old one is worthless from then on. */
  public Optional<Secret> rotateSecret(Tx tx, TenantId tenant, ClientId id) {
    var secret = Secret.fresh(entropy, 256);
    boolean replaced = store.replaceSecret(tx, tenant, id, digester.digest(PURPOSE, secret));
    forget(tenant, id);
    return replaced ? Optional.of(secret) : Optional.empty();
  }

  public boolean remove(Tx tx, TenantId tenant, ClientId id) {
    boolean removed = store.delete(tx, tenant, id);
    forget(tenant, id);
    return removed;
  }

  /** Whether pages of that origin belong to one of the tenant's applications. */
  public boolean isRegisteredOrigin(TenantId tenant, String origin) {
    return origins.get(tenant, this::originsOf).contains(origin);
  }

  private Set<String> originsOf(TenantId tenant) {
    return database.read(tx -> page(tx, tenant, 0, MOST_OF_ONE_TENANT)).stream()
        .map(Application::origins)
        .flatMap(Set::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The transaction may not have committed yet; then this server reads the old state for {@link Tenants#FRESH} at most. */
  private void forget(TenantId tenant, ClientId id) {
    known.invalidate(new Key(tenant, id));
    origins.invalidate(tenant);
  }
}
