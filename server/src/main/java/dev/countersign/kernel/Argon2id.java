package dev.countersign.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The Argon2id function, version 0x13 (RFC 9106), without secret and associated data. All implementations give the same
 * bytes for the same input. Safe for use by many threads.
 */
public sealed interface Argon2id permits BoundedArgon2id, BouncyCastleArgon2id, SodiumArgon2id {

  /** RFC 9106 section 3.1: the salt must have at least 8 bytes. */
  int MIN_SALT = 8;

  /** RFC 9106 section 3.1: the result must have at least 4 bytes. */
  int MIN_LENGTH = 4;

  /**
   * Computes the hash. Takes milliseconds of one core and {@code cost.memoryKiB()} of memory.
   *
   * @param length bytes wanted, 4 to 1024
   * @throws IllegalArgumentException when salt or length are out of bounds
   */
  byte[] hash(byte[] input, byte[] salt, Cost cost, int length);

  /** What runs, in words for the log. */
  String describe();

  /**
   * The quickest implementation that works on this machine, on all cores but one at a time. Chosen by the first
   * computation, which loads a native library.
   */
  static Argon2id best() {
    return BestArgon2id.INSTANCE;
  }

  /** Every implementation that works on this machine, the quickest first, not bounded in number of computations. */
  static List<Argon2id> all() {
    var found = new ArrayList<Argon2id>();
    SodiumArgon2id.load().ifPresent(found::add);
    found.add(new BouncyCastleArgon2id());
    return List.copyOf(found);
  }

  /**
   * What one computation costs. The upper bounds keep an imported hash from stopping the server.
   *
   * @param memoryKiB at least 8 for each lane, at most 1 GiB
   * @param passes 1 to 64
   * @param lanes 1 to 16
   */
  record Cost(int memoryKiB, int passes, int lanes) {
    public Cost {
      if (lanes < 1
          || lanes > 16
          || passes < 1
          || passes > 64
          || memoryKiB < 8 * lanes
          || memoryKiB > 1 << 20) {
        throw new IllegalArgumentException(
            "Argon2id cost out of bounds: m=" + memoryKiB + ",t=" + passes + ",p=" + lanes);
      }
    }

    public Cost(int memoryKiB, int passes) {
      this(memoryKiB, passes, 1);
    }

    /** Block computations, the measure of the work an attacker must do per guess. */
    public long work() {
      return (long) memoryKiB * passes;
    }
  }
}
