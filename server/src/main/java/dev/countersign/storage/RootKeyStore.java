package dev.countersign.storage;

import java.util.HashMap;
import java.util.Map;

/** The table {@code root_keys}. */
final class RootKeyStore {
  Map<String, Digest> all(Tx tx) {
    var found = new HashMap<String, Digest>();
    tx.sql("select key_id, fingerprint from root_keys")
        .list(row -> found.put(row.text("key_id"), new Digest(row.text("fingerprint"))) == null);
    return found;
  }

  void insert(Tx tx, String keyId, Digest fingerprint) {
    tx.sql("insert into root_keys (key_id, fingerprint) values (:id, :fingerprint)")
        .set("id", keyId)
        .set("fingerprint", fingerprint)
        .update();
  }
}
