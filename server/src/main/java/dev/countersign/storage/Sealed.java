package dev.countersign.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An encrypted column value: version, key id, nonce, ciphertext with its tag. Immutable; shows only its key id.
 *
 * @param bytes as stored
 */
@SuppressWarnings("ArrayRecordComponent") // copied at both doors and compared by content
public record Sealed(byte[] bytes) {
  static final byte VERSION = 1;
  static final int NONCE = 12;
  static final int TAG = 16;

  /** Copies the bytes and refuses those that {@link Sealer} cannot have written. */
  public Sealed {
    bytes = bytes.clone();
    if (bytes.length < 2
        || bytes[0] != VERSION
        || bytes[1] < 1
        || bytes.length < 2 + bytes[1] + NONCE + TAG) {
      throw new IllegalArgumentException("not a sealed value");
    }
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The root key with which it was sealed. */
  public String keyId() {
    return new String(bytes, 2, bytes[1], US_ASCII);
  }

  static byte[] header(String keyId) {
    var header = new byte[2 + keyId.length()];
    header[0] = VERSION;
    header[1] = (byte) keyId.length();
    System.arraycopy(keyId.getBytes(US_ASCII), 0, header, 2, keyId.length());
    return header;
  }

  int headerLength() {
    return 2 + bytes[1];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sealed(var that) && MessageDigest.isEqual(bytes, that);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Sealed[" + keyId() + "]";
  }
}
