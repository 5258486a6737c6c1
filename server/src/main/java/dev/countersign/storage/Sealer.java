package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts column values with AES-256-GCM under a key of their column, bound to their {@link Place}. The nonces are
 * random, 96 bits (NIST SP 800-38D section 8.2.2), which allows 2^32 values for each column and root key. Thread-safe.
 */
public final class Sealer {
  private final KeyRing ring;
  private final Entropy entropy;

  public Sealer(KeyRing ring, Entropy entropy) {
    this.ring = ring;
    this.entropy = entropy;
  }

  /** Seals under the newest key. */
  public Sealed seal(Place place, byte[] plain) {
    var key = ring.newest();
    var header = Sealed.header(key.id());
    var nonce = entropy.bytes(Sealed.NONCE);
    var envelope = ByteBuffer.allocate(header.length + nonce.length + plain.length + Sealed.TAG);
    envelope.put(header).put(nonce);
    try {
      envelope.put(cipher(Cipher.ENCRYPT_MODE, key, place, header, nonce).doFinal(plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to encrypt", e);
    }
    return new Sealed(envelope.array());
  }

  /** Seals a text, as UTF-8. */
  public Sealed seal(Place place, Secret plain) {
    return seal(place, plain.bytes());
  }

  /**
   * Opens what was sealed at this place, under any key of the ring.
   *
   * @throws KeyException when the ring lacks the key, or the value was changed, moved, or sealed under another key
   */
  public byte[] open(Place place, Sealed sealed) {
    var id = sealed.keyId();
    var key =
        ring.find(id)
            .orElseThrow(() ->
                new KeyException(
                    place + " was sealed with key \"" + id + "\", which the key file lacks"));
    var envelope = sealed.bytes();
    var from = sealed.headerLength();
    var header = Arrays.copyOf(envelope, from);
    var nonce = Arrays.copyOfRange(envelope, from, from + Sealed.NONCE);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, place, header, nonce)
          .doFinal(envelope, from + Sealed.NONCE, envelope.length - from - Sealed.NONCE);
    } catch (AEADBadTagException e) {
      throw new KeyException(
          place
              + " cannot be opened: it was changed or moved, or key \""
              + id
              + "\" is not the one it was sealed with",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to decrypt", e);
    }
  }

  /** Opens a text. */
  public Secret openSecret(Place place, Sealed sealed) {
    return Secret.of(new String(open(place, sealed), UTF_8));
  }

  /** Whether it was sealed under the newest key; otherwise whoever writes the row next seals it anew. */
  public boolean isCurrent(Sealed sealed) {
    return sealed.keyId().equals(ring.newest().id());
  }

  private static Cipher cipher(int mode, RootKey key, Place place, byte[] header, byte[] nonce)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, key.derive(place.purpose(), "AES"), new GCMParameterSpec(8 * Sealed.TAG, nonce));
    cipher.updateAAD(place.associated(header));
    return cipher;
  }
}
