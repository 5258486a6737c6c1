package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One root key of 256 bits. It is never used itself: each purpose has a key of its own, derived by HKDF-SHA-256 (RFC
 * 5869), so that what one purpose gives away tells nothing about another.
 */
final class RootKey {
  static final int BYTES = 32;

  private final String id;
  private final SecretKey root;
  private final Map<String, SecretKey> derived = new ConcurrentHashMap<>();

  RootKey(String id, byte[] root) {
    this.id = id;
    this.root = new SecretKeySpec(root, "Generic");
  }

  String id() {
    return id;
  }

  byte[] encoded() {
    return root.getEncoded();
  }

  /** Purposes are constants of the code, so what is remembered stays small. */
  SecretKey derive(String purpose, String algorithm) {
    return derived.computeIfAbsent(algorithm + ":" + purpose, _ -> derived(purpose, algorithm));
  }

  private SecretKey derived(String purpose, String algorithm) {
    try {
      var info = ("countersign/1/" + purpose).getBytes(UTF_8);
      var expand = HKDFParameterSpec.ofExtract().addIKM(root).thenExpand(info, BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, expand);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of every JDK since 25", e);
    }
  }

  @Override
  public String toString() {
    return "RootKey[" + id + "]";
  }
}
