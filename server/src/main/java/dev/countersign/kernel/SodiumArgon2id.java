package dev.countersign.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * Argon2id by libsodium. Its {@code crypto_pwhash} knows one lane, salts of 16 bytes and results of at least 16 bytes;
 * Bouncy Castle computes the rest, which only imported hashes ask for.
 */
final class SodiumArgon2id implements Argon2id {
  private static final System.Logger LOG = System.getLogger(SodiumArgon2id.class.getName());

  private static final int ALG_ARGON2ID13 = 2;
  private static final int SALT = 16;
  private static final int SHORTEST = 16;

  private final MethodHandle pwhash;
  private final String origin;
  private final Argon2id others = new BouncyCastleArgon2id();

  private SodiumArgon2id(MethodHandle pwhash, String origin) {
    this.pwhash = pwhash;
    this.origin = origin;
  }

  /** The packaged library, or the one of the system; empty, with a line in the log, when neither works. */
  static Optional<SodiumArgon2id> load() {
    return NativeLibrary.candidates().stream()
        .flatMap(library -> bind(library).stream())
        .findFirst();
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static Optional<SodiumArgon2id> bind(NativeLibrary library) {
    try {
      var symbols = library.open();
      if ((int) function(symbols, "sodium_init", FunctionDescriptor.of(JAVA_INT)).invokeExact()
          < 0) {
        throw new IllegalStateException("sodium_init failed");
      }
      var signature =
          FunctionDescriptor.of(
              JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG,
              JAVA_INT);
      var bound =
          new SodiumArgon2id(function(symbols, "crypto_pwhash", signature), library.origin());
      bound.compareOnce();
      return Optional.of(bound);
    } catch (
        Throwable
            why) { // whatever keeps a native library from loading must not keep the server from
      // starting
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> "libsodium (" + library.origin() + ") is not usable: " + why);
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(
      SymbolLookup symbols, String name, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), signature);
  }

  /** A library that computes something else would lock everyone out; the smallest cost takes microseconds. */
  private void compareOnce() {
    var salt = new byte[SALT];
    var cost = new Cost(8, 1);
    if (!Arrays.equals(hash(salt, salt, cost, 32), others.hash(salt, salt, cost, 32))) {
      throw new IllegalStateException("libsodium and Bouncy Castle disagree");
    }
  }

  @Override
  public byte[] hash(byte[] input, byte[] salt, Cost cost, int length) {
    if (salt.length != SALT || length < SHORTEST || length > 1024 || cost.lanes() != 1) {
      return others.hash(input, salt, cost, length);
    }
    try (var arena = Arena.ofConfined()) {
      var hash = arena.allocate(length);
      var from = arena.allocateFrom(JAVA_BYTE, input);
      try {
        var bytes = cost.memoryKiB() * 1024L;
        var result =
            invoke(
                hash,
                from,
                input.length,
                arena.allocateFrom(JAVA_BYTE, salt),
                cost.passes(),
                bytes);
        if (result != 0) {
          throw new IllegalStateException(
              "libsodium could not get " + cost.memoryKiB() + " KiB for a password hash");
        }
        return hash.toArray(JAVA_BYTE);
      } finally {
        from.fill((byte) 0);
      }
    }
  }

  private int invoke(
      MemorySegment hash,
      MemorySegment input,
      long inputLength,
      MemorySegment salt,
      long passes,
      long bytes) {
    try {
      return (int)
          pwhash.invokeExact(
              hash, hash.byteSize(), input, inputLength, salt, passes, bytes, ALG_ARGON2ID13);
    } catch (Throwable e) { // a downcall handle declares Throwable and throws nothing
      throw new IllegalStateException("call of libsodium failed", e);
    }
  }

  @Override
  public String describe() {
    return "Argon2id by libsodium (" + origin + ")";
  }
}
