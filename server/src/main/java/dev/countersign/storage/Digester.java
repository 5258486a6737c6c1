package dev.countersign.storage;

import dev.countersign.kernel.Secret;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;

/**
 * Turns codes and tokens into {@link Digest}s: HMAC-SHA-256 under a key of the ring, another one for each purpose. So a
 * copy of the database does not allow guessing short codes, and a digest of one purpose is worthless in another.
 * Thread-safe.
 */
public final class Digester {
  private final KeyRing ring;

  public Digester(KeyRing ring) {
    this.ring = ring;
  }

  /** The digest to store, under the newest key. {@code purpose} is a constant such as {@code "refresh-token"}. */
  public Digest digest(String purpose, Secret secret) {
    return mac(ring.newest(), "digest/" + purpose, secret.bytes());
  }

  /** The digests by which a row may be found, the newest key's first: a row may be older than the newest key. */
  public List<Digest> candidates(String purpose, Secret secret) {
    return ring.newestFirst().stream()
        .map(key -> mac(key, "digest/" + purpose, secret.bytes()))
        .toList();
  }

  /** Whether {@code stored} is the digest of {@code secret} for this purpose under any key of the ring. */
  public boolean matches(String purpose, Secret secret, Digest stored) {
    return candidates(purpose, secret).contains(stored);
  }

  static Digest mac(RootKey key, String purpose, byte[] input) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key.derive(purpose, "HmacSHA256"));
      return Digest.of(mac.doFinal(input));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }
}
