package dev.countersign.outbound;

import dev.countersign.kernel.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A certificate with its key, for servers that ask who calls (RFC 8446 section 4.3.2). Prints nothing of it. Immutable. */
public final class Identity {
  private static final char[] NO_PASSWORD = {};

  private final String digest;
  private final KeyManagerFactory keys;

  private Identity(String digest, KeyManagerFactory keys) {
    this.digest = digest;
    this.keys = keys;
  }

  /** What a file in PKCS #12 (RFC 7292) holds, written in base 64, without a password; nothing when there is no key in it. */
  public static Optional<Identity> ofPkcs12(Secret base64) {
    try {
      var file = Base64.getMimeDecoder().decode(base64.reveal());
      var store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), NO_PASSWORD);
      boolean whole = false;
      for (var alias : Collections.list(store.aliases())) {
        whole |= store.isKeyEntry(alias);
      }
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      var digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
      return whole ? Optional.of(new Identity(digest, keys)) : Optional.empty();
    } catch (GeneralSecurityException | IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  KeyManager[] keys() {
    return keys.getKeyManagers();
  }

  /** The same for the same file. */
  String digest() {
    return digest;
  }

  @Override
  public String toString() {
    return "Identity";
  }
}
