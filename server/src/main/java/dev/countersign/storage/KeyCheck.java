package dev.countersign.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells at start whether the key file belongs to this database: the database keeps a fingerprint of every root key that
 * ever wrote to it, by key id. A server whose ring does not fit must not start, for it could read nothing and would
 * write what nobody else can read.
 */
public sealed interface KeyCheck {

  /** The ring fits; {@code toStore} are the fingerprints of keys that the database does not know yet. */
  record Fits(Map<String, Digest> toStore) implements KeyCheck {
    public Fits {
      toStore = Map.copyOf(toStore);
    }
  }

  /** The ring does not fit; each problem is a sentence for the operator. */
  record Unfit(List<String> problems) implements KeyCheck {
    public Unfit {
      problems = List.copyOf(problems);
    }
  }

  /** Compares the ring with the fingerprints in the database, by key id. */
  static KeyCheck of(KeyRing ring, Map<String, Digest> stored) {
    var problems = new ArrayList<String>();
    stored.forEach((id, fingerprint) -> {
      var key = ring.find(id);
      if (key.isEmpty()) {
        problems.add(
            "The key \""
                + id
                + "\", with which this database was written, is not in the key file.");
      } else if (!fingerprint(key.get()).equals(fingerprint)) {
        problems.add(
            "The key \""
                + id
                + "\" in the key file is not the one with which this database was written.");
      }
    });
    if (!problems.isEmpty()) {
      return new Unfit(problems);
    }
    var toStore = new LinkedHashMap<String, Digest>();
    for (var key : ring.newestFirst()) {
      if (!stored.containsKey(key.id())) {
        toStore.put(key.id(), fingerprint(key));
      }
    }
    return new Fits(toStore);
  }

  private static Digest fingerprint(RootKey key) {
    return Digester.mac(key, "key-check", new byte[0]);
  }
}
