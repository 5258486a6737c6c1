package dev.countersign.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.security.Security;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The keys that sign a tenant's tokens: for each algorithm in use one that signs, one that is published to sign next, and
 * those that did before, for as long as {@link #RETIRED_SHOWN}. Made when they are prepared, or else at first use. Changes happen one at a time under a
 * lock of the tenant's row, so that there is never more than one that signs. What is read is kept for {@link
 * Tenants#FRESH}, and what was
 * last known serves on while the database is away. Thread-safe.
 */
public final class SigningKeys {
  /** How long clients may keep a key set without asking again. */
  public static final Duration CLIENTS_KEEP = Duration.ofMinutes(1);

  /** How long a key is published before it may sign: longer than any cache keeps a key set without it. */
  public static final Duration PUBLISHED_AHEAD = CLIENTS_KEEP.plus(Tenants.FRESH).plusSeconds(3);

  /** How long a retired key is still published, longer than any token that it signed lives. */
  public static final Duration RETIRED_SHOWN = Duration.ofDays(30);

  private static final System.Logger LOG = System.getLogger(SigningKeys.class.getName());

  private final Database database;
  private final Sealer sealer;
  private final Entropy entropy;
  private final InstantSource clock;
  private final Executor background;
  private final SigningKeyStore store = new SigningKeyStore();
  private final Cache<TenantId, List<SigningKey>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();
  private final Cache<TenantId, List<SigningKey>> lastKnown =
      Caches.begin().maximumSize(10_000).build();
  private final Cache<MaterialKey, SigningKey.Material> opened =
      Caches.begin().maximumSize(1_000).expireAfterAccess(Duration.ofMinutes(10)).build();
  private final Map<TenantId, Object> making = new ConcurrentHashMap<>();
  private final Cache<Wanted, Boolean> prepared = Caches.begin().maximumSize(10_000).build();

  /**
   * Key objects belong to the provider that made them.
   *
   * @param provider the preferred one, which changes once when the native one is installed
   */
  private record MaterialKey(TenantId tenant, String kid, String provider) {}

  private record Wanted(TenantId tenant, SigningAlgorithm algorithm) {}

  /**
   * Serves the keys of all tenants of one database.
   *
   * @param clock dates keys by when they are kept, which may be long after they were asked for
   * @param background where keys are made ahead of their time
   */
  public SigningKeys(
      Database database, Sealer sealer, Entropy entropy, InstantSource clock, Executor background) {
    this.database = database;
    this.sealer = sealer;
    this.entropy = entropy;
    this.clock = clock;
    this.background = background;
  }

  /** What came of rotating. */
  public sealed interface Rotation {
    /** Another key signs now. */
    record Rotated(String kid) implements Rotation {}

    /** The next key was published so lately that clients may not have seen it. */
    record TooSoon(Moment until) implements Rotation {}
  }

  /** The key that signs now; the first call for a tenant and algorithm makes it, which may take a second. */
  public SigningKey current(TenantId tenant, SigningAlgorithm algorithm, Moment now) {
    return in(tenant, algorithm, SigningKey.State.CURRENT, now)
        .orElseGet(() -> first(tenant, algorithm, now));
  }

  /** The same within a transaction, which must not wait for another connection; the key has to exist. */
  public SigningKey current(Tx tx, TenantId tenant, SigningAlgorithm algorithm, Moment now) {
    var recent = known.getIfPresent(tenant);
    var keys = recent == null ? read(tx, tenant, now) : recent;
    return keys.stream()
        .filter(key -> key.algorithm() == algorithm && key.state() == SigningKey.State.CURRENT)
        .findFirst()
        .orElseThrow();
  }

  /** All keys by which a client may verify, newest first. */
  public List<SigningKey> published(TenantId tenant, Moment now) {
    return keys(tenant, now).stream().filter(key -> isShown(key, now)).toList();
  }

  /** The published key of that id. */
  public Optional<SigningKey> find(TenantId tenant, String kid, Moment now) {
    return published(tenant, now).stream().filter(key -> key.kid().equals(kid)).findFirst();
  }

  /**
   * Has what is missing made in the background, so that the first token need not wait for it. Returns at once, and costs
   * nothing after the first time.
   */
  public void prepare(TenantId tenant, SigningAlgorithm algorithm) {
    var wanted = new Wanted(tenant, algorithm);
    if (prepared.asMap().putIfAbsent(wanted, true) == null) {
      background.execute(() -> {
        try {
          current(tenant, algorithm, now());
        } catch (StorageException e) {
          prepared.invalidate(wanted);
          LOG.log(
              System.Logger.Level.WARNING,
              "the first signing key waits for the first token: {0}",
              e.getMessage());
        }
      });
    }
  }

  /**
   * Lets the next key sign and publishes one to follow it.
   *
   * @param alongside what has to be saved with it, such as an audit event
   */
  public Rotation rotate(TenantId tenant, SigningAlgorithm algorithm, Database.Deed alongside) {
    current(tenant, algorithm, now());
    var following = made(tenant, algorithm, SigningKey.State.NEXT);
    var rotation =
        database.write(tx -> {
          store.lock(tx, tenant);
          var now = now();
          var next = store.in(tx, tenant, algorithm, SigningKey.State.NEXT);
          if (next.isEmpty()) {
            store.insert(tx, tenant, following.keptAt(now));
            return new Rotation.TooSoon(now.plus(PUBLISHED_AHEAD));
          }
          var usableFrom = next.get().createdAt().plus(PUBLISHED_AHEAD);
          if (now.isBefore(usableFrom)) {
            return new Rotation.TooSoon(usableFrom);
          }
          promote(tx, tenant, algorithm, next.get(), now);
          store.insert(tx, tenant, following.keptAt(now));
          alongside.in(tx);
          return new Rotation.Rotated(next.get().kid());
        });
    known.invalidate(tenant);
    return rotation;
  }

  private void promote(
      Tx tx, TenantId tenant, SigningAlgorithm algorithm, SigningKeyStore.Stored next, Moment now) {
    var current = store.in(tx, tenant, algorithm, SigningKey.State.CURRENT).orElseThrow();
    boolean moved =
        store.move(
                tx, tenant, current.kid(), SigningKey.State.CURRENT, SigningKey.State.RETIRED, now)
            && store.move(
                tx, tenant, next.kid(), SigningKey.State.NEXT, SigningKey.State.CURRENT, null);
    if (!moved) {
      throw StorageException.overtaken("rotation of signing keys");
    }
  }

  private SigningKey first(TenantId tenant, SigningAlgorithm algorithm, Moment now) {
    synchronized (making.computeIfAbsent(tenant, _ -> new Object())) {
      var meanwhile = in(tenant, algorithm, SigningKey.State.CURRENT, now);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      known.invalidate(tenant);
      if (in(tenant, algorithm, SigningKey.State.CURRENT, now).isEmpty()) {
        keepUnlessThere(tenant, made(tenant, algorithm, SigningKey.State.CURRENT));
        background.execute(() -> next(tenant, algorithm));
      }
      return in(tenant, algorithm, SigningKey.State.CURRENT, now).orElseThrow();
    }
  }

  private void next(TenantId tenant, SigningAlgorithm algorithm) {
    try {
      keepUnlessThere(tenant, made(tenant, algorithm, SigningKey.State.NEXT));
    } catch (StorageException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the next signing key waits for the rotation: {0}",
          e.getMessage());
    }
  }

  private void keepUnlessThere(TenantId tenant, SigningKeyStore.Stored key) {
    database.run(tx -> {
      store.lock(tx, tenant);
      if (store.in(tx, tenant, key.algorithm(), key.state()).isEmpty()) {
        store.insert(tx, tenant, key.keptAt(now()));
      }
    });
    known.invalidate(tenant);
  }

  private Optional<SigningKey> in(
      TenantId tenant, SigningAlgorithm algorithm, SigningKey.State state, Moment now) {
    for (var key : keys(tenant, now)) {
      if (key.algorithm() == algorithm && key.state() == state) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  private List<SigningKey> keys(TenantId tenant, Moment now) {
    var kept = known.getIfPresent(tenant);
    if (kept != null) {
      return kept;
    }
    try {
      var read = database.read(tx -> read(tx, tenant, now));
      known.put(tenant, read);
      lastKnown.put(tenant, read);
      return read;
    } catch (StorageException.Unavailable e) {
      return Optional.ofNullable(lastKnown.getIfPresent(tenant)).orElseThrow(() -> e);
    }
  }

  private List<SigningKey> read(Tx tx, TenantId tenant, Moment now) {
    return store.all(tx, tenant, now.minus(RETIRED_SHOWN)).stream()
        .map(row -> usable(tenant, row))
        .toList();
  }

  private static boolean isShown(SigningKey key, Moment now) {
    var retired = key.retiredAt();
    return retired == null || !now.reached(retired.plus(RETIRED_SHOWN));
  }

  private SigningKey usable(TenantId tenant, SigningKeyStore.Stored row) {
    var material =
        opened.get(
            new MaterialKey(tenant, row.kid(), Security.getProviders()[0].getName()),
            key -> open(key, row));
    return new SigningKey(row.kid(), material, row.state(), row.createdAt(), row.retiredAt());
  }

  private SigningKey.Material open(MaterialKey key, SigningKeyStore.Stored row) {
    try {
      return SigningKey.Material.of(
          JWK.parse(sealer.openSecret(place(key.tenant(), row.kid()), row.privateJwk()).reveal()));
    } catch (ParseException e) {
      throw new IllegalStateException("a stored signing key is malformed: " + row.kid(), e);
    }
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }

  private SigningKeyStore.Stored made(
      TenantId tenant, SigningAlgorithm algorithm, SigningKey.State state) {
    var kid = Ids.fresh("", entropy);
    var key = generated(algorithm, kid);
    var sealed = sealer.seal(place(tenant, kid), Secret.of(key.toJSONString()));
    return new SigningKeyStore.Stored(
        kid, algorithm, state, key.toPublicJWK().toJSONString(), sealed, now(), null);
  }

  private static JWK generated(SigningAlgorithm algorithm, String kid) {
    try {
      return switch (algorithm) {
        case RS256 ->
            new RSAKeyGenerator(2048)
                .keyID(kid)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .generate();
        case ES256 ->
            new ECKeyGenerator(Curve.P_256)
                .keyID(kid)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .generate();
      };
    } catch (JOSEException e) {
      throw new IllegalStateException("no key could be made", e);
    }
  }

  private static Place place(TenantId tenant, String kid) {
    return new Place(tenant, "signing_keys", "private_jwk", kid);
  }
}
