package dev.countersign.signin.password;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The hundred thousand passwords most often found in leaks, from the dictionary packaged with nbvcxz. Read at first use
 * and kept as sorted 64-bit hashes, 0.8 MB; that two texts share a hash is too unlikely to matter.
 */
final class CommonPasswords {
  private static final String RESOURCE = "/dictionaries/passwords.txt";

  private final long[] hashes;

  private CommonPasswords(long[] hashes) {
    this.hashes = hashes;
  }

  static CommonPasswords list() {
    return Loaded.LIST;
  }

  /** Whether the list has this text, given in lower case. */
  boolean contains(String text) {
    return Arrays.binarySearch(hashes, hash(text)) >= 0;
  }

  int size() {
    return hashes.length;
  }

  private static CommonPasswords load() {
    var in = CommonPasswords.class.getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new IllegalStateException(
          "The list of common passwords is not on the class path: is the jar of nbvcxz?");
    }
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      var hashes =
          lines
              .lines()
              .map(line -> line.strip().toLowerCase(Locale.ROOT))
              .mapToLong(CommonPasswords::hash);
      return new CommonPasswords(hashes.sorted().distinct().toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** FNV-1a over the UTF-16 units. */
  private static long hash(String text) {
    var hash = 0xcbf29ce484222325L;
    for (var i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** Loaded by the virtual machine when it is first asked for. */
  private static final class Loaded {
    static final CommonPasswords LIST = load();
  }
}
