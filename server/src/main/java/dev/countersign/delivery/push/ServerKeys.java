package dev.countersign.delivery.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.text.ParseException;
import java.util.Base64;

/**
 * The key by which push services know a tenant (RFC 8292), made when it is first asked for. Subscriptions are bound to
 * it, so it never changes. Thread-safe.
 */
public final class ServerKeys {
  private final Database database;
  private final Sealer sealer;
  private final ServerKeyStore store = new ServerKeyStore();
  private final Cache<TenantId, ServerKey> known = Caches.begin().maximumSize(10_000).build();

  /** One of them. */
  public record ServerKey(ECKey pair) {
    /** As browsers and push services want it: the point uncompressed, base64url (RFC 8292 section 3.2). */
    public String publicKey() {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(WebPush.point(pair));
    }

    /** Says nothing of the private half. */
    @Override
    public String toString() {
      return "ServerKey[" + publicKey() + "]";
    }
  }

  public ServerKeys(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  public ServerKey of(TenantId tenant, Moment now) {
    var kept = known.getIfPresent(tenant);
    if (kept != null) {
      return kept;
    }
    var found = database.write(tx -> read(tx, tenant, now));
    known.put(tenant, found);
    return found;
  }

  private ServerKey read(Tx tx, TenantId tenant, Moment now) {
    var sealed = store.find(tx, tenant);
    if (sealed.isPresent()) {
      return parsed(sealer.openSecret(place(tenant), sealed.get()));
    }
    var fresh = new ServerKey(fresh());
    store.insert(
        tx,
        tenant,
        fresh.publicKey(),
        sealer.seal(place(tenant), Secret.of(fresh.pair().toJSONString())),
        now);
    return fresh;
  }

  private static ServerKey parsed(Secret document) {
    try {
      return new ServerKey(ECKey.parse(document.reveal()));
    } catch (ParseException e) {
      throw new IllegalStateException("a stored push key is malformed", e);
    }
  }

  static ECKey fresh() {
    try {
      return new ECKeyGenerator(Curve.P_256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("no key could be made", e);
    }
  }

  private static Place place(TenantId tenant) {
    return new Place(tenant, "push_keys", "document", tenant.value());
  }
}
